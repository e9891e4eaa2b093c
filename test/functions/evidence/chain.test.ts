import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { archive } from '../../../functions/evidence/archive.ts'
import { decodeBundle, decodeEntry, type Entry, encodeEntry } from '../../../functions/evidence/bundle.ts'
import { toHex, utf8, utf8Text } from '../../../functions/evidence/bytes.ts'
import { claimBatch, emptyHead } from '../../../functions/evidence/head.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import { hashLeaf } from '../../../functions/evidence/merkle.ts'
import type { EvidenceRecord } from '../../../functions/kit/ledger.ts'
import { anyArchive, anyRecord, changeA, verifyLog } from './any-log.ts'

const ofA = (number: number, change: Partial<EvidenceRecord> = {}) =>
  anyRecord(number, { changeId: changeA, ...change })
const ofNone = (number: number) => anyRecord(number, { changeId: 'none' })
const hashOf = (entry: Entry) => toHex(hashLeaf(sha256, encodeEntry(entry)))

type Made = ReturnType<typeof anyArchive>
async function entriesOf({ store }: Made): Promise<readonly Entry[]> {
  const paths = [...store.objects.keys()].filter((path) => path.startsWith('v1/tlog/tile/entries/')).toSorted()
  const widest = paths
    .toSorted((left, right) => Number(left.split('/').at(-1)) - Number(right.split('/').at(-1)))
    .at(-1)
  const bundle = store.objects.get(widest ?? '') ?? new Uint8Array(0)
  return decodeBundle(bundle).entries.flatMap((bytes) => decodeEntry(bytes) ?? [])
}

describe('8.4 the chain of a change', () => {
  it('numbers its leaves, counts them where it ends, and starts anew after that', async () => {
    const made = anyArchive([ofA(0), ofNone(1), ofA(2)])
    await archive(made)
    made.outbox.add([ofA(3, { closes: true }), ofA(4), ofA(5, { closes: true })])
    await archive(made)
    const entries = await entriesOf(made)
    const follows = (index: number) => ({ hash: hashOf(entries[index] ?? { path: '', sha256: '' }), index })
    expect(entries.map(({ link }) => link)).toEqual([
      { chain: 'change', number: 1 },
      undefined,
      { chain: 'change', number: 2, previous: follows(0) },
      { chain: 'change', number: 3, previous: follows(2), count: 3 },
      { chain: 'after', number: 1, previous: follows(3) },
      { chain: 'after', number: 2, previous: follows(4) },
    ])
    expect(await verifyLog(made.store)).toMatchObject({ ok: true, size: 6 })
  })

  it('keeps its head where a late archiver would move it back', async () => {
    const { chainHeads } = anyArchive([])
    const head = (index: number) =>
      ({
        schemaVersion: 1,
        changeId: changeA,
        chain: 'change',
        number: 1,
        isClosed: false,
        hash: 'ab'.repeat(32),
        index,
      }) as const
    await chainHeads.advance(head(7))
    await chainHeads.advance(head(3))
    expect(await chainHeads.read(changeA)).toEqual(head(7))
  })
})

describe('8.4 an entry', () => {
  const path = leafPath(ofA(1))
  const link = { chain: 'change', number: 2, previous: { hash: 'cd'.repeat(32), index: 7 }, count: 2 } as const
  const entry = { path, sha256: 'ab'.repeat(32), link }
  const text = utf8Text(encodeEntry(entry)) ?? ''

  it.each([
    ['with all of its link', entry],
    ['that is the first', { ...entry, link: { chain: 'change', number: 1 } as const }],
    ['without a link', { path, sha256: entry.sha256 }],
  ])('%s is read back as it was', (_, made) => {
    expect(decodeEntry(encodeEntry(made))).toEqual(made)
    expect(JSON.parse(utf8Text(encodeEntry(made)) ?? '')).toMatchObject({ path })
  })

  it.each([
    ['a leading zero', text.replace('"number":2', '"number":02')],
    ['number 0', text.replace('"number":2', '"number":0')],
    ['16 digits', text.replace('"number":2', `"number":${'1'.repeat(16)}`)],
    ['another chain', text.replace('"change"', '"other"')],
    ['a space', text.replace('","', '", "')],
    ['another order', text.replace(/("count":2),("number":2)/, '$2,$1')],
    ['upper case', text.replace('cd', 'CD')],
    ['a field more', text.replace('"sha256"', '"more":1,"sha256"')],
    ['no chain', text.replace('"chain":"change",', '')],
    ['a new line', `${text}\n`],
  ])('with %s is none', (_, other) => {
    expect(other).not.toBe(text)
    expect(decodeEntry(utf8(other))).toBeUndefined()
  })
})

describe('11.10 a whole log', () => {
  /** A log whose head was signed with these links, as an archiver at fault would. */
  async function logOf(links: readonly (Entry['link'] | undefined)[], changeId = changeA) {
    const records = links.map((_, number) => anyRecord(number, { changeId }))
    const good = anyArchive(records)
    await archive(good)
    const plain = (await entriesOf(good)).map(({ path, sha256: digest }) => ({ path, sha256: digest }))
    const batch = plain.map((entry, at) => ({
      leafId: records[at]?.leafId ?? '',
      ...entry,
      ...(links[at] ? { link: links[at] } : {}),
    }))
    const made = anyArchive([])
    for (const { path } of plain) made.store.objects.set(path, good.store.objects.get(path) ?? new Uint8Array(0))
    await made.logHead.advance(0, claimBatch(sha256, emptyHead, batch, '2026-11-23T10:00:00.000Z'))
    await archive(made)
    return { verdict: await verifyLog(made.store), paths: plain.map(({ path }) => path) }
  }
  const first = { chain: 'change', number: 1 } as const
  const wrong = { hash: 'ab'.repeat(32), index: 0 }

  it.each<[string, readonly (Entry['link'] | undefined)[], string, string]>([
    [
      'a number left out',
      [first, { chain: 'change', number: 3, previous: wrong }],
      'missing',
      `change 2 of ${changeA}`,
    ],
    ['a number that comes twice', [first, first], 'missing', `change 2 of ${changeA}`],
    ['a first number above 1', [{ chain: 'change', number: 2, previous: wrong }], 'missing', `change 1 of ${changeA}`],
    [
      'the chain after an end that was none',
      [first, { chain: 'after', number: 1, previous: wrong }],
      'missing',
      `change 2 of ${changeA}`,
    ],
    ['a hash of another entry', [first, { chain: 'change', number: 2, previous: wrong }], 'bad', leafPath(ofA(1))],
    ['a count that is not its number', [{ ...first, count: 2 }], 'bad', leafPath(ofA(0))],
    ['an entry before the first', [{ ...first, previous: wrong }], 'bad', leafPath(ofA(0))],
    ['a leaf without a number after one with', [first, undefined], 'bad', leafPath(ofA(1))],
  ])('names %s, though the root is signed', async (_, links, kind, leaf) => {
    const { verdict } = await logOf(links)
    expect(verdict.problems).toMatchObject([{ kind, leaf }])
  })

  it('names a number where there is no change', async () => {
    const { verdict } = await logOf([first], 'none')
    expect(verdict.problems).toMatchObject([{ kind: 'bad', leaf: leafPath(ofNone(0)) }])
  })
})
