import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../functions/evidence/bytes.ts'
import { createLeaf, createOnce, publishBatch } from '../../../functions/evidence/publish.ts'
import { checkpointPath } from '../../../functions/evidence/tiles.ts'
import { anyArchive, anyLog } from './any-log.ts'

const sizeIn = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes).split('\n')[1]

describe('F41 createOnce', () => {
  it('writes an object once, and takes the same bytes again for done', async () => {
    const ports = anyArchive([])
    for (let times = 0; times < 2; times++) expect(await createOnce('a', utf8('one'), ports)).toEqual(utf8('one'))
    expect(ports.counted).toEqual([])
  })

  it('overwrites nothing, counts the collision, and says how they differ', async () => {
    const ports = anyArchive([])
    await createOnce('a', utf8('one'), ports)
    await expect(createOnce('a', utf8('other'), ports)).rejects.toThrow(/DD2101.*3 bytes there, 5 of ours/)
    expect([ports.counted, ports.store.objects.get('a')]).toEqual([['EvidenceCollision'], utf8('one')])
  })
})

describe('F41 createLeaf', () => {
  it('refuses a leaf that says something else under the same path', async () => {
    const ports = anyArchive([])
    await createLeaf('leaf', utf8('{"a":1}'), ports)
    await expect(createLeaf('leaf', utf8('{"a":2}'), ports)).rejects.toThrow(/DD2101/)
  })
})

describe('8.1 publishBatch', () => {
  it('changes nothing by publishing a second time', async () => {
    const made = await anyLog([3])
    const head = (await made.logHead.read()).head
    const before = [...made.store.objects]
    await publishBatch(head, made)
    expect([...made.store.objects]).toEqual(before)
  })

  it('leaves a larger checkpoint standing when an older batch comes late', async () => {
    const made = await anyLog([3])
    const late = (await made.logHead.read()).head
    const more = await anyLog([3, 2])
    await publishBatch(late, more)
    expect(sizeIn(more.store.objects.get(checkpointPath))).toBe('5')
  })

  it('refuses to sign where the files do not lead to the root of the head', async () => {
    const made = await anyLog([3])
    const head = (await made.logHead.read()).head
    await expect(publishBatch({ ...head, root: '0'.repeat(64) }, made)).rejects.toThrow(/DD2102.*lead to root/)
  })
})
