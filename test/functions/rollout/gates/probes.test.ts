import { describe, expect, it } from 'vitest'
import { probesGate } from '../../../../functions/rollout/gates/probes.ts'
import { anyGateFacts, known, nowIso } from './any-gate-facts.ts'

describe('6.1 the health of a service before the work', () => {
  it('is good where it has no probe', () => {
    expect(probesGate.check(anyGateFacts({ probes: known([]) }))).toBeUndefined()
  })

  it('holds with every failing probe, until all are healthy', () => {
    const probes = known([
      { name: 'front', at: nowIso, isHealthy: false, because: 'status 503' },
      { name: 'api', at: nowIso, isHealthy: true },
      { name: 'login', at: nowIso, isHealthy: false },
    ])
    expect(probesGate.check(anyGateFacts({ probes }))).toEqual({
      because: 'unhealthy before work: front: status 503; login: unhealthy',
      endedBy: { kind: 'trigger', name: 'probes-healthy' },
    })
  })
})
