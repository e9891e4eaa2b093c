import { describe, expect, it } from 'vitest'
import { filesUnder, lineOf, type SourceFile } from './source-files.ts'

/** Where a kind of record is given its schema: `{ kind: 'ring', schema: ... }`. */
const kindsIn = ({ path, text }: SourceFile) =>
  [...text.matchAll(/\bkind: '([a-z-]+)',\s*schema\b/g)].map(([, kind = '']) => ({ kind, path }))

/** Kinds whose schema stands in more than one file, with the files. */
function declaredTwice(files: readonly SourceFile[]): string[] {
  const places = Map.groupBy(files.flatMap(kindsIn), ({ kind }) => kind)
  return [...places]
    .map(([kind, found]) => ({ kind, paths: [...new Set(found.map(({ path }) => path))] }))
    .filter(({ paths }) => paths.length > 1)
    .map(({ kind, paths }) => `${kind}: ${paths.join(', ')}`)
}

/** Prefixes of partition and sort keys as they would stand in a text: `CHANGE#`, `RING#`. */
const rawKeysIn = ({ path, text }: SourceFile) =>
  [...text.matchAll(/['"`]([A-Z][A-Z-]+#)/g)].map(({ index, 1: prefix }) => `${path}:${lineOf(text, index)} ${prefix}`)

const product = ['functions', 'cli', 'local', 'simulator', 'infra']

describe('records', () => {
  it('a kind of record has its schema in one file', () => {
    expect(declaredTwice(filesUnder(product, '.ts'))).toEqual([])
  })

  it('a second schema for a kind is a fault', () => {
    const record = (path: string) => ({ path, text: "export const R = { kind: 'ring', schema: z.object({}) }" })
    expect(declaredTwice([record('functions/rollout/ring.ts'), record('functions/driver/x.ts')])).toEqual([
      'ring: functions/rollout/ring.ts, functions/driver/x.ts',
    ])
  })

  it('keys and key prefixes stand in kit/keys.ts', () => {
    const others = filesUnder(product, '.ts').filter(({ path }) => path !== 'functions/kit/keys.ts')
    expect(others.map((file) => ({ ...file, text: withoutComments(file.text) })).flatMap(rawKeysIn)).toEqual([])
  })

  it('a prefix written elsewhere is a fault', () => {
    expect(rawKeysIn({ path: 'functions/console/x.ts', text: 'ledger.query(RingRecord, `CHANGE#${id}`)' })).toEqual([
      'functions/console/x.ts:1 CHANGE#',
    ])
  })
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/[^\n]*/gm, (match) => match.replace(/[^\n]/g, ''))
}
