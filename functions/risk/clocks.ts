/** What each decision table says for a set of facts: the row that fired and the due date. */
import type { Policy } from '../catalogue/index.ts'
import { dayStartMs, instantMs, isoInstant } from '../kit/time.ts'
import type { Clock, CveFacts, RiskFacts } from './assessment.ts'
import { type DecisionTable, evaluate } from './decision-table.ts'
import { humanImpactOf, missionImpactOf, systemExposureOf } from './ssvc-inputs.ts'
import { officialTables } from './tables.ts'

type RiskPolicy = Policy['risk']
type TableName = RiskPolicy['tables'][number]

const dayMs = 86_400_000

/**
 * BOD 26-04: the clock starts at the earlier of KEV listing (00:00 UTC of its day) and detection on the asset.
 *
 * @returns milliseconds since the epoch.
 * @throws DrydockError DD1008 when either is unreadable.
 */
export function clockStartMs({ kevDateAdded, detectedAt }: RiskFacts): number {
  const detectedMs = instantMs(detectedAt)
  return kevDateAdded === undefined ? detectedMs : Math.min(dayStartMs(kevDateAdded), detectedMs)
}

/** The facts of one CVE of several: what the feeds say of it alone. */
export function factsOfCve(facts: RiskFacts, { cveId, ...own }: CveFacts): RiskFacts {
  const { cves: _, kevDateAdded, isKevVanished, epss, ...shared } = facts
  return { ...shared, ...own, vulnerabilityId: cveId }
}

/** The facts that a clock was asked about. */
export function factsOfClock(facts: RiskFacts, { cveId }: Clock): RiskFacts {
  const own = facts.cves?.find((one) => one.cveId === cveId)
  return own ? factsOfCve(facts, own) : facts
}

/** The day of `clockStartMs`, `YYYY-MM-DD` in UTC. */
export const clockStartDay = (facts: RiskFacts): string =>
  (clockStartMs(facts) < instantMs(facts.detectedAt) ? facts.kevDateAdded : undefined) ?? facts.detectedAt.slice(0, 10)

/** Days from the start of the clock to the due date; undefined for a clock without one. */
export function clockDays(facts: RiskFacts, clock: Clock): number | undefined {
  if (clock.dueAt === undefined) return undefined
  return (instantMs(clock.dueAt) - clockStartMs(factsOfClock(facts, clock))) / dayMs
}

/** Calendar days, weekends and holidays included. */
const dueAfter = (facts: RiskFacts, days: number) => isoInstant(clockStartMs(facts) + Math.round(days * dayMs))

const yesNo = (value: boolean) => (value ? 'yes' : 'no')

/** A CVE in KEV is exploited, whatever other feeds say. */
export const exploitationOf = (facts: RiskFacts) => (facts.inKev ? 'active' : facts.exploitation)

interface Filled {
  readonly automatable: 'yes' | 'no'
  readonly technicalImpact: 'partial' | 'total'
}

/**
 * The facts with missing values filled in: the worst for a CVE in KEV (every KEV row has values, so a missing one is
 * our gap), else the guidance's default of not automatable and total impact.
 */
const fill = (facts: RiskFacts): Filled => ({
  automatable: facts.automatable === 'missing' ? (facts.inKev ? 'yes' : 'no') : facts.automatable,
  technicalImpact: facts.technicalImpact === 'missing' ? 'total' : facts.technicalImpact,
})

/** The rule that filled in values that a table reads; undefined if none was missing. */
function fillRule(facts: RiskFacts, table: DecisionTable): string | undefined {
  const missing = [
    ...(facts.automatable === 'missing' && table.inputs.includes('Automatable') ? ['automatable'] : []),
    ...(facts.technicalImpact === 'missing' && table.inputs.includes('Technical Impact') ? ['technical impact'] : []),
  ]
  if (missing.length === 0) return undefined
  const filled = fill(facts)
  const values = missing.map((name) => (name === 'automatable' ? filled.automatable : filled.technicalImpact))
  return `${missing.join(' and ')} missing, taken as ${values.join(' and ')}`
}

interface Answer {
  readonly row?: number
  readonly decision: string
  readonly days: number | undefined
  readonly needsForensicTriage: boolean
}

const clockOf = (table: DecisionTable, facts: RiskFacts, { days, ...answer }: Answer): Clock => ({
  table: table.name,
  tableVersion: table.version,
  ...answer,
  ...(days === undefined ? {} : { dueAt: dueAfter(facts, days) }),
})

const strictestDays = 3
/** An unforeseen fact or outcome takes the shortest clock: in doubt, sooner. */
const inDoubt = (because: string): Answer => ({
  decision: `${strictestDays} days (${because})`,
  days: strictestDays,
  needsForensicTriage: false,
})

const sixtyDays = 60

function bodAnswer(table: DecisionTable, facts: RiskFacts, policy: RiskPolicy): Answer {
  const rule = fillRule(facts, table)
  const isSixtyDays = rule !== undefined && !facts.inKev && policy.missingVulnrichment === 'sixty-days'
  if (isSixtyDays && facts.automatable === 'missing' && facts.technicalImpact === 'missing')
    return { decision: '60 days (no Vulnrichment values: sixty-days)', days: sixtyDays, needsForensicTriage: false }
  const filled = fill(facts)
  const fired = evaluate(table, {
    'In KEV': yesNo(facts.inKev),
    'Publicly Exposed': yesNo(facts.publiclyExposed),
    Automatable: filled.automatable,
    'Technical Impact': filled.technicalImpact,
  })
  if ('unknown' in fired) return inDoubt(`${fired.unknown} is ${fired.value ?? 'missing'}`)
  const isUpgrade = fired.outcome === 'fix on system upgrade'
  const named = /^(\d+) days\b/.exec(fired.outcome)?.[1]
  if (!isUpgrade && named === undefined) return inDoubt(`${table.name} says "${fired.outcome}"`)
  const days = named === undefined ? undefined : Number(named)
  // One of the two values is known: it may shorten the sixty days, never lengthen them.
  if (isSixtyDays && days === undefined)
    return { decision: `60 days (${rule}: sixty-days)`, days: sixtyDays, needsForensicTriage: false }
  return {
    row: fired.row,
    decision: rule === undefined ? fired.outcome : `${fired.outcome} (${rule})`,
    days,
    needsForensicTriage: fired.outcome.includes('forensic'),
  }
}

/** Tables say `poc` or, from version 1.1.0 of the decision point on, `public poc`. */
function exploitationWord(table: DecisionTable, facts: RiskFacts): string {
  const exploitation = exploitationOf(facts)
  const column = table.inputs.indexOf('Exploitation')
  const isPublicPoc = table.rows.some(({ values }) => values[column] === 'public poc')
  return exploitation === 'poc' && isPublicPoc ? 'public poc' : exploitation
}

/** SSVC decisions that require nothing beyond the usual upgrade. */
const clockless = ['track', 'defer']

function ssvcAnswer(table: DecisionTable, facts: RiskFacts, policy: RiskPolicy): Answer {
  const rule = fillRule(facts, table)
  const filled = fill(facts)
  const fired = evaluate(table, {
    Exploitation: exploitationWord(table, facts),
    'System Exposure': systemExposureOf(facts, policy).value,
    Automatable: filled.automatable,
    'Human Impact': humanImpactOf(facts, policy).value,
    'Technical Impact': filled.technicalImpact,
    'Mission and Well-Being Impact': missionImpactOf(facts).value,
  })
  if ('unknown' in fired) return inDoubt(`${fired.unknown} is ${fired.value ?? 'missing'}`)
  const days = Object.entries(policy.ssvcDays).find(([decision]) => decision === fired.outcome)?.[1]
  if (days === undefined && !clockless.includes(fired.outcome)) return inDoubt(`no days for "${fired.outcome}"`)
  return {
    row: fired.row,
    decision: rule === undefined ? fired.outcome : `${fired.outcome} (${rule})`,
    days,
    needsForensicTriage: false,
  }
}

/** The result of one official table. */
export function askTable(name: TableName, facts: RiskFacts, policy: RiskPolicy): Clock {
  const table = officialTables[name]
  const answer = name === 'cisa-bod-26-04' ? bodAnswer(table, facts, policy) : ssvcAnswer(table, facts, policy)
  return clockOf(table, facts, answer)
}
