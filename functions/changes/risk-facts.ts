/** The facts that a decision about a finding rests on, from the finding, its service and threat intelligence. */
import type { Service } from '../catalogue/index.ts'
import type { Finding } from '../finding/index.ts'
import type { CveIntel } from '../intel/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { instantMs } from '../kit/time.ts'
import { type CveFacts, cvssFacts, type RiskFacts } from '../risk/index.ts'

/** What the feeds say of a CVE, with its id. */
export interface NamedIntel extends CveIntel {
  readonly cveId: string
}

export interface FactSources {
  readonly finding: Finding
  /** Undefined: the host has no service. It then counts as exposed and mission-critical. */
  readonly service: Service | undefined
  /** Intelligence on each CVE of the finding. */
  readonly intel: readonly NamedIntel[]
  /** Whether an active network-reachability finding shows the host reachable from the internet. */
  readonly isReachable: boolean
  /** ISO instant. */
  readonly now: string
  readonly feedAgeHoursMax: number
}

/** The first of `order` that occurs; worst first. */
const worst = <Value>(order: readonly Value[], values: readonly (Value | undefined)[]): Value | undefined =>
  order.find((value) => values.includes(value))

/** Gathers the facts; of several CVEs each one's own, and the worst of each. */
export function riskFacts(sources: FactSources): RiskFacts {
  const { finding, service, intel } = sources
  const vulnrichment = intel.map((one) => one.vulnrichment)
  const epss = probabilityOf(sources)
  const stated = [
    ...vulnrichment.map((one) => one?.exploitation),
    ...(finding.isExploitAvailable ? ['poc' as const] : []),
  ]
  return {
    ...(finding.vulnerabilityId === undefined ? {} : { vulnerabilityId: finding.vulnerabilityId }),
    ...kevFacts(intel),
    ...exposureOf(sources),
    automatable:
      worst(
        ['yes', 'no'],
        vulnrichment.map((one) => one?.automatable),
      ) ?? 'missing',
    technicalImpact:
      worst(
        ['total', 'partial'],
        vulnrichment.map((one) => one?.technicalImpact),
      ) ?? 'missing',
    exploitation: intel.some(({ kev }) => kev) ? 'active' : (worst(['active', 'poc'] as const, stated) ?? 'none'),
    tier: service?.tier ?? 'mission-critical',
    ...(epss === undefined ? {} : { epss }),
    ...cvssFacts(finding.cvss.map(({ vector }) => vector)),
    detectedAt: finding.firstObservedAt,
    ...(intel.length > 1 ? { cves: intel.map((one) => cveFacts(one, finding)).toSorted(byTextOf(cveIdIn)) } : {}),
    ...feedFacts(sources),
  }
}

const cveIdIn = ({ cveId }: CveFacts) => cveId

/** The scanner does not say of which CVE it knows an exploit, so it counts for each; its EPSS is that of its own id. */
function cveFacts(one: NamedIntel, { vulnerabilityId, epss, isExploitAvailable }: Finding): CveFacts {
  const { cveId, kev, vulnrichment } = one
  const stated = [vulnrichment?.exploitation, isExploitAvailable ? ('poc' as const) : undefined]
  const probability = one.epss?.probability ?? (cveId === vulnerabilityId ? epss : undefined)
  return {
    cveId,
    ...kevFacts([one]),
    automatable: vulnrichment?.automatable ?? 'missing',
    technicalImpact: vulnrichment?.technicalImpact ?? 'missing',
    exploitation: kev ? 'active' : (worst(['active', 'poc'] as const, stated) ?? 'none'),
    ...(probability === undefined ? {} : { epss: probability }),
  }
}

type FeedFact = RiskFacts['feeds'][string]

/** EPSS from the feed, else from the scanner. */
function probabilityOf({ finding, intel }: FactSources): number | undefined {
  const known = intel.flatMap(({ epss }) => (epss ? [epss.probability] : []))
  return known.length > 0 ? Math.max(...known) : finding.epss
}

type KevFacts = Pick<CveFacts, 'inKev' | 'kevDateAdded' | 'isKevVanished' | 'kevForensicTriage'>

function kevFacts(intel: readonly CveIntel[]): KevFacts {
  const listed = intel.flatMap(({ kev }) => (kev ? [kev] : []))
  const kevDateAdded = listed.map(({ dateAdded }) => dateAdded).sort()[0]
  return {
    inKev: listed.length > 0,
    ...(kevDateAdded === undefined ? {} : { kevDateAdded }),
    ...(listed.length > 0 && listed.every(({ isVanished }) => isVanished) ? { isKevVanished: true } : {}),
    kevForensicTriage: listed.some(({ forensicTriage }) => forensicTriage),
  }
}

type ExposureFacts = Pick<RiskFacts, 'publiclyExposed' | 'publiclyExposedBecause' | 'serviceExposure'>

/** BOD 26-04: anything not known to be internal is exposed. */
function exposureOf({ service, isReachable }: FactSources): ExposureFacts {
  const serviceExposure = service?.exposure ?? 'unknown'
  if (isReachable) return { publiclyExposed: true, publiclyExposedBecause: 'reachability-finding', serviceExposure }
  return { ...exposures[serviceExposure], serviceExposure }
}

const exposures = {
  internet: { publiclyExposed: true, publiclyExposedBecause: 'service-exposure' },
  unknown: { publiclyExposed: true, publiclyExposedBecause: 'unknown-counts-as-exposed' },
  internal: { publiclyExposed: false, publiclyExposedBecause: 'service-internal' },
  isolated: { publiclyExposed: false, publiclyExposedBecause: 'service-isolated' },
} as const

function feedFacts({ intel, now, feedAgeHoursMax }: FactSources): Pick<RiskFacts, 'feeds' | 'staleFeeds'> {
  const oldestMs = instantMs(now) - feedAgeHoursMax * 3_600_000
  const feeds: Record<string, FeedFact> = {}
  const stale = new Set<string>()
  for (const one of intel)
    for (const [name, { version, date, checkedAt }] of Object.entries(one.feeds)) {
      feeds[name] = { version, date }
      // Of several statements about one feed the last counts.
      if (instantMs(checkedAt) < oldestMs) stale.add(name)
      else stale.delete(name)
    }
  return { ...(stale.size > 0 ? { staleFeeds: [...stale].toSorted() } : {}), feeds }
}
