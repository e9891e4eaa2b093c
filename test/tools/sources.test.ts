import { appendFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { isSource, sourcesName } from '../../tools/sources.ts'

const paths = [
  'documents/scripts/common.sh',
  'functions/kit/json.ts',
  'infra/app.ts',
  'policy/policy.yaml',
  'statemachines/change.asl.json',
  'tools/sources.ts',
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'node_modules/.package-lock.json',
]

describe('sourcesName', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sources-'))
    for (const path of paths) {
      mkdirSync(join(root, dirname(path)), { recursive: true })
      writeFileSync(join(root, path), path)
    }
  })

  it('is the same for the same sources, wherever they are', () => {
    const other = mkdtempSync(join(tmpdir(), 'sources-'))
    cpSync(root, other, { recursive: true })
    expect(sourcesName('', other)).toBe(sourcesName('', root))
    expect(sourcesName('', root)).toMatch(/^[0-9a-f]{24}$/)
  })

  it.each(paths)('is another after a change of %s', (path) => {
    const before = sourcesName('', root)
    appendFileSync(join(root, path), '.')
    expect(sourcesName('', root)).not.toBe(before)
  })

  it('is another for another name, for a new file and for another context', () => {
    const before = sourcesName('', root)
    expect(sourcesName('context', root)).not.toBe(before)
    renameSync(join(root, 'infra/app.ts'), join(root, 'infra/apq.ts'))
    const renamed = sourcesName('', root)
    expect(renamed).not.toBe(before)
    writeFileSync(join(root, 'functions/new.ts'), '')
    expect([before, renamed]).not.toContain(sourcesName('', root))
  })

  it.each(paths)('counts %s as a source', (path) => expect(isSource(path)).toBe(true))
  it.each(['README.md', 'test/tools/sources.test.ts', 'node_modules/zod/index.js'])('does not count %s', (path) =>
    expect(isSource(path)).toBe(false),
  )
})
