import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { accountFindings, emptyAccount, openInWords } from '../../../functions/driver/account-findings.ts'
import { run } from '../../../functions/driver/close-change.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { outcomeSetsOf, outcomesOfHost } from '../../../functions/outcomes/outcome-queries.ts'
import { PlanRecord } from '../../../functions/planning/plan.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { readRing } from '../../../functions/rollout/ring-record.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`
const planHash = 'a'.repeat(64)
const proven = { isProven: true, endedAt: at(10), because: 'is done at verify' }
const lost = { isProven: false, endedAt: at(10), because: 'is quarantined at reboot: did not return from reboot' }
const ends = new Map([
  ['i-1', proven],
  ['i-2', lost],
])
const anyFinding = (status: 'active' | 'closed' | 'suppressed', id: string, lastObservedAt = at(1)) => ({
  findingId: 'F1',
  status,
  lastObservedAt,
  resource: { type: 'ec2-instance' as const, id, tags: {} },
})

describe('11.7 what became of a finding', () => {
  it.each([
    ['closed by its scanner', anyFinding('closed', 'i-2'), { closed: 1 }],
    ['suppressed', anyFinding('suppressed', 'i-9'), { closed: 1 }],
    ['explained by the proof on its host', anyFinding('active', 'i-1'), { explained: 1 }],
    [
      'open where its host was not proven',
      anyFinding('active', 'i-2'),
      { open: 1, named: [{ findingId: 'F1', because: `i-2 ${lost.because}` }] },
    ],
    [
      'open where its host was in no ring',
      anyFinding('active', 'i-9'),
      { open: 1, named: [{ findingId: 'F1', because: 'i-9 was in no ring' }] },
    ],
    [
      'open where its scanner sees it after the proof',
      anyFinding('active', 'i-1', at(11)),
      { open: 1, named: [{ findingId: 'F1', because: `seen again at ${at(11)}, after i-1 was proven` }] },
    ],
  ])('%s', (_, finding, expected) => {
    expect(accountFindings(emptyAccount, [finding], ends)).toEqual({ ...emptyAccount, ...expected })
  })

  it('is counted page by page, and of the open ones the first 100 by id are named', () => {
    const many = (from: number) =>
      Array.from({ length: 80 }, (_, index) => ({ ...anyFinding('active', 'i-9'), findingId: `F${from + index}` }))
    const account = accountFindings(accountFindings(emptyAccount, many(500), ends), many(300), ends)
    expect([account.open, account.named.length]).toEqual([160, 100])
    expect([account.named[0]?.findingId, account.named.at(-1)?.findingId]).toEqual(['F300', 'F519'])
  })

  it('is told in the outcome only where something is open', () => {
    expect(openInWords({ ...emptyAccount, closed: 1, explained: 1 })).toBe('')
    const named = [{ findingId: 'F1', because: 'why' }]
    expect(openInWords({ ...emptyAccount, open: 1, named })).toBe('; 1 finding still open (F1: why)')
  })
})

describe('6.8 close a change', () => {
  async function anyWorld(hasUnfiled = false) {
    const ledger = memoryLedger()
    const plan = anyPlan()
    const opened = openedRing(plan, planHash, 'production', undefined, 'token', at(0))
    const [first = '', second = '', third = ''] = Object.keys(opened.hosts)
    const done = { step: 'verify', state: 'done', attempt: 1 } as const
    const gone = { step: 'reboot', state: 'quarantined', attempt: 1, because: 'did not return from reboot' } as const
    const ring = {
      ...opened,
      state: 'succeeded' as const,
      endedAt: at(10),
      hosts: { [first]: done, [second]: done, [third]: gone },
    }
    const findingIds = [first, second, third].map((_, index) => `F${String(index).padStart(25, '0')}`)
    const change = anyChange({
      state: 'validating',
      planHash,
      ring: 'production',
      ringsDone: ['production'],
    })
    const findings = [first, third].map((hostId, index) => ({
      findingId: findingIds[index === 0 ? 0 : 2] ?? '',
      copies: [],
      account: '123456789012',
      region: 'eu-central-1',
      type: 'package-vulnerability',
      relatedVulnerabilityIds: [],
      title: '',
      description: '',
      resource: { type: 'ec2-instance', id: hostId, tags: {} },
      packages: [],
      cvss: [],
      severity: 'high',
      status: 'active',
      route: 'patch',
      firstObservedAt: at(0),
      lastObservedAt: at(0),
      updatedAt: at(0),
      flags: [],
    }))
    await ledger.commit({
      moves: [
        { kind: 'change', key: keys.change(change.changeId), from: 0, value: change },
        ...ringMoves(undefined, ring).moves,
        { kind: 'plan', key: keys.plan(change.changeId, planHash), from: 0, value: plan },
        ...findings.map((value) => ({ kind: 'finding', key: keys.finding(value.findingId), from: 0, value })),
        ...findingIds.map((findingId) => ({
          kind: 'joined-finding',
          key: keys.joinedFinding(change.changeId, findingId),
          from: 0,
          value: { findingId, changeId: change.changeId },
        })),
      ],
      evidence: [{ leafId: '0', at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} }],
    })
    const nudges = memoryNudges()
    const ports = {
      ledger,
      clock: fixedClock(0),
      ids: sequentialIds(),
      account: '123456789012',
      region: 'eu-central-1',
      digest: (text: string) => hash('sha256', text, 'hex'),
      nudges,
      unfiled: { hasAny: async () => hasUnfiled },
    }
    return { ledger, nudges, ports, change, third, findingIds, ring }
  }

  it('says which of its findings are explained and which stay open, in the outcome and in evidence', async () => {
    const { ledger, ports, change, third, findingIds } = await anyWorld()
    expect(await run({ changeId: change.changeId }, ports)).toEqual({ outcome: 'closed', waitSeconds: 0 })
    const because = `${third} is quarantined at reboot: did not return from reboot`
    const closed = await ledger.read(ChangeRecord, keys.change(change.changeId))
    expect(closed?.value).toMatchObject({
      state: 'closed',
      outcome: expect.stringContaining(`1 finding still open (${findingIds[2]}: ${because})`),
    })
    expect(ledger.outbox().at(-1)?.body).toMatchObject({
      event: { findings: { closed: 0, explained: 1, open: 1, named: [{ findingId: findingIds[2], because }] } },
    })
  })

  it('has a finding that joined after they were counted assessed again, and its account is of those counted', async () => {
    const { ledger, nudges, ports, change } = await anyWorld()
    const late = `F${'9'.repeat(25)}`
    const racing: Ledger = {
      ...ledger,
      async commit(transaction) {
        const leaf = { leafId: 'late', at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} }
        const value = { findingId: late, changeId: change.changeId }
        const key = keys.joinedFinding(change.changeId, late)
        if (transaction.evidence[0].type === 'change.closed')
          await ledger.commit({ moves: [{ kind: 'joined-finding', key, from: 0, value }], evidence: [leaf] })
        return ledger.commit(transaction)
      },
    }
    expect(await run({ changeId: change.changeId }, { ...ports, ledger: racing })).toMatchObject({ outcome: 'closed' })
    expect(nudges.sent.filter(({ stage }) => stage === 'assess')).toMatchObject([{ message: { findingId: late } }])
    const closing = ledger.outbox().find(({ type }) => type === 'change.closed')
    expect(closing?.body).toMatchObject({ event: { findings: { closed: 0, explained: 1, open: 1 } } })
  })

  it('records what became of each host before it closes, and files that evidence with the rest', async () => {
    const { ledger, ports, change, third } = await anyWorld()
    await run({ changeId: change.changeId }, ports)
    const [set] = await outcomeSetsOf(change.changeId, ledger)
    expect(set).toMatchObject({ ending: 'closed', hosts: 3, verdicts: { proven: 2, quarantined: 1 } })
    const [lost] = await outcomesOfHost(third, ledger)
    expect(lost).toMatchObject({
      verdict: 'quarantined',
      because: 'quarantined at reboot: did not return from reboot',
      unavailableSeconds: 'unknown',
      account: '123456789012',
      region: 'eu-central-1',
    })
    const types = ledger.outbox().map(({ type }) => type)
    expect(types.indexOf('outcome.recorded')).toBeLessThan(types.indexOf('change.closed'))
  })

  it('I8 stays open until the outcomes are filed too', async () => {
    const { ledger, ports, change } = await anyWorld()
    const filing = { hasAny: async () => ledger.outbox().some(({ type }) => type === 'outcome.recorded') }
    const waiting = await run({ changeId: change.changeId }, { ...ports, unfiled: filing })
    expect(waiting).toEqual({ outcome: 'evidence-pending', waitSeconds: 2 })
    ledger.removeFromOutbox(ledger.outbox().map(({ leafId }) => leafId))
    expect(await run({ changeId: change.changeId }, { ...ports, unfiled: filing })).toMatchObject({ outcome: 'closed' })
    expect(await outcomeSetsOf(change.changeId, ledger)).toHaveLength(1)
  })

  it('B3 closes a change whose ring stands in the form of an older Drydock', async () => {
    const { ledger, ports, change, ring } = await anyWorld()
    const read = await readRing(change.changeId, 'production', ledger)
    const old = { kind: 'ring', key: keys.ring(change.changeId, 'production'), from: read?.version ?? 0, value: ring }
    const evidence = { leafId: '1', at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} }
    await ledger.commit({ moves: [old], evidence: [evidence] })
    expect(await run({ changeId: change.changeId }, ports)).toEqual({ outcome: 'closed', waitSeconds: 0 })
  })

  it('DD1501 does not close a change whose plan is not there: nobody could say what became of its hosts', async () => {
    const { ledger, ports, change } = await anyWorld()
    const plan = await ledger.read(PlanRecord, keys.plan(change.changeId, planHash))
    const evidence = { leafId: '1', at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} }
    await ledger.commit({
      moves: [],
      drops: [{ key: keys.plan(change.changeId, planHash), from: plan?.version ?? 0 }],
      evidence: [evidence],
    })
    await expect(run({ changeId: change.changeId }, ports)).rejects.toThrow('DD1501')
  })

  it('I8 waits while evidence of it is not filed', async () => {
    const { ports, nudges, change } = await anyWorld(true)
    expect(await run({ changeId: change.changeId }, ports)).toEqual({ outcome: 'evidence-pending', waitSeconds: 2 })
    expect(nudges.sent).toMatchObject([{ stage: 'archive' }])
  })

  it.each([
    [19, 2],
    [300, 30],
    [86_400, 300],
  ])('asks again less often the longer it waits: after %i s in %i s', async (waitedSeconds, waitSeconds) => {
    const { ports, change } = await anyWorld(true)
    const clock = fixedClock(Date.parse(change.updatedAt) + waitedSeconds * 1000)
    expect(await run({ changeId: change.changeId }, { ...ports, clock })).toMatchObject({ waitSeconds })
  })
})
