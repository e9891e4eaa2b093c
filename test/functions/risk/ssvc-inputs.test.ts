import { describe, expect, it } from 'vitest'
import { assess } from '../../../functions/risk/assess.ts'
import { humanImpactOf, systemExposureOf } from '../../../functions/risk/ssvc-inputs.ts'
import { anyFacts, anyRiskPolicy, sha256 } from './any-facts.ts'

const ssvc = {
  systemExposure: { internet: 'open', unknown: 'open', internal: 'controlled', isolated: 'small' },
  impact: {
    'mission-critical': { safety: 'negligible', mission: 'mission failure' },
    'business-essential': { safety: 'marginal', mission: 'mef failure' },
    'non-essential': { safety: 'negligible', mission: 'degraded' },
  },
} as const
const internal = { publiclyExposed: false, publiclyExposedBecause: 'service-internal' } as const

describe('3.1 system exposure', () => {
  it.each([
    ['internet', 'open'],
    ['unknown', 'open'],
    ['internal', 'controlled'],
    ['isolated', 'small'],
  ] as const)('of a service that is %s is %s', (serviceExposure, value) => {
    expect(systemExposureOf(anyFacts({ serviceExposure }), {}).value).toBe(value)
  })

  it('of a host that the internet reaches is open, whatever the catalogue says of its service', () => {
    const facts = anyFacts({ serviceExposure: 'isolated', publiclyExposedBecause: 'reachability-finding' })
    expect(systemExposureOf(facts, {})).toEqual({ value: 'open', source: 'a network reachability finding' })
  })

  it.each([
    ['active', 'yes', 'non-essential', 'out-of-cycle', 60],
    ['poc', 'yes', 'mission-critical', 'out-of-cycle', 39],
    ['none', 'yes', 'non-essential', 'scheduled', 12],
  ] as const)(
    'B5 controlled is stricter than small: %s, %s, %s is %s',
    (exploitation, automatable, tier, decision, row) => {
      const facts = anyFacts({ ...internal, serviceExposure: 'internal', exploitation, automatable, tier })
      const { winner } = assess('F', facts, anyRiskPolicy({ tables: ['ssvc-deployer'] }), sha256)
      expect(winner).toMatchObject({ decision, row })
    },
  )

  it('is what the policy says', () => {
    const own = { ssvc: { ...ssvc, systemExposure: { ...ssvc.systemExposure, internal: 'small' as const } } }
    expect(systemExposureOf(anyFacts({ serviceExposure: 'internal' }), own).value).toBe('small')
  })
})

describe('3.1 human impact', () => {
  it.each([
    ['mission-critical', 'very high'],
    ['business-essential', 'high'],
    ['non-essential', 'low'],
  ] as const)('of a %s service is %s by the official table, where the policy says nothing', (tier, value) => {
    expect(humanImpactOf({ tier }, {}).value).toBe(value)
  })

  it('of a tier is medium where the policy says so, and decides', () => {
    const facts = anyFacts({ serviceExposure: 'internet', exploitation: 'poc', automatable: 'yes' })
    const policy = anyRiskPolicy({ tables: ['ssvc-deployer'], ssvc })
    const { winner, reasons } = assess('F', facts, policy, sha256)
    expect(winner).toMatchObject({ row: 45, decision: 'scheduled' })
    expect(reasons).toContain(
      'human impact: medium (policy for tier business-essential: safety impact marginal, mission impact mef failure)',
    )
    expect(reasons).toContain('system exposure: open (policy for services with exposure internet)')
  })
})
