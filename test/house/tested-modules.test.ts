import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Modules of functions/ that decide something and that no test imports. */
const untestedIn = (directory: string): readonly string[] =>
  execFileSync(process.execPath, ['tools/figures.ts', '--untested', directory], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.startsWith('functions/'))

describe('modules with a decision', () => {
  it('each have a test that imports them', () => {
    expect(untestedIn(root)).toEqual([])
  }, 60_000)

  it('finds a planted module that no test imports', () => {
    const planted = mkdtempSync(join(tmpdir(), 'drydock-untested-'))
    const plant = (path: string, text: string) => {
      mkdirSync(join(planted, dirname(path)), { recursive: true })
      writeFileSync(join(planted, path), text)
    }
    try {
      for (const name of ['tested', 'untested'])
        plant(`functions/kit/${name}.ts`, 'export const is = (a?: boolean) => a ?? true\n')
      plant('functions/kit/plain.ts', 'export const one = 1\n')
      plant('functions/kit/ports.ts', 'export const is = (a?: boolean) => a ?? true\n')
      plant('test/functions/kit/tested.test.ts', "import { is } from '../../../functions/kit/tested.ts'\n")
      expect(untestedIn(planted)).toEqual(['functions/kit/untested.ts'])
    } finally {
      rmSync(planted, { recursive: true })
    }
  }, 60_000)
})
