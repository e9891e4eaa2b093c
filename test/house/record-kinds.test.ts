import { describe, expect, it } from 'vitest'
import { recordKinds } from '../../functions/migrations/schemas.ts'
import { filesUnder } from './source-files.ts'

const declared = /RecordKind<[\s\S]*?>\s*=\s*\{\s*kind: '([a-z-]+)'/g

/** Kinds of record that a source declares. */
const kindsIn = (text: string) => [...text.matchAll(declared)].map(([, kind = '']) => kind)

describe('kinds of record', () => {
  it('every one has its schema in functions/migrations/schemas.ts, so that a migration can check it', () => {
    const known = new Set(recordKinds.map(({ kind }) => kind))
    const missing = filesUnder(['functions'], '.ts').flatMap(({ path, text }) =>
      kindsIn(text).flatMap((kind) => (known.has(kind) ? [] : [`${kind} of ${path}`])),
    )
    expect(missing).toEqual([])
  })

  it('finds a declaration on one line and on several', () => {
    expect(kindsIn("const A: RecordKind<A> = { kind: 'a', schema: A }")).toEqual(['a'])
    expect(kindsIn("const B: RecordKind<{\n  x: string\n}> = {\n  kind: 'b-c',\n  schema }")).toEqual(['b-c'])
  })
})
