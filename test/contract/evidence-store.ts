/** What every evidence store must do; run on the ones in memory, in a directory, and on S3. */
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { EvidenceStore, Files } from '../../functions/evidence/ports.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined) => value && new TextDecoder().decode(value)

/** `prefix` keeps one run apart from another where the store outlives the run. */
export function evidenceStoreContract(makeStore: () => EvidenceStore & Files, prefix = 'v1/') {
  it('reads nothing where nothing was written', async () => {
    expect(await makeStore().read(`${prefix}none`)).toBeUndefined()
  })

  it("I9 creates once: the second writer is told, and the first one's bytes stand", async () => {
    const store = makeStore()
    expect(await store.create(`${prefix}leaf/a=1/one.json`, bytes('first'))).toBe('created')
    expect(await store.create(`${prefix}leaf/a=1/one.json`, bytes('other'))).toBe('exists')
    expect(await store.create(`${prefix}leaf/a=1/one.json`, bytes('first'))).toBe('exists')
    expect(text(await store.read(`${prefix}leaf/a=1/one.json`))).toBe('first')
  })

  it('of many who create at once, one does', async () => {
    const store = makeStore()
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, writer) => store.create(`${prefix}race`, bytes(`writer ${writer}`))),
    )
    expect(results.filter((result) => result === 'created')).toHaveLength(1)
  })

  it('replaces what is as expected, and nothing else', async () => {
    const store = makeStore()
    const path = `${prefix}tlog/checkpoint`
    expect(await store.replace(path, bytes('two'), bytes('one'))).toBe('changed')
    expect(await store.replace(path, bytes('one'), undefined)).toBe('replaced')
    expect(await store.replace(path, bytes('other'), undefined)).toBe('changed')
    expect(await store.replace(path, bytes('two'), bytes('one'))).toBe('replaced')
    expect(await store.replace(path, bytes('late'), bytes('one'))).toBe('changed')
    expect(text(await store.read(path))).toBe('two')
  })

  it('keeps every byte', async () => {
    const store = makeStore()
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    await store.create(`${prefix}bytes`, all)
    await store.create(`${prefix}empty`, new Uint8Array(0))
    expect(Uint8Array.from((await store.read(`${prefix}bytes`)) ?? [])).toEqual(all)
    expect((await store.read(`${prefix}empty`))?.length).toBe(0)
  })

  it('gives the SHA-256 of many files at once, where it can', async () => {
    const store = makeStore()
    const contents = [bytes(''), bytes('one'), new Uint8Array(65_536).fill(1), new Uint8Array(300_001).fill(2)]
    const paths = contents.map((_, at) => `${prefix}many/${at}`)
    for (const [at, path] of paths.entries()) await store.create(path, contents[at] ?? bytes(''))
    const expected = contents.map((content) => createHash('sha256').update(content).digest('hex'))
    if (store.digests)
      expect(await store.digests([...paths, `${prefix}many/none`, `${prefix}many`])).toEqual([
        ...expected,
        undefined,
        undefined,
      ])
    else expect(store.digests).toBeUndefined()
  })

  it('lists the paths under a prefix', async () => {
    const store = makeStore()
    for (const path of ['x/b/001.p/2', 'x/b/000', 'x/a', 'y/a'])
      await store.create(`${prefix}list/${path}`, bytes(path))
    expect((await store.list(`${prefix}list/x/`)).toSorted()).toEqual(
      ['x/a', 'x/b/000', 'x/b/001.p/2'].map((path) => `${prefix}list/${path}`),
    )
    expect(await store.list(`${prefix}list/z/`)).toEqual([])
  })

  it('reads nothing where only a folder stands', async () => {
    const store = makeStore()
    await store.create(`${prefix}folder/file`, bytes('file'))
    expect(await store.read(`${prefix}folder`)).toBeUndefined()
  })
}
