import { describe, expect, it } from 'vitest'
import { type GatePorts, readGateFacts } from '../../../functions/rollout/read-gate-facts.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock } from '../../../simulator/ports/time.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { healthyEvidence } from './any-catalogue.ts'
import { changeId, startMs } from './any-pass.ts'

const question = { changeId, ring: 'production' }
const anyPorts = (ports: Partial<GatePorts> = {}): GatePorts => ({
  ledger: memoryLedger(),
  clock: fixedClock(startMs),
  evidenceHealth: healthyEvidence,
  ...ports,
})

describe('4.4 readGateFacts', () => {
  it('calls a record missing that nobody wrote, and a stop that nobody ever pulled known', async () => {
    const { facts, change } = await readGateFacts(question, anyPorts())
    expect([facts.change, facts.plan, facts.ballot, facts.catalogue, facts.calendars].map(({ kind }) => kind)).toEqual(
      Array.from({ length: 5 }, () => 'missing'),
    )
    expect(facts.stop).toMatchObject({ kind: 'known', value: { all: false, changeIds: [] } })
    expect(change).toBeUndefined()
  })

  it('tells what cannot be read as a fact in one line, and hides no other fact by it', async () => {
    const evidenceHealth = async () => Promise.reject(new Error('no\n  answer'))
    const { facts } = await readGateFacts(question, anyPorts({ evidenceHealth }))
    expect(facts.evidence).toEqual({ kind: 'unreadable', because: 'Error: no answer' })
    expect(facts.stop.kind).toBe('known')
  })

  it('calls every fact unreadable where the ledger is', async () => {
    const read = async () => Promise.reject(new Error('throttled'))
    const { facts } = await readGateFacts(question, anyPorts({ ledger: { read } }))
    expect([facts.change, facts.ballot, facts.catalogue, facts.stop].map(({ kind }) => kind)).toEqual(
      Array.from({ length: 4 }, () => 'unreadable'),
    )
  })

  it('calls a fact late that took too long, counted from before it was read', async () => {
    const clock = fixedClock(startMs)
    const evidenceHealth = async () => {
      clock.advance(600_000)
      return healthyEvidence()
    }
    const { facts } = await readGateFacts(question, anyPorts({ clock, evidenceHealth }))
    expect(facts.evidence).toEqual({ kind: 'late', seconds: 600 })
  })

  it('takes the plan that was read before', async () => {
    const plan = anyPlan()
    const { facts } = await readGateFacts({ ...question, plan }, anyPorts())
    expect(facts.plan).toEqual({ kind: 'known', value: plan })
  })

  it('asks neither documents nor probes of a ring that is open', async () => {
    const { facts } = await readGateFacts(question, anyPorts())
    expect([facts.documents.kind, facts.probes.kind]).toEqual(['missing', 'missing'])
  })
})
