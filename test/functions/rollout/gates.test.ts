import { describe, expect, it } from 'vitest'
import { checkGates, type GateFacts } from '../../../functions/rollout/gates.ts'
import { anyBallot, planHash } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyService, catalogueOf } from './any-catalogue.ts'

/** A Thursday. */
const nowIso = '2026-01-01T12:00:00.000Z'
const votes = ['olivia', 'sven'].map((personId) => ({
  personId,
  choice: 'approve' as const,
  comment: '',
  at: nowIso,
  via: 'code' as const,
}))

const gate = (facts: Partial<GateFacts> = {}) =>
  checkGates({
    change: anyChange({ state: 'approved', planHash }),
    ring: 'production',
    plan: anyPlan(),
    ballot: anyBallot({ outcome: 'approved', votes }),
    catalogue: catalogueOf([anyService('web')]),
    stop: undefined,
    changedDocuments: [],
    failingProbes: [],
    evidenceFault: undefined,
    nowIso,
    ...facts,
  })

describe('I13 I20 the gates before a ring', () => {
  it('are open when everything is known and good', () => {
    expect(gate()).toEqual({ verdict: 'go' })
  })

  it.each<readonly [string, Partial<GateFacts>, string]>([
    ['no plan', { plan: undefined }, 'the plan cannot be read'],
    ['no ballot', { ballot: undefined }, 'not approved'],
    [
      'a ballot for another plan',
      { ballot: anyBallot({ outcome: 'approved', planHash: 'b'.repeat(64) }) },
      'not approved',
    ],
    ['no catalogue', { catalogue: undefined }, 'the catalogue cannot be read'],
    ['a service that is gone', { catalogue: catalogueOf([anyService('api')]) }, 'no longer in the catalogue'],
    ['a ring that the plan has not', { ring: 'canary' }, 'the plan has no ring canary'],
    ['B43 a changed document', { changedDocuments: ['Drydock-Install'] }, 'documents differ from the plan'],
    ['a failing probe', { failingProbes: ['front: status 503'] }, 'unhealthy before work'],
    ['F42 evidence that cannot be filed', { evidenceFault: 'key disabled' }, 'evidence cannot be filed: key disabled'],
    ['I18 a stop', { stop: { by: 'sven', because: 'smoke' } }, 'stopped by sven: smoke'],
  ])('hold at %s', (_, facts, because) => {
    expect(gate(facts)).toMatchObject({ verdict: 'hold', because: expect.stringContaining(because) })
  })

  it('ask the calendar of every service that shares the hosts of this ring, and of this ring alone', () => {
    const plan = anyPlan()
    const hosts = plan.rings[0]?.hosts ?? []
    const shared = hosts.map((host) => ({ ...host, services: ['web', 'batch'] }))
    const rings = ['dev', 'production'].map((name, index) => ({
      name,
      index,
      hosts: name === 'dev' ? hosts : shared,
      soakSeconds: 0,
      isCanary: false,
      failureBudget: 0,
    }))
    const windows = [{ days: ['sat'], start: '22:00', durationMinutes: 120, timeZone: 'UTC' }]
    const catalogue = catalogueOf([anyService('web'), anyService('batch', { windows })])
    const facts = { plan: anyPlan({ rings }), catalogue }
    expect(gate({ ...facts, ring: 'dev' })).toEqual({ verdict: 'go' })
    expect(gate({ ...facts, ring: 'production' })).toEqual({
      verdict: 'hold',
      because: 'outside the maintenance window',
      until: '2026-01-03T22:00:00.000Z',
    })
  })

  it('hold for a shared service that has left the catalogue, and for a calendar that cannot be read', () => {
    const [first, ...others] = anyPlan().rings[0]?.hosts ?? []
    const hosts = first ? [{ ...first, services: ['web', 'batch'] }, ...others] : []
    const rings = [{ name: 'production', index: 0, hosts, soakSeconds: 0, isCanary: false, failureBudget: 0 }]
    expect(gate({ plan: anyPlan({ rings }) })).toMatchObject({ because: 'no longer in the catalogue: batch' })
    const calendars = [{ name: 'change-board', services: ['web'], ics: 'no calendar' }]
    expect(gate({ catalogue: catalogueOf([anyService('web')], { calendars }) })).toMatchObject({
      verdict: 'hold',
      because: expect.stringContaining('calendar change-board cannot be read'),
    })
  })
})
