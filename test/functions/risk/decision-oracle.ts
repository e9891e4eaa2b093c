/**
 * The decisions as their publishers print them, typed off the documents row by row and read by code that shares nothing
 * with the product: no CSV, no table reader, no Temporal.
 */
import type { Policy } from '../../../functions/catalogue/policy.ts'
import type { RiskFacts } from '../../../functions/risk/assessment.ts'

/** In KEV, publicly exposed, automatable, technical impact; days, `u`: on system upgrade, `f`: forensic triage. */
const bod = `
  NNNp u   NNNt u   NNYp 60   NNYt 60   NYNp 60   NYNt 14   NYYp 14   NYYt 3
  YNNp 14  YNNt 14  YNYp 14   YNYt 3f   YYNp 14   YYNt 3f   YYYp 3    YYYt 3f`

/** Exploitation, automatable, technical impact; track, track*, attend or act at low, medium and high mission impact. */
const coordinator = `
  noneNp t,t,t    noneNt t,t,t*     noneYp t,t,at    noneYt t,t,at
  pocNp t,t,t*    pocNt t,t*,at     pocYp t,t,at     pocYt t,t*,at
  activeNp t,t,at activeNt t,at,ac  activeYp at,at,ac  activeYt at,ac,ac`

/** Exploitation, exposure, automatable; defer, scheduled, out of cycle, immediate at low to very high human impact. */
const deployer = `
  none-small-N DDSS    none-small-Y DSSS    none-controlled-N DSSS    none-controlled-Y SSSS    none-open-N DSSS    none-open-Y SSSO
  poc-small-N DSSS     poc-small-Y SSSS     poc-controlled-N DSSS     poc-controlled-Y SSSO     poc-open-N SSSO     poc-open-Y SSOO
  active-small-N SSOO  active-small-Y SOOO  active-controlled-N SSOO  active-controlled-Y OOOO  active-open-N SOOI  active-open-Y OOII`

const entries = (text: string): ReadonlyMap<string, string> => {
  const words = text.trim().split(/\s+/)
  return new Map(words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? '']] : [])))
}
const [bodRows, coordinatorRows, deployerRows] = [entries(bod), entries(coordinator), entries(deployer)]

const coordinatorNames: Readonly<Record<string, string>> = { t: 'track', 't*': 'track*', at: 'attend', ac: 'act' }
const deployerNames: Readonly<Record<string, string>> = {
  D: 'defer',
  S: 'scheduled',
  O: 'out-of-cycle',
  I: 'immediate',
}

/** What a table says of inputs that are all known. */
export interface Decided {
  readonly outcome: string
  readonly days: number | undefined
  readonly needsForensicTriage: boolean
}

interface Known {
  readonly automatable: 'yes' | 'no'
  readonly technicalImpact: 'partial' | 'total'
}

const letter = (value: boolean) => (value ? 'Y' : 'N')

export function bodOf(facts: RiskFacts, { automatable, technicalImpact }: Known): Decided {
  const key = `${letter(facts.inKev)}${letter(facts.publiclyExposed)}${letter(automatable === 'yes')}${technicalImpact[0]}`
  const printed = bodRows.get(key) ?? '?'
  const days = printed === 'u' ? undefined : Number.parseInt(printed, 10)
  const needsForensicTriage = printed.endsWith('f')
  const outcome =
    days === undefined
      ? 'fix on system upgrade'
      : `${days} days${needsForensicTriage ? ' & forensic investigation' : ''}`
  return { outcome, days, needsForensicTriage }
}

export function coordinatorOf(facts: RiskFacts, known: Known, ssvcDays: Policy['risk']['ssvcDays']): Decided {
  const exploitation = facts.inKev ? 'active' : facts.exploitation
  const row = coordinatorRows.get(`${exploitation}${letter(known.automatable === 'yes')}${known.technicalImpact[0]}`)
  const at = { 'non-essential': 0, 'business-essential': 1, 'mission-critical': 2 }[facts.tier]
  const outcome = coordinatorNames[row?.split(',')[at] ?? '?'] ?? '?'
  const days = new Map(Object.entries(ssvcDays)).get(outcome)
  return { outcome, days, needsForensicTriage: false }
}

/** A host that is not exposed is controlled if its service is internal, small if isolated or told by an older Drydock. */
export function deployerOf(facts: RiskFacts, known: Known, ssvcDays: Policy['risk']['ssvcDays']): Decided {
  const exploitation = facts.inKev ? 'active' : facts.exploitation
  const exposure = facts.publiclyExposed ? 'open' : facts.serviceExposure === 'internal' ? 'controlled' : 'small'
  const row = deployerRows.get(`${exploitation}-${exposure}-${letter(known.automatable === 'yes')}`)
  const at = { 'non-essential': 0, 'business-essential': 2, 'mission-critical': 3 }[facts.tier]
  const outcome = deployerNames[row?.[at] ?? '?'] ?? '?'
  const days = new Map(Object.entries(ssvcDays)).get(outcome)
  return { outcome, days, needsForensicTriage: false }
}

/** Missing values: at their worst in KEV, else not automatable and total. */
const filled = ({ inKev, automatable, technicalImpact }: RiskFacts): Known => ({
  automatable: automatable === 'missing' ? (inKev ? 'yes' : 'no') : automatable,
  technicalImpact: technicalImpact === 'missing' ? 'total' : technicalImpact,
})

/** The days, triage and outcome for facts that may have gaps; `outcome` is absent where no row decides. */
export function expected(table: string, facts: RiskFacts, policy: Policy['risk']): Partial<Decided> {
  const known = filled(facts)
  if (table === 'cisa-coordinator') return coordinatorOf(facts, known, policy.ssvcDays)
  if (table === 'ssvc-deployer') return deployerOf(facts, known, policy.ssvcDays)
  const decided = bodOf(facts, known)
  const gaps = [facts.automatable, facts.technicalImpact].filter((value) => value === 'missing').length
  if (gaps === 0 || facts.inKev || policy.missingVulnrichment !== 'sixty-days') return decided
  if (gaps === 2 || decided.days === undefined) return { days: 60, needsForensicTriage: false }
  return decided
}

/** Calendar days from the earlier of KEV listing and detection, in milliseconds of UTC. */
export function dueAt({ kevDateAdded, detectedAt }: RiskFacts, days: number | undefined): string | undefined {
  if (days === undefined) return undefined
  const listedMs = kevDateAdded === undefined ? Number.POSITIVE_INFINITY : Date.parse(`${kevDateAdded}T00:00:00Z`)
  return new Date(Math.min(listedMs, Date.parse(detectedAt)) + days * 86_400_000).toISOString()
}
