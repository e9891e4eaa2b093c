import { describe, expect, it } from 'vitest'
import { heldEvent } from '../../../../functions/changes/hold.ts'
import type { GateFacts } from '../../../../functions/rollout/gates/gate.ts'
import { checkGates, gates } from '../../../../functions/rollout/gates/gates.ts'
import { anyGateFacts, anyPassFacts, known, nowIso } from './any-gate-facts.ts'

const missing = { kind: 'missing' } as const
const unreadable = { kind: 'unreadable', because: 'bad JSON' } as const
const late = { kind: 'late', seconds: 75 } as const
const notRead = 'cannot be read: it is missing'

type Corner = readonly [string, Partial<GateFacts>, string, string]

/** Facts of which every one is asked about at every pass. */
const always: readonly Corner[] = [
  ['change: missing', { change: missing }, 'plan', `the change ${notRead}`],
  ['change: unreadable', { change: unreadable }, 'plan', 'the change cannot be read: bad JSON'],
  ['change: late', { change: late }, 'plan', 'the change cannot be trusted: read 75 s ago, at most 60 s are allowed'],
  ['plan: missing', { plan: missing }, 'plan', `the plan ${notRead}`],
  ['plan: unreadable', { plan: unreadable }, 'plan', 'the plan cannot be read: bad JSON'],
  ['plan: late', { plan: late }, 'plan', 'the plan cannot be trusted: read 75 s ago'],
  ['ballot: missing', { ballot: missing }, 'approval', 'not approved by its quorum: it has no ballot'],
  ['ballot: unreadable', { ballot: unreadable }, 'approval', 'by its quorum: the ballot cannot be read: bad JSON'],
  ['ballot: late', { ballot: late }, 'approval', 'by its quorum: the ballot cannot be trusted: read 75 s ago'],
  ['catalogue: missing', { catalogue: missing }, 'calendar', `the catalogue ${notRead}`],
  ['catalogue: unreadable', { catalogue: unreadable }, 'calendar', 'the catalogue cannot be read: bad JSON'],
  ['catalogue: late', { catalogue: late }, 'calendar', 'the catalogue cannot be trusted: read 75 s ago'],
  ['people of the catalogue: missing', { catalogue: missing }, 'approval', `the catalogue ${notRead}`],
  ['people of the catalogue: unreadable', { catalogue: unreadable }, 'approval', 'the catalogue cannot be read'],
  ['people of the catalogue: late', { catalogue: late }, 'approval', 'the catalogue cannot be trusted'],
  ['stop: missing', { stop: missing }, 'stop', `the kill switch ${notRead}`],
  ['stop: unreadable', { stop: unreadable }, 'stop', 'the kill switch cannot be read: bad JSON'],
  ['stop: late', { stop: late }, 'stop', 'the kill switch cannot be trusted: read 75 s ago'],
  ['evidence: missing', { evidence: missing }, 'evidence', `the state of the evidence log ${notRead}`],
  ['evidence: unreadable', { evidence: unreadable }, 'evidence', 'the evidence log cannot be read: bad JSON'],
  ['evidence: late', { evidence: late }, 'evidence', 'the state of the evidence log cannot be trusted: read 75 s ago'],
]
const before: readonly Corner[] = [
  ['documents: missing', { documents: missing }, 'documents', `the documents ${notRead}`],
  ['documents: unreadable', { documents: unreadable }, 'documents', 'the documents cannot be read: bad JSON'],
  ['documents: late', { documents: late }, 'documents', 'the documents cannot be trusted: read 75 s ago'],
  ['probes: missing', { probes: missing }, 'probes', `the health of the service ${notRead}`],
  ['probes: unreadable', { probes: unreadable }, 'probes', 'the health of the service cannot be read: bad JSON'],
  ['probes: late', { probes: late }, 'probes', 'the health of the service cannot be trusted: read 75 s ago'],
]

const holdsOf = (facts: GateFacts, moment: 'opening' | 'every pass') => {
  const asked = checkGates(facts, moment)
  return asked.verdict === 'hold' ? asked.holds : []
}

describe('I20 the gates', () => {
  it('are open when everything is known and good', () => {
    expect(checkGates(anyGateFacts(), 'opening')).toEqual({ verdict: 'go' })
    expect(checkGates(anyPassFacts(), 'every pass')).toEqual({ verdict: 'go' })
  })

  it.each([...always, ...before])('hold before a ring opens with %s', (_, facts, gate, because) => {
    expect(holdsOf(anyGateFacts(facts), 'opening')).toContainEqual(
      expect.objectContaining({ gate, because: expect.stringContaining(because) }),
    )
  })

  it.each(always)('hold an open ring with %s', (_, facts, gate, because) => {
    expect(holdsOf(anyPassFacts(facts), 'every pass')).toContainEqual(
      expect.objectContaining({ gate, because: expect.stringContaining(because) }),
    )
  })

  it('ask nothing about documents and probes of an open ring: its own work makes the service unhealthy', () => {
    expect(
      checkGates(anyPassFacts({ probes: { kind: 'unreadable', because: '' }, documents: missing }), 'every pass'),
    ).toEqual({ verdict: 'go' })
  })

  it('show every reason, in the order of the list, each with what ends it', () => {
    const facts = anyGateFacts({
      stop: known({ all: true, changeIds: [], because: 'smoke', by: 'sven' }),
      evidence: known({ headAgeSeconds: 400, pending: 3 }),
      probes: known([{ name: 'front', at: nowIso, isHealthy: false, because: 'status 503' }]),
    })
    const holds = holdsOf(facts, 'opening')
    expect(holds).toEqual([
      { gate: 'stop', because: 'stopped by sven: smoke', endedBy: { kind: 'person', role: 'change-manager' } },
      {
        gate: 'evidence',
        because: 'evidence is late: the oldest transition has waited for 400 s',
        endedBy: { kind: 'trigger', name: 'evidence-filed' },
      },
      {
        gate: 'probes',
        because: 'unhealthy before work: front: status 503',
        endedBy: { kind: 'trigger', name: 'probes-healthy' },
      },
    ])
    const [first, ...others] = holds
    expect(first && heldEvent([first, ...others]).because).toBe(
      'stopped by sven: smoke; evidence is late: the oldest transition has waited for 400 s; unhealthy before work: front: status 503',
    )
  })

  it('leave an open ring nothing to do at a stop or for another plan, and else its hosts that are down', () => {
    expect(checkGates(anyPassFacts({ stop: unreadable }), 'every pass')).toMatchObject({ leaves: 'nothing' })
    expect(checkGates(anyPassFacts({ change: missing }), 'every pass')).toMatchObject({ leaves: 'nothing' })
    expect(checkGates(anyPassFacts({ evidence: missing }), 'every pass')).toMatchObject({ leaves: 'hosts-down' })
    expect(checkGates(anyPassFacts({ ballot: missing }), 'every pass')).toMatchObject({ leaves: 'hosts-down' })
    expect(checkGates(anyPassFacts({ catalogue: missing }), 'every pass')).toMatchObject({ leaves: 'hosts-down' })
    expect(checkGates(anyPassFacts({ catalogue: missing, stop: missing }), 'every pass')).toMatchObject({
      leaves: 'nothing',
    })
  })

  it('have a name each', () => {
    expect(new Set(gates.map(({ name }) => name)).size).toBe(gates.length)
  })
})
