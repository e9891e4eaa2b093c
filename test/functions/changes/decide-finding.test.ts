import { beforeEach, describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { decideFinding } from '../../../functions/changes/decide-finding.ts'
import type { Finding } from '../../../functions/finding/finding.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyDesk, id } from './any-desk.ts'

let desk = await anyDesk()
beforeEach(async () => {
  desk = await anyDesk()
})
const decide = (finding: Finding = anyFinding({ findingId: id(1) }), recorded?: string) =>
  decideFinding(finding, recorded, desk.ports)

describe('11.3 deciding about a finding', () => {
  it('writes nothing, and opens a change by its moves', async () => {
    const leaves = desk.ports.ledger.outbox().length
    const { outcome, change, isCovered, moves } = await decide()
    expect(desk.ports.ledger.outbox()).toHaveLength(leaves)
    expect({ outcome, isCovered }).toEqual({ outcome: 'opened', isCovered: false })
    expect(change?.state).toBe('assessed')
    expect(moves.map(({ kind, from }) => [kind, from])).toEqual(
      expect.arrayContaining([
        ['assessment', 0],
        ['change', 0],
        ['joined-finding', 0],
        ['open-change', 0],
      ]),
    )
  })

  it('has the whole assessment, and what was recorded, on its first leaf alone (11.1)', async () => {
    const { evidence, change } = await decide(anyFinding({ findingId: id(1) }), 'as it came')
    expect(evidence.length).toBeGreaterThan(1)
    expect(evidence.map(({ changeId }) => changeId)).toEqual(evidence.map(() => change?.changeId))
    expect(evidence[0]?.body).toMatchObject({ finding: 'as it came', assessment: { findingId: id(1) } })
    for (const { body } of evidence.slice(1)) expect(body).not.toHaveProperty('assessment')
    expect((await decide()).evidence[0]?.body).not.toHaveProperty('finding')
  })

  it('gives every leaf an id of its own', async () => {
    const { evidence } = await decide()
    expect(new Set(evidence.map(({ leafId }) => leafId)).size).toBe(evidence.length)
  })

  it('has nothing to say again where nothing is new', async () => {
    const { changeId } = await desk.assess()
    const again = await decide()
    expect(again).toMatchObject({ outcome: 'already-joined', isCovered: false, moves: [], evidence: [] })
    expect(again.change?.changeId).toBe(changeId)
  })

  it('says of a finding that opens nothing why, in one leaf of no change', async () => {
    const closed = anyFinding({ findingId: id(2), status: 'closed' })
    const { outcome, change, evidence, moves } = await decide(closed)
    expect(change).toBeUndefined()
    expect(evidence).toMatchObject([
      { type: 'finding.assessed', changeId: 'none', body: { findingId: id(2), outcome } },
    ])
    expect(moves.map(({ kind }) => kind)).toContain('assessment')
    expect(moves.map(({ kind }) => kind)).not.toContain('change')
  })

  it('follows a change to the latest that superseded it', async () => {
    const { changeId = '' } = await desk.assess()
    const old = await desk.ports.ledger.read(ChangeRecord, keys.change(changeId))
    if (!old) throw new Error('the change is not there')
    const [second, third] = ['01J00000000000000000000AAA', '01J00000000000000000000BBB']
    await desk.put(ChangeRecord, old.key, { ...old.value, supersededBy: second })
    await desk.put(ChangeRecord, keys.change(second), { ...old.value, changeId: second, supersededBy: third })
    await desk.put(ChangeRecord, keys.change(third), { ...old.value, changeId: third })
    expect((await decide()).change?.changeId).toBe(third)
  })

  it.each([
    ['catalogue', keys.catalogue(), 'DD1505', /no catalogue is loaded/],
    ['policy', keys.policy(), 'DD1505', /no policy is loaded/],
  ] as const)('decides nothing without a %s', async (_, key, code, text) => {
    const { ledger } = desk.ports
    const other = Object.assign(Object.create(ledger), {
      read: (kind: Parameters<typeof ledger.read>[0], at: typeof key) =>
        at.sk === key.sk && at.pk === key.pk ? undefined : ledger.read(kind, at),
    })
    const made = decideFinding(anyFinding(), undefined, { ...desk.ports, ledger: other })
    await expect(made).rejects.toMatchObject({ code, message: expect.stringMatching(text) })
  })

  it('decides nothing while nobody knows whether the CVE is exploited', async () => {
    const intel = { lookup: async () => ({ feeds: {} }) }
    await expect(decideFinding(anyFinding(), undefined, { ...desk.ports, intel })).rejects.toMatchObject({
      code: 'DD1506',
    })
  })
})
