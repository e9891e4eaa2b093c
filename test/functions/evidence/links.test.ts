import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { encodeEntry, type Link } from '../../../functions/evidence/bundle.ts'
import { toHex } from '../../../functions/evidence/bytes.ts'
import { ChainHead, chainOf, headAfter, linked, nextLink } from '../../../functions/evidence/chain.ts'
import { emptyChain, follow } from '../../../functions/evidence/check-chains.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import { hashLeaf } from '../../../functions/evidence/merkle.ts'
import { anyRecord, changeA, changeB } from './any-log.ts'

const anyHead = (change: Partial<ChainHead> = {}): ChainHead => ({
  ...{ schemaVersion: 1, changeId: changeA, chain: 'change', number: 3, isClosed: false, index: 9 },
  hash: 'ab'.repeat(32),
  ...change,
})
const previous = { hash: 'ab'.repeat(32), index: 9 }
const entryOf = (number: number, changeId: string, link?: Link) => ({
  path: leafPath(anyRecord(number, { changeId })),
  sha256: 'cd'.repeat(32),
  ...(link ? { link } : {}),
})

describe('8.4 the link of the next leaf', () => {
  it.each<[string, ChainHead | undefined, boolean, Link]>([
    ['the first', undefined, false, { chain: 'change', number: 1 }],
    ['the first, which ends its change', undefined, true, { chain: 'change', number: 1, count: 1 }],
    ['one in between', anyHead(), false, { chain: 'change', number: 4, previous }],
    ['the last', anyHead(), true, { chain: 'change', number: 4, previous, count: 4 }],
    ['the first after the end', anyHead({ isClosed: true }), false, { chain: 'after', number: 1, previous }],
    ['a second end, which counts nothing', anyHead({ isClosed: true }), true, { chain: 'after', number: 1, previous }],
    [
      'one more after the end',
      anyHead({ chain: 'after', isClosed: true }),
      false,
      { chain: 'after', number: 4, previous },
    ],
  ])('is that of %s', (_, last, closes, link) => {
    expect(nextLink(last, closes)).toEqual(link)
  })

  it('is in no chain where the leaf is of no change', () => {
    expect(chainOf(entryOf(1, 'none').path)).toBeUndefined()
    expect(chainOf(entryOf(1, changeA).path)).toBe(changeA)
  })
})

describe('8.4 the head after an entry', () => {
  it.each<[Link, Partial<ChainHead>]>([
    [
      { chain: 'change', number: 4, previous },
      { number: 4, isClosed: false },
    ],
    [
      { chain: 'change', number: 4, previous, count: 4 },
      { number: 4, isClosed: true },
    ],
    [
      { chain: 'after', number: 1, previous },
      { chain: 'after', number: 1, isClosed: true },
    ],
  ])('of %j', (link, head) => {
    const entry = entryOf(1, changeA, link)
    const made = headAfter(sha256, entry, 12)
    expect(made).toEqual(anyHead({ ...head, index: 12, hash: toHex(hashLeaf(sha256, encodeEntry(entry))) }))
    expect(ChainHead.safeParse(made).success).toBe(true)
  })

  it('is none where the entry has no link, or no change', () => {
    expect(headAfter(sha256, entryOf(1, changeA), 0)).toBeUndefined()
    expect(headAfter(sha256, entryOf(1, 'none', { chain: 'change', number: 1 }), 0)).toBeUndefined()
  })

  it.each([{ number: 0 }, { hash: 'AB'.repeat(32) }, { index: -1 }, { chain: 'other' }, { more: 1 }])(
    'is refused with %j',
    (change) => {
      expect(ChainHead.safeParse({ ...anyHead(), ...change }).success).toBe(false)
    },
  )
})

describe('8.4 linked', () => {
  it('continues each chain from its head, by the places that the leaves get in the log', () => {
    const leaves = [
      { leaf: entryOf(1, changeA), closes: false },
      { leaf: entryOf(2, 'none'), closes: false },
      { leaf: entryOf(3, changeB), closes: true },
      { leaf: entryOf(4, changeA), closes: true },
    ]
    const made = linked(leaves, { sha256, from: 50, heads: [anyHead()] })
    const first = { ...entryOf(1, changeA), link: { chain: 'change', number: 4, previous } } as const
    expect(made).toEqual([
      first,
      entryOf(2, 'none'),
      { ...entryOf(3, changeB), link: { chain: 'change', number: 1, count: 1 } },
      {
        ...entryOf(4, changeA),
        link: {
          ...{ chain: 'change', number: 5, count: 5 },
          previous: { hash: toHex(hashLeaf(sha256, encodeEntry(first))), index: 50 },
        },
      },
    ])
  })
})

describe('11.10 following a chain', () => {
  const placed = (link: Link | undefined, index = 0) => ({
    ...{ entry: entryOf(index, changeA, link), index },
    hash: 'ef'.repeat(32),
  })
  const first = follow(emptyChain(changeA), placed({ chain: 'change', number: 1 })).chain
  const back = { hash: 'ef'.repeat(32), index: 0 }

  it('counts what stands there: without a number, up to the end, and after it', () => {
    const bare = follow(emptyChain(changeA), placed(undefined))
    expect(bare).toEqual({ chain: { changeId: changeA, unnumbered: 1, count: 0, after: 0 } })
    expect(first).toMatchObject({ count: 1, after: 0, last: { number: 1, isClosed: false } })
    const ended = follow(first, placed({ chain: 'change', number: 2, previous: back, count: 2 }, 1))
    expect(ended).toMatchObject({ chain: { count: 2, last: { isClosed: true } } })
    expect(ended.problem).toBeUndefined()
    const after = follow(ended.chain, placed({ chain: 'after', number: 1, previous: { ...back, index: 1 } }, 2))
    expect(after).toMatchObject({ chain: { count: 2, after: 1, last: { chain: 'after', isClosed: true } } })
    expect(after.problem).toBeUndefined()
  })

  it('asks nothing of the first entry of a part, whatever its number', () => {
    const link = { chain: 'change', number: 7, previous: back } as const
    expect(follow(emptyChain(changeA), placed(link, 5), true).problem).toBeUndefined()
    expect(follow(emptyChain(changeA), placed(link, 5)).problem).toMatchObject({
      kind: 'missing',
      leaf: `change 1 of ${changeA}`,
    })
  })

  it.each<[string, Link | undefined, string, string | RegExp]>([
    ['no number', undefined, 'bad', /change=/],
    ['a number left out', { chain: 'change', number: 3, previous: back }, 'missing', `change 2 of ${changeA}`],
    ['the chain after an end that was none', { chain: 'after', number: 2 }, 'missing', `change 2 of ${changeA}`],
    ['another hash', { chain: 'change', number: 2, previous: { ...back, hash: '00'.repeat(32) } }, 'bad', /change=/],
    ['another place', { chain: 'change', number: 2, previous: { ...back, index: 1 } }, 'bad', /change=/],
    ['nothing before it', { chain: 'change', number: 2 }, 'bad', /change=/],
    ['another count', { chain: 'change', number: 2, previous: back, count: 3 }, 'bad', /change=/],
  ])('names %s after the first', (_, link, kind, leaf) => {
    const { problem } = follow(first, placed(link, 1), true)
    expect(problem?.kind).toBe(kind)
    expect(problem?.leaf).toMatch(leaf)
  })
})
