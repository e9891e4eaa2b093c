import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../functions/kit/json.ts'
import { type FiledRecord, pathOf } from '../../../functions/reporting/host-path.ts'

const changeId = '01JA000000000000000000000A'
const [hostId, neighbour] = ['i-0123456789abcdef0', 'i-0123456789abcdef1']
const vulnerabilityId = 'CVE-2026-1234'
const question = { vulnerabilityId, hostId }

const leaf = (type: string, body: Json, change = changeId, actor = 'drydock'): FiledRecord => ({
  leaf: `v1/leaf/${type}.json`,
  record: { leafId: 'x', at: '2026-11-23T10:00:00.000Z', type, account: '123456789012', changeId: change, actor, body },
})
const moved = (type: string, state: string, event: Json = {}) =>
  leaf(`change.${type}`, { state, service: 'web', event: { type, ...(event as object) } })
const joined = (vulnerabilityIds = [vulnerabilityId], change = changeId) =>
  leaf(
    'change.finding-joined',
    { event: { findingId: 'F1', vulnerabilityIds, packages: [{ name: 'snapd', fixedVersion: '2.63' }] } },
    change,
  )
const planned = (change = changeId, hosts = [hostId, neighbour]) =>
  leaf(
    'change.planned',
    { planHash: 'abc', plan: { rings: [{ name: 'dev', hosts: hosts.map((id) => ({ hostId: id })) }] } },
    change,
  )
/** The plan itself stands beside the leaf. */
const plannedByHash = leaf('change.planned', { planHash: 'abc', plan: { rings: [{ name: 'dev', hosts: 2 }] } })
const ended = (step: string, outcome: string, { host = hostId, mode = 'patch' } = {}) =>
  leaf('rollout.moved', {
    mode,
    ring: 'dev',
    detail: { ended: [{ hostId: host, step, outcome, commandId: `c-${step}`, exitCode: 0 }], intents: [] },
  })
const closed = moved('closed', 'closed', { outcome: 'proven in dev' })

describe('11.10 the path of one vulnerability on one host', () => {
  it('learns the ring from what the rollout did where the plan is named by its hash', () => {
    const path = pathOf([joined(), plannedByHash, ended('verify', 'passed'), closed], question)
    expect(path.steps.map(({ what }) => what)).toContain('planned: plan abc')
    expect(path.outcome).toBe('patched')
  })

  it('takes a host that no rollout touched for one in no plan', () => {
    const path = pathOf([joined(), plannedByHash, ended('verify', 'passed', { host: neighbour }), closed], question)
    expect(path.outcome).toBe('not-patched')
  })

  it('tells each step of the host, with the votes and what was said for the change', () => {
    const path = pathOf(
      [
        leaf(
          'finding.recorded',
          { vulnerabilityId, resource: { id: hostId }, severity: 'HIGH', status: 'ACTIVE' },
          'none',
        ),
        leaf('finding.assessed', {
          findingId: 'F1',
          dueAt: '2026-11-26',
          winner: { table: 'bod', row: 3, decision: '3 days' },
        }),
        joined(),
        planned(),
        leaf('approval.cast', { choice: 'approve', via: 'code', planHash: 'abc' }, changeId, 'olivia'),
        leaf('rollout.moved', {
          mode: 'patch',
          ring: 'dev',
          detail: { ended: [], intents: [{ intentId: 'I1', hostIds: [hostId], step: 'install' }] },
        }),
        leaf('rollout.sent', { mode: 'patch', ring: 'dev', detail: { sent: { I1: 'command-1', I2: 'command-2' } } }),
        ended('install', 'passed'),
        ended('install', 'failed', { host: neighbour }),
        ended('verify', 'passed'),
        leaf('validation.passed', { ring: 'dev', because: 'probes healthy' }),
        leaf('validation.passed', { ring: 'production' }),
        closed,
      ],
      question,
    )
    expect(path.steps.map(({ what }) => what)).toEqual([
      `finding.recorded: ${vulnerabilityId} on ${hostId} HIGH ACTIVE`,
      'assessed: due 2026-11-26 by bod row 3, 3 days',
      'finding F1 joined the change: snapd 2.63',
      'planned in ring dev: plan abc',
      'olivia voted approve on plan abc by code',
      'install intended: intent I1',
      'install sent: command command-1 for intent I1',
      'install passed: command c-install, exit code 0',
      'verify passed: command c-verify, exit code 0',
      'validation.passed for ring dev: probes healthy',
      'change.closed: proven in dev',
    ])
    expect(path).toMatchObject({ outcome: 'patched', because: expect.stringContaining(changeId) })
  })

  it('tells what one leaf says of a finding that was recorded, decided and joined at once', () => {
    const finding = { vulnerabilityId, resource: { id: hostId }, severity: 'high', status: 'active' }
    const winner = { table: 'bod', row: 3, decision: '3 days', dueAt: '2026-11-26' }
    const { record } = joined()
    const body = { ...Object(record.body), finding, assessment: { findingId: 'F1', winner } }
    const assessed = leaf('finding.assessed', { findingId: 'F1', dueAt: null, finding })
    const path = pathOf([leaf('change.finding-joined', body), assessed], question)
    expect(path.steps.map(({ what }) => what)).toEqual([
      `finding.recorded: ${vulnerabilityId} on ${hostId} high active`,
      'assessed: due 2026-11-26 by bod row 3, 3 days',
      'finding F1 joined the change: snapd 2.63',
      `finding.recorded: ${vulnerabilityId} on ${hostId} high active`,
      'assessed: no due date',
    ])
  })

  it('tells what a leaf says of a finding that was recorded and joined no change', () => {
    const finding = { vulnerabilityId, resource: { id: hostId }, severity: 'high', status: 'active' }
    const path = pathOf([leaf('finding.assessed', { findingId: 'F1', dueAt: null, finding }, 'none')], question)
    expect(path.steps.map(({ what }) => what)).toEqual([
      `finding.recorded: ${vulnerabilityId} on ${hostId} high active`,
    ])
  })

  it.each([
    [
      'open',
      'verified and not closed',
      [ended('verify', 'passed'), moved('ring-deployed', 'validating', { ring: 'dev' })],
    ],
    ['open', 'in work', [ended('install', 'passed'), moved('ring-opened', 'in-progress', { ring: 'dev' })]],
    ['not-patched', 'closed without a verified patch', [ended('verify', 'failed'), closed]],
    ['not-patched', 'verified on a neighbour only', [ended('verify', 'passed', { host: neighbour }), closed]],
    [
      'not-patched',
      'verified after a rollback, which proves no patch',
      [ended('verify', 'passed', { mode: 'rollback' }), closed],
    ],
    ['rolled-back', 'restored', [ended('verify', 'passed'), ended('rollback', 'passed', { mode: 'rollback' }), closed]],
    [
      'quarantined',
      'quarantined',
      [moved('ring-deployed', 'validating', { ring: 'dev', quarantined: [{ hostId }] }), closed],
    ],
    [
      'patched',
      'a neighbour is quarantined',
      [
        ended('verify', 'passed'),
        moved('ring-deployed', 'validating', { ring: 'dev', quarantined: [{ hostId: neighbour }] }),
        closed,
      ],
    ],
  ] as const)('11.7 is %s when %s', (outcome, _because, then) => {
    expect(pathOf([joined(), planned(), ...then], question).outcome).toBe(outcome)
  })

  it('is unknown when no change holds the vulnerability, and not patched when no plan has the host', () => {
    expect(pathOf([joined(['CVE-2026-9999']), planned(), ended('verify', 'passed'), closed], question).outcome).toBe(
      'unknown',
    )
    const others = pathOf([joined(), planned(changeId, [neighbour]), ended('verify', 'passed'), closed], question)
    expect(others.outcome).toBe('not-patched')
  })

  it('lets the newest change that planned the host decide', () => {
    const later = '01JB000000000000000000000B'
    const first = [
      joined(),
      planned(),
      ended('rollback', 'passed', { mode: 'rollback' }),
      moved('rolled-back', 'rolled-back'),
    ]
    const second = [joined(undefined, later), planned(later)]
    expect(pathOf([...first, ...second], question)).toMatchObject({
      outcome: 'open',
      because: expect.stringContaining(later),
    })
  })

  it('says patched of no leaves in which nothing was verified, whatever they hold', () => {
    const anyLeaf = fc.record({
      type: fc.constantFrom('change.closed', 'rollout.moved', 'change.planned', 'validation.passed', 'approval.cast'),
      body: fc.oneof(fc.jsonValue(), fc.constant(planned().record.body), fc.constant(closed.record.body)),
    })
    fc.assert(
      fc.property(fc.array(anyLeaf, { maxLength: 12 }), (bodies) => {
        const leaves = [joined(), ...bodies.map(({ type, body }) => leaf(type, body as Json))]
        expect(pathOf(leaves, question).outcome).not.toBe('patched')
      }),
      { seed: 11, numRuns: 500 },
    )
  })
})
