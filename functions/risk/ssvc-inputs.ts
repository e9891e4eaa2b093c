/** What SSVC's tables ask about a service: system exposure, human impact and mission impact, each with its source. */
import type { Policy } from '../catalogue/index.ts'
import type { RiskFacts } from './assessment.ts'
import { evaluate } from './decision-table.ts'
import { officialTables } from './tables.ts'

/** One input of a table, and where its value comes from, in words. */
export interface Sourced {
  readonly value: string
  readonly source: string
}

type RiskPolicy = Pick<Policy['risk'], 'ssvc'>
type Ssvc = NonNullable<RiskPolicy['ssvc']>

/**
 * What holds where a policy says nothing. The impacts give very high, high and low by the official table, as they were
 * before there was a choice; a service whose failure harms nobody may be given a milder safety impact.
 */
const ssvcDefaults: Ssvc = {
  systemExposure: { internet: 'open', unknown: 'open', internal: 'controlled', isolated: 'small' },
  impact: {
    'mission-critical': { safety: 'negligible', mission: 'mission failure' },
    'business-essential': { safety: 'critical', mission: 'mef failure' },
    'non-essential': { safety: 'negligible', mission: 'degraded' },
  },
}

/** System Exposure 1.0.1: open, controlled or small. Facts of an older Drydock told exposed and not exposed only. */
export function systemExposureOf(facts: RiskFacts, { ssvc = ssvcDefaults }: RiskPolicy): Sourced {
  const { serviceExposure, publiclyExposed, publiclyExposedBecause } = facts
  if (publiclyExposedBecause === 'reachability-finding')
    return { value: 'open', source: 'a network reachability finding' }
  if (serviceExposure === undefined)
    return { value: publiclyExposed ? 'open' : 'small', source: 'whether it is publicly exposed' }
  return { value: ssvc.systemExposure[serviceExposure], source: `policy for services with exposure ${serviceExposure}` }
}

/** Human Impact 2.0.2, by the official table from the safety and mission impact that the policy gives the tier. */
export function humanImpactOf({ tier }: Pick<RiskFacts, 'tier'>, { ssvc = ssvcDefaults }: RiskPolicy): Sourced {
  const { safety, mission } = ssvc.impact[tier]
  const fired = evaluate(officialTables['ssvc-human-impact'], { 'Safety Impact': safety, 'Mission Impact': mission })
  const source = `policy for tier ${tier}: safety impact ${safety}, mission impact ${mission}`
  return { value: 'outcome' in fired ? fired.outcome : 'unknown', source }
}

const missionByTier = { 'mission-critical': 'high', 'business-essential': 'medium', 'non-essential': 'low' } as const

/** Mission and Well-Being Impact 1.0.0, which only the coordinator's table asks for. */
export const missionImpactOf = ({ tier }: Pick<RiskFacts, 'tier'>): Sourced => ({
  value: missionByTier[tier],
  source: `tier ${tier}`,
})

/** The values in words; none of an older Drydock's facts, whose words must stay as they were. */
export function ssvcWords(facts: RiskFacts, policy: Policy['risk']): string[] {
  if (facts.serviceExposure === undefined) return []
  const words = (name: string, { value, source }: Sourced) => `${name}: ${value} (${source})`
  return [
    ...(policy.tables.includes('ssvc-deployer')
      ? [words('system exposure', systemExposureOf(facts, policy)), words('human impact', humanImpactOf(facts, policy))]
      : []),
    ...(policy.tables.includes('cisa-coordinator')
      ? [words('mission and well-being impact', missionImpactOf(facts))]
      : []),
  ]
}
