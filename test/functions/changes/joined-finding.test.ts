import { beforeEach, describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { changesWith, findingIdsOf, joinMove } from '../../../functions/changes/joined-finding.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Move } from '../../../functions/kit/ledger.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyChange } from './any-change.ts'
import { anyDesk, id } from './any-desk.ts'

let desk = await anyDesk()
beforeEach(async () => {
  desk = await anyDesk()
})
const { resource } = anyFinding()
const [older, newer] = ['01J0000000000000000000000A', '01J0000000000000000000000B']
const idOf = (number: number) => `F${String(number).padStart(25, '0')}`
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => idOf(from + index))

async function commit(moves: readonly Move[]) {
  const by = { at: '', type: 'test.put', account: '1', changeId: 'none', actor: 'test', body: {} }
  for (let start = 0; start < moves.length; start += 90)
    await desk.ports.ledger.commit({
      moves: moves.slice(start, start + 90),
      evidence: [{ leafId: desk.ports.ids.next(), ...by }],
    })
}
const join = (changeId: string, findingIds: readonly string[]) =>
  commit(findingIds.map((findingId) => joinMove(changeId, anyFinding({ findingId }), '2026-03-02T10:00:00.000Z')))

describe('11.3 the findings of a change', () => {
  it('are read in pages of at most 1,000, each once, however many there are', async () => {
    await join(newer, range(0, 2500))
    const pages = await Array.fromAsync(findingIdsOf(anyChange({ changeId: newer }), desk.ports.ledger))
    expect(pages.map(({ length }) => length)).toEqual([1000, 1000, 500])
    expect(pages.flat()).toEqual(range(0, 2500))
  })

  it('are those of the changes that it superseded too, and those that an older Drydock listed in a change', async () => {
    const first = anyChange({ changeId: older, findingIds: range(0, 3) })
    await desk.put(ChangeRecord, keys.change(older), first)
    await join(older, range(3, 5))
    await join(newer, range(5, 7))
    const second = anyChange({ changeId: newer, supersedes: older })
    const read = (await Array.fromAsync(findingIdsOf(second, desk.ports.ledger))).flat()
    expect(read.toSorted()).toEqual(range(0, 7))
  })

  it('of none are none', async () => {
    expect(await Array.fromAsync(findingIdsOf(anyChange(), desk.ports.ledger))).toEqual([])
  })
})

describe('11.10 the changes with a vulnerability on a host', () => {
  it('are those that its findings joined, and what superseded them', async () => {
    await desk.putFinding(anyFinding({ findingId: id(2), vulnerabilityId: 'CVE-2026-2222' }))
    await desk.put(ChangeRecord, keys.change(older), anyChange({ changeId: older, supersededBy: newer }))
    await desk.put(ChangeRecord, keys.change(newer), anyChange({ changeId: newer }))
    await join(older, [id(1)])
    await join('01J0000000000000000000000C', [id(2)])
    expect(await changesWith('CVE-2026-1111', resource.id, desk.ports.ledger)).toEqual([older, newer])
    expect(await changesWith('CVE-2026-1111', 'i-0fffffffffffffff0', desk.ports.ledger)).toEqual([])
    expect(await changesWith('CVE-2026-9999', resource.id, desk.ports.ledger)).toEqual([])
  })
})

describe('11.3 many findings of one change', () => {
  it('join without moving the change that already covers them, and without a conflict', async () => {
    const { changeId = '' } = await desk.assess(1)
    const before = await desk.ports.ledger.read(ChangeRecord, keys.change(changeId))
    const digits = [2, 3, 4, 5, 6, 7, 8, 9]
    for (const digit of digits) await desk.putFinding(anyFinding({ findingId: id(digit) }))
    let conflicts = 0
    const ledger = { ...desk.ports.ledger, commit: counted }
    async function counted(...input: Parameters<typeof desk.ports.ledger.commit>) {
      const result = await desk.ports.ledger.commit(...input)
      if ('conflict' in result) conflicts++
      return result
    }
    const joined = await Promise.all(digits.map((digit) => desk.assessOn(ledger, digit)))
    expect(joined).toEqual(digits.map(() => ({ outcome: 'joined', changeId })))
    expect(conflicts).toBe(0)
    const after = await desk.ports.ledger.read(ChangeRecord, keys.change(changeId))
    expect(after).toEqual(before)
    expect(await desk.findingsOf(after?.value)).toEqual([1, ...digits].map(id))
    expect(desk.ports.started()).toEqual([changeId])
  })
})
