/** From facts to a decision: every table of the policy is evaluated, the strictest clock wins, the others are shown. */
import type { Policy } from '../catalogue/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { DrydockError } from '../kit/errors.ts'
import { canonicalJson } from '../kit/json.ts'
import type { Assessment, Clock, RiskFacts } from './assessment.ts'
import { askTable, clockDays, clockStartDay, exploitationOf, factsOfCve } from './clocks.ts'
import { ssvcWords } from './ssvc-inputs.ts'

/** Later than every due date. */
const never = '~'

const byDue = byTextOf(({ dueAt }: Clock) => dueAt ?? never)

/** One CVE of a finding, or its only facts, with every table's clock, strictest first. */
interface Judged {
  readonly facts: RiskFacts
  readonly clocks: readonly [Clock, ...Clock[]]
  readonly priority: number
}

/** Most other CVEs whose clock is kept: an update of Windows fixes 150. */
const otherCvesMax = 20

/**
 * Decides about one finding. Equal facts, policy and tables give equal bytes (I17).
 *
 * Each CVE of a finding is judged by itself, and the strictest clock of all decides: two mild CVEs do not add up to a
 * grave one. At the same due date the CVE of higher priority is named.
 *
 * @param digest SHA-256 of a text as hex.
 * @returns the strictest clock as `winner`, the others in the order of their due dates, then of the policy. Forensic
 * triage belongs to the finding, so every clock carries it when KEV or any table requires it.
 * @throws DrydockError DD1302 when the policy names no table.
 */
export function assess(
  findingId: string,
  facts: RiskFacts,
  policyRisk: Policy['risk'],
  digest: (text: string) => string,
): Assessment {
  const judged = judgedOf(facts, policyRisk)
  const [{ facts: deciding, clocks }, ...others] = judged
  const [winner, ...tables] = clocks
  const losers = [...tables, ...others.slice(0, otherCvesMax).map((other) => other.clocks[0])]
  return {
    findingId,
    facts,
    policyHash: policyHashOf(policyRisk, digest),
    policyRisk,
    winner,
    losers,
    priority: Math.max(...judged.map(({ priority }) => priority)),
    reasons: reasonsOf(deciding, { winner, tables, cves: judged.length, policyRisk }),
  }
}

/** Every CVE judged, the one that decides first. */
function judgedOf(facts: RiskFacts, policyRisk: Policy['risk']): readonly [Judged, ...Judged[]] {
  const each = facts.cves?.map((cve) => factsOfCve(facts, cve)) ?? [facts]
  const asked = each.map((own) => ({ own, clocks: policyRisk.tables.map((name) => askTable(name, own, policyRisk)) }))
  const needsForensicTriage =
    each.some(({ kevForensicTriage }) => kevForensicTriage) ||
    asked.some(({ clocks }) => clocks.some((clock) => clock.needsForensicTriage))
  const judged = asked.flatMap(({ own, clocks }): Judged[] => {
    const cve = facts.cves && own.vulnerabilityId !== undefined ? { cveId: own.vulnerabilityId } : {}
    const [first, ...rest] = clocks.map((clock) => ({ ...clock, needsForensicTriage, ...cve })).toSorted(byDue)
    return first ? [{ facts: own, clocks: [first, ...rest], priority: priorityOf(own, first) }] : []
  })
  const [decides, ...others] = judged.toSorted(
    (left, right) => byDue(left.clocks[0], right.clocks[0]) || right.priority - left.priority,
  )
  if (!decides) throw new DrydockError('DD1302', 'policy.risk.tables is empty; name at least one decision table')
  return [decides, ...others]
}

/** A policy is never changed in place, so its hash is computed once for many findings. */
const hashes = new WeakMap<Policy['risk'], { readonly digest: (text: string) => string; readonly hash: string }>()

function policyHashOf(policyRisk: Policy['risk'], digest: (text: string) => string): string {
  const known = hashes.get(policyRisk)
  if (known?.digest === digest) return known.hash
  const hash = digest(canonicalJson(policyRisk))
  hashes.set(policyRisk, { digest, hash })
  return hash
}

const clockPoints = (days: number | undefined) =>
  days === undefined ? 0 : days <= 3 ? 40 : days <= 14 ? 28 : days <= 60 ? 12 : 4
const exploitationPoints = { none: 0, poc: 8, active: 16 } as const
const tierPoints = { 'mission-critical': 5, 'business-essential': 3, 'non-essential': 0 } as const

/**
 * Who goes first among many, 0-100. It sorts and decides nothing: the tables decide.
 *
 * | points | for |
 * | --- | --- |
 * | 40, 28, 12, 4, 0 | the winning clock: up to 3 days, 14, 60, longer, none |
 * | 20, 16, 8, 0 | in KEV, exploited, proof of concept, none |
 * | 0-15 | EPSS probability x 15 |
 * | 0-10 | CVSS score, whatever its version |
 * | 10, 0 | publicly exposed |
 * | 5, 3, 0 | mission-critical, business-essential, non-essential |
 *
 * The time left to the due date does not count: it would need a clock, and equal facts would no longer give equal
 * bytes.
 */
function priorityOf(facts: RiskFacts, winner: Clock): number {
  const points =
    clockPoints(clockDays(facts, winner)) +
    (facts.inKev ? 20 : exploitationPoints[facts.exploitation]) +
    15 * (facts.epss ?? 0) +
    (facts.cvss?.score ?? 0) +
    (facts.publiclyExposed ? 10 : 0) +
    tierPoints[facts.tier]
  return Math.min(100, Math.round(points))
}

const exposureWords = {
  'reachability-finding': 'reachable from the internet (network reachability finding)',
  'service-exposure': 'its service is exposed to the internet',
  'unknown-counts-as-exposed': 'exposure is unknown, which counts as exposed',
  'service-internal': 'its service is internal',
  'service-isolated': 'its service is isolated',
} as const

/** What was decided, in parts that words are made of. */
interface Decided {
  readonly winner: Clock
  /** The other tables' clocks. */
  readonly tables: readonly Clock[]
  /** How many CVEs were judged. */
  readonly cves: number
  readonly policyRisk: Policy['risk']
}

function reasonsOf(facts: RiskFacts, { winner, tables, cves, policyRisk }: Decided): string[] {
  const day = ({ dueAt }: Clock) => dueAt?.slice(0, 10)
  const row = winner.row === undefined ? '' : ` row ${winner.row}`
  const due = day(winner) === undefined ? 'no due date' : `due ${day(winner)}`
  return [
    `${winner.table}${row}: ${winner.decision}, ${due}, counted from ${clockStartDay(facts)}`,
    ...(cves > 1 ? [`${winner.cveId} decides, the strictest of ${cves} CVEs`] : []),
    kevWords(facts),
    ...(winner.needsForensicTriage ? ['forensic triage is required before the patch'] : []),
    exposureWords[facts.publiclyExposedBecause],
    `exploitation: ${exploitationOf(facts)}, automatable: ${facts.automatable}, technical impact: ${facts.technicalImpact}`,
    ...(facts.epss === undefined ? [] : [`EPSS ${(facts.epss * 100).toFixed(1)} % in 30 days`]),
    ...(facts.cvss === undefined ? [] : [`CVSS ${facts.cvss.version} score ${facts.cvss.score.toFixed(1)}`]),
    ...(facts.cvssRefused ?? []).map((refused) => `CVSS vector not used: ${refused}`),
    `tier ${facts.tier}`,
    ...ssvcWords(facts, policyRisk),
    ...(facts.staleFeeds ?? []).map((feed) => `the ${feed} feed is older than the policy allows`),
    ...tables.map((loser) => `${loser.table} would give ${day(loser) ?? 'no due date'} (${loser.decision})`),
  ]
}

function kevWords({ inKev, kevDateAdded, isKevVanished }: RiskFacts): string {
  if (!inKev) return 'not in CISA KEV'
  const since = `in CISA KEV since ${kevDateAdded ?? 'an unknown date'}`
  return isKevVanished ? `${since}; missing from the newest catalogue, which lowers nothing` : since
}
