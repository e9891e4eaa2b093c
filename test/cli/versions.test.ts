import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runVerb } from './run-verb.ts'

const directory = mkdtempSync(join(tmpdir(), 'drydock-versions-'))
const file = join(directory, 'input.json')
afterAll(() => rmSync(directory, { recursive: true }))

const compare = (...words: string[]) => runVerb('versions', 'compare', ...words)

describe('11.7 drydock versions compare', () => {
  it('tells order and fix of many pairs as one document', async () => {
    const pairs = [
      ['1:1.0-1', '2.0-1'],
      ['1.0~rc1-1', '1.0-1'],
      ['2.0', '2.0-1'],
    ]
    writeFileSync(file, JSON.stringify({ scheme: 'rpm', pairs }))
    const { status, stdout } = await compare('--input', file, '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      scheme: 'rpm',
      results: [
        { installed: '1:1.0-1', fixed: '2.0-1', order: 1, state: 'unknown' },
        { installed: '1.0~rc1-1', fixed: '1.0-1', order: -1, state: 'not-fixed' },
        { installed: '2.0', fixed: '2.0-1', order: -1, state: 'unknown' },
      ],
    })
  })

  it('says two versions in words', async () => {
    const { stdout } = await compare('--scheme', 'windows', '10.0.17763.5458', '10.0.17763.5329')
    expect(stdout).toMatch(/10\.0\.17763\.5458 {2}newer {2}10\.0\.17763\.5329 {2}fixed/)
  })

  it.each([
    ['another scheme', ['--scheme', 'npm', '1', '2'], 'Allowed choices are deb, rpm, windows'],
    ['one version', ['--scheme', 'deb', '1'], 'two versions'],
    ['a file that is not there', ['--input', join(directory, 'none.json')], 'cannot be read'],
  ])('refuses %s, and exits 64', async (_, words, said) => {
    const { status, stderr, stdout } = await compare(...words)
    expect([status, stdout]).toEqual([64, ''])
    expect(stderr).toContain(said)
  })
})
