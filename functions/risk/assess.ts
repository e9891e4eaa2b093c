/** From facts to a decision: every table is asked, the strictest clock wins, the others are shown. */
import { Temporal } from 'temporal-polyfill'
import type { Policy } from '../catalogue/index.ts'
import { canonicalJson } from '../kit/json.ts'
import type { Assessment, Clock, RiskFacts } from './assessment.ts'
import { evaluate } from './decision-table.ts'
import { officialTables } from './tables.ts'

type RiskPolicy = Policy['risk']

const addDays = (instant: string, days: number) =>
  Temporal.Instant.from(instant)
    .add({ hours: days * 24 })
    .toString({ fractionalSecondDigits: 3 })

/** BOD 26-04: the clock starts at the earlier of KEV listing and detection on the asset. */
function clockStart(facts: RiskFacts): string {
  const listed =
    facts.kevDateAdded === undefined
      ? undefined
      : Temporal.PlainDate.from(facts.kevDateAdded)
          .toZonedDateTime('UTC')
          .toInstant()
          .toString({ fractionalSecondDigits: 3 })
  return listed !== undefined && listed < facts.detectedAt ? listed : facts.detectedAt
}

const yesNo = (value: boolean) => (value ? 'yes' : 'no')

/** KEV rows with missing values are taken at their worst; others by the policy's rule. */
function completed(
  facts: RiskFacts,
  policy: RiskPolicy,
): { automatable: string; technicalImpact: string; rule?: string } {
  if (facts.automatable !== 'missing' && facts.technicalImpact !== 'missing')
    return { automatable: facts.automatable, technicalImpact: facts.technicalImpact }
  const automatable = facts.automatable === 'missing' ? (facts.inKev ? 'yes' : 'no') : facts.automatable
  const technicalImpact = facts.technicalImpact === 'missing' ? 'total' : facts.technicalImpact
  return {
    automatable,
    technicalImpact,
    rule: facts.inKev
      ? 'in KEV with missing values: taken as automatable and total'
      : `missing Vulnrichment: ${policy.missingVulnrichment}`,
  }
}

const bodDays: Readonly<Record<string, number | undefined>> = {
  '3 days': 3,
  '3 days & forensic investigation': 3,
  '14 days': 14,
  '60 days': 60,
  'fix on system upgrade': undefined,
}

function bodClock(facts: RiskFacts, policy: RiskPolicy): Clock {
  const { table, version } = tableOf('cisa-bod-26-04')
  const { automatable, technicalImpact, rule } = completed(facts, policy)
  if (rule !== undefined && !facts.inKev && policy.missingVulnrichment === 'sixty-days') {
    return {
      table: table.name,
      tableVersion: version,
      decision: `60 days (${rule})`,
      dueAt: addDays(clockStart(facts), 60),
      needsForensicTriage: facts.kevForensicTriage,
    }
  }
  const fired = evaluate(table, {
    'In KEV': yesNo(facts.inKev),
    'Publicly Exposed': yesNo(facts.publiclyExposed),
    Automatable: automatable,
    'Technical Impact': technicalImpact,
  })
  if ('unknown' in fired)
    return strictest(table.name, version, facts, `${fired.unknown} is ${fired.value ?? 'missing'}`)
  const days = bodDays[fired.outcome]
  return {
    table: table.name,
    tableVersion: version,
    row: fired.row,
    decision: rule === undefined ? fired.outcome : `${fired.outcome} (${rule})`,
    ...(days === undefined ? {} : { dueAt: addDays(clockStart(facts), days) }),
    needsForensicTriage: facts.kevForensicTriage || fired.outcome.includes('forensic'),
  }
}

/** A fact that a table does not know decides for the shortest clock: in doubt, sooner. */
const strictest = (table: string, tableVersion: string, facts: RiskFacts, because: string): Clock => ({
  table,
  tableVersion,
  decision: `3 days (${because})`,
  dueAt: addDays(clockStart(facts), 3),
  needsForensicTriage: facts.kevForensicTriage,
})

const impactByTier = {
  'mission-critical': ['very high', 'high'],
  'business-essential': ['high', 'medium'],
  'non-essential': ['low', 'low'],
} as const

function ssvcClock(name: 'ssvc-deployer' | 'cisa-coordinator', facts: RiskFacts, policy: RiskPolicy): Clock {
  const { table, version } = tableOf(name)
  const { automatable, technicalImpact, rule } = completed(facts, policy)
  const [humanImpact, missionImpact] = impactByTier[facts.tier]
  const fired = evaluate(table, {
    Exploitation: facts.exploitation,
    'System Exposure': facts.publiclyExposed ? 'open' : 'small',
    Automatable: automatable,
    'Human Impact': humanImpact,
    'Technical Impact': technicalImpact,
    'Mission and Well-Being Impact': missionImpact,
  })
  if ('unknown' in fired)
    return strictest(table.name, version, facts, `${fired.unknown} is ${fired.value ?? 'missing'}`)
  const days = Object.entries(policy.ssvcDays).find(([decision]) => decision === fired.outcome)?.[1]
  return {
    table: table.name,
    tableVersion: version,
    row: fired.row,
    decision: rule === undefined ? fired.outcome : `${fired.outcome} (${rule})`,
    ...(days === undefined ? {} : { dueAt: addDays(clockStart(facts), days) }),
    needsForensicTriage: facts.kevForensicTriage,
  }
}

function tableOf(name: RiskPolicy['tables'][number]) {
  const table = officialTables[name]
  return { table, version: table.version }
}

const later = '9999'
const byDue = (left: Clock, right: Clock) =>
  (left.dueAt ?? later) < (right.dueAt ?? later)
    ? -1
    : (left.dueAt ?? later) > (right.dueAt ?? later)
      ? 1
      : Number(right.needsForensicTriage) - Number(left.needsForensicTriage)

/** Decides. The same facts, policy and tables give the same bytes. */
export function assess(
  findingId: string,
  facts: RiskFacts,
  policyRisk: RiskPolicy,
  digest: (text: string) => string,
): Assessment {
  const clocks = policyRisk.tables.map((name) =>
    name === 'cisa-bod-26-04' ? bodClock(facts, policyRisk) : ssvcClock(name, facts, policyRisk),
  )
  const [winner, ...losers] = clocks.toSorted(byDue)
  if (!winner) throw new Error('the policy names no table')
  return {
    findingId,
    facts,
    policyHash: digest(canonicalJson(policyRisk)),
    policyRisk,
    winner,
    losers,
    order: orderOf(facts, winner),
    reasons: reasonsOf(facts, winner, losers),
  }
}

/**
 * 0-100: 40 for the clock (3 days or less 40, 14 days 28, 60 days 12), 20 for exploitation, 15 for EPSS, 10 for CVSS, 10 for exposure, 5 for tier.
 * Only sorts within the same due date; never decides one.
 */
function orderOf(facts: RiskFacts, winner: Clock): number {
  const days =
    winner.dueAt === undefined
      ? undefined
      : Temporal.Instant.from(winner.dueAt)
          .since(Temporal.Instant.from(clockStart(facts)))
          .total('hours') / 24
  const clock = days === undefined ? 0 : days <= 3 ? 40 : days <= 14 ? 28 : days <= 60 ? 12 : 4
  const exploitation = { none: 0, poc: 8, active: 20 }[facts.exploitation]
  const tier = { 'mission-critical': 5, 'business-essential': 3, 'non-essential': 0 }[facts.tier]
  return Math.min(
    100,
    Math.round(
      clock +
        exploitation +
        15 * (facts.epss ?? 0) +
        (facts.cvss?.score ?? 0) +
        (facts.publiclyExposed ? 10 : 0) +
        tier,
    ),
  )
}

const exposureWords = {
  'reachability-finding': 'reachable from the internet (network reachability finding)',
  'service-exposure': 'its service is exposed to the internet',
  'unknown-counts-as-exposed': 'exposure is unknown, which counts as exposed',
  'service-internal': 'its service is internal',
} as const

function reasonsOf(facts: RiskFacts, winner: Clock, losers: readonly Clock[]): string[] {
  return [
    `${winner.table}${winner.row === undefined ? '' : ` row ${winner.row}`}: ${winner.decision}`,
    facts.inKev ? `in CISA KEV since ${facts.kevDateAdded ?? 'an unknown date'}` : 'not in CISA KEV',
    exposureWords[facts.publiclyExposedBecause],
    `automatable: ${facts.automatable}, technical impact: ${facts.technicalImpact}`,
    ...(facts.epss === undefined ? [] : [`EPSS ${(facts.epss * 100).toFixed(1)} % in 30 days`]),
    ...(facts.cvss === undefined ? [] : [`CVSS ${facts.cvss.version} base ${facts.cvss.score.toFixed(1)}`]),
    `tier ${facts.tier}`,
    ...losers.map((loser) => `${loser.table} would give ${loser.dueAt?.slice(0, 10) ?? 'no date'} (${loser.decision})`),
  ]
}
