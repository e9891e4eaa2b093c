import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { type Ledger, transactionItemsMax } from '../../../functions/kit/ledger.ts'
import { itemsOf } from '../../../functions/kit/transaction.ts'
import type { HostRun } from '../../../functions/outcomes/host-run.ts'
import type { HostOutcome } from '../../../functions/outcomes/outcome.ts'
import {
  outcomeSetsOf,
  outcomesOfChange,
  outcomesOfHost,
  outcomesOfService,
} from '../../../functions/outcomes/outcome-queries.ts'
import { setDigestOf } from '../../../functions/outcomes/outcome-set.ts'
import { type EndedChange, run as recordOutcomes } from '../../../functions/outcomes/record-outcomes.ts'
import { anyPorts, anyRun, at, digest } from './any-run.ts'

const changeId = '01J00000000000000000000001'
const closed: EndedChange = { changeId, service: 'web', ending: 'closed', because: 'proven in production' }
const rolledBack: EndedChange = {
  ...closed,
  ending: 'rolled-back',
  because: 'errors rose',
  rollback: { tookSeconds: 60, rtoSeconds: 900, isKept: true },
}
const runsOf = (count: number, run: Partial<HostRun> = {}) =>
  Array.from({ length: count }, (_, index) => anyRun({ hostId: `i-${String(index).padStart(5, '0')}`, ...run }))
const give = (runs: readonly HostRun[]) => async () => runs

async function allOf(sequence: number, ledger: Ledger): Promise<HostOutcome[]> {
  const found: HostOutcome[] = []
  let after: string | undefined
  do {
    const page = await outcomesOfChange(changeId, sequence, { limit: 70, ...(after ? { after } : {}) }, ledger)
    found.push(...page.items)
    after = page.next
  } while (after)
  return found
}

describe('recording how a change ended', () => {
  it('writes one record a host, one a service, and a set that names counts and a digest of them', async () => {
    const { ledger, ports } = anyPorts()
    const runs = [...runsOf(3), anyRun({ hostId: 'i-9', services: ['api', 'web'], verdict: 'failed', attempts: [] })]
    expect(await recordOutcomes(closed, give(runs), ports)).toEqual({ sequence: 1, hosts: 4, isComplete: true })
    const [set] = await outcomeSetsOf(changeId, ledger)
    expect(set).toMatchObject({
      hosts: 4,
      services: ['api', 'web'],
      verdicts: { proven: 3, failed: 1, gone: 0 },
      at: at(30),
    })
    expect(set?.digest).toBe(setDigestOf(await allOf(1, ledger), digest))
    expect(ledger.outbox().map(({ type }) => type)).toEqual([
      'outcome.begun',
      'outcome.hosts-recorded',
      'outcome.services-recorded',
      'outcome.recorded',
    ])
    expect(ledger.outbox().at(-1)?.body).toMatchObject({ digest: set?.digest, hosts: 4 })
  })

  it('is written once: asked again it reads no run and writes nothing', async () => {
    const { ledger, clock, ports } = anyPorts()
    await recordOutcomes(closed, give(runsOf(3)), ports)
    const leaves = ledger.outbox().length
    clock.advance(60_000)
    const unasked = () => Promise.reject(new Error('asked for runs'))
    expect(await recordOutcomes({ ...closed, because: 'in other words' }, unasked, ports)).toMatchObject({
      sequence: 1,
    })
    expect(ledger.outbox()).toHaveLength(leaves)
  })

  it('a rollback of a closed change makes further ones, and changes none that stand', async () => {
    const { ledger, ports } = anyPorts()
    await recordOutcomes(closed, give(runsOf(3)), ports)
    const before = await allOf(1, ledger)
    const restored = runsOf(3, { verdict: 'restored', rollbackOpenedAt: at(20) })
    expect(await recordOutcomes(rolledBack, give(restored), ports)).toMatchObject({ sequence: 2 })
    expect(await recordOutcomes(rolledBack, give(restored), ports)).toMatchObject({ sequence: 2 })
    expect(await recordOutcomes({ ...rolledBack, because: 'another' }, give(restored), ports)).toMatchObject({
      sequence: 3,
    })
    expect(await allOf(1, ledger)).toEqual(before)
    expect((await outcomesOfHost('i-00000', ledger)).map(({ sequence, verdict }) => [sequence, verdict])).toEqual([
      [1, 'proven'],
      [2, 'restored'],
      [3, 'restored'],
    ])
  })

  it('B21 10,000 hosts take two calls of bounded transactions, each host once', async () => {
    const { ledger, ports } = anyPorts()
    const sizes: number[] = []
    const counting: Ledger = {
      ...ledger,
      commit(transaction) {
        sizes.push(itemsOf(transaction))
        return ledger.commit(transaction)
      },
    }
    const runs = give(runsOf(10_000, { attempts: [] }))
    const first = await recordOutcomes(closed, runs, { ...ports, ledger: counting })
    expect(first).toEqual({ sequence: 1, hosts: 10_000, isComplete: false })
    expect(await outcomeSetsOf(changeId, ledger)).toEqual([])
    expect((await recordOutcomes(closed, runs, { ...ports, ledger: counting })).isComplete).toBe(true)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(transactionItemsMax)
    expect((await outcomeSetsOf(changeId, ledger))[0]?.hosts).toBe(10_000)
  })

  it('killed after any commit, or raced by another, ends with the same bytes', async () => {
    const whole = anyPorts()
    await recordOutcomes(closed, give(runsOf(200)), whole.ports)
    const expected = canonicalJson(await allOf(1, whole.ledger))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.boolean(), async (commitsMax, isRace) => {
        const { ledger, clock, ports } = anyPorts()
        let commits = 0
        const dying: Ledger = {
          ...ledger,
          async commit(transaction) {
            if (++commits === commitsMax && isRace) await recordOutcomes(closed, give(runsOf(200)), ports)
            const result = await ledger.commit(transaction)
            if (commits === commitsMax && !isRace) throw new Error('killed')
            return result
          },
        }
        await recordOutcomes(closed, give(runsOf(200)), { ...ports, ledger: dying }).catch(() => undefined)
        clock.advance(600_000)
        await recordOutcomes(closed, give(runsOf(200)), ports)
        expect(canonicalJson(await allOf(1, ledger))).toBe(expected)
        expect(await outcomeSetsOf(changeId, ledger)).toHaveLength(1)
      }),
      { numRuns: 12 },
    )
  })
})

describe('finding outcomes', () => {
  it('by service and period, a page at a time, with what is unknown counted apart', async () => {
    const { ledger, clock, ports } = anyPorts()
    for (const index of [0, 1, 2, 3]) {
      const ended = { ...closed, changeId: `01J0000000000000000000000${index}` }
      const runs = [anyRun({ services: ['web', 'api'] }), anyRun({ hostId: 'i-2', attempts: [] })]
      await recordOutcomes(ended, give(runs), ports)
      clock.advance(60_000)
    }
    const period = { from: at(31), to: at(33) }
    const first = await outcomesOfService('web', period, { limit: 1 }, ledger)
    expect(first.items).toMatchObject([{ at: at(31), hosts: 2, unavailable: { seconds: 480, hostsUnknown: 1 } }])
    const second = await outcomesOfService('web', period, { limit: 1, after: first.next ?? '' }, ledger)
    expect(second.items).toMatchObject([{ at: at(32) }])
    const third = await outcomesOfService('web', period, { limit: 1, after: second.next ?? '' }, ledger)
    expect(third).toEqual({ items: [] })
    expect((await outcomesOfService('api', period, { limit: 9 }, ledger)).items).toMatchObject([
      { hosts: 1 },
      { hosts: 1 },
    ])
    expect((await outcomesOfService('none', period, { limit: 9 }, ledger)).items).toEqual([])
  })
})
