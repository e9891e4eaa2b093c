/** KEV, EPSS and Vulnrichment of the simulated world: small feeds in the publishers' formats, at the publishers' kind of path. */

export interface LocalKevRow {
  readonly cveID: string
  /** ISO date. */
  readonly dateAdded: string
  readonly forensicTriage: 'Yes' | 'No'
}

export interface FeedContents {
  readonly kev: readonly LocalKevRow[]
  /** CVE to probability. */
  readonly epss: Readonly<Record<string, number>>
  readonly vulnrichment: Readonly<
    Record<string, { readonly Exploitation: string; readonly Automatable: string; readonly 'Technical Impact': string }>
  >
}

/** The feeds of the scenario; the one exploited vulnerability was added on the day of `startMs`. */
export const scenarioFeeds = (startMs: number): FeedContents => ({
  kev: [{ cveID: 'CVE-2024-29069', dateAdded: new Date(startMs).toISOString().slice(0, 10), forensicTriage: 'No' }],
  epss: { 'CVE-2024-29069': 0.87431, 'CVE-2024-6387': 0.42113, 'CVE-2023-38545': 0.12004 },
  vulnrichment: {
    'CVE-2024-29069': { Exploitation: 'active', Automatable: 'Yes', 'Technical Impact': 'partial' },
    'CVE-2024-6387': { Exploitation: 'poc', Automatable: 'No', 'Technical Impact': 'Total' },
    'CVE-2023-38545': { Exploitation: 'none', Automatable: 'no', 'Technical Impact': 'partial' },
  },
})

function kevText({ kev }: FeedContents, releasedAt: string): string {
  const rows = kev.map((row) => ({
    ...row,
    vendorProject: 'Canonical',
    product: 'snapd',
    vulnerabilityName: 'Link following',
    shortDescription: 'A row of the local cloud.',
    requiredAction: 'Update.',
    dueDate: row.dateAdded,
    knownRansomwareCampaignUse: 'Unknown',
    notes: '',
    cwes: [],
  }))
  return JSON.stringify({
    title: 'Known exploited vulnerabilities of the local cloud',
    catalogVersion: releasedAt.slice(0, 10).replaceAll('-', '.'),
    dateReleased: releasedAt,
    count: rows.length,
    vulnerabilities: rows,
  })
}

function epssText({ epss }: FeedContents, scoredAt: string): string {
  const lines = Object.entries(epss).map(([cve, probability]) => `${cve},${probability.toFixed(5)},0.99000`)
  return [`#model_version:v2026.06.15,score_date:${scoredAt.slice(0, 19)}Z`, 'cve,epss,percentile', ...lines, ''].join(
    '\n',
  )
}

function vulnrichmentText({ vulnrichment }: FeedContents, cveId: string, judgedAt: string): string | undefined {
  const options = vulnrichment[cveId]
  if (!options) return undefined
  const content = {
    id: cveId,
    role: 'CISA Coordinator',
    version: '2.0.3',
    timestamp: judgedAt,
    options: Object.entries(options).map(([name, value]) => ({ [name]: value })),
  }
  return JSON.stringify({
    dataType: 'CVE_RECORD',
    cveMetadata: { cveId, state: 'PUBLISHED', dateUpdated: judgedAt },
    containers: { cna: {}, adp: [{ title: 'CISA ADP Vulnrichment', metrics: [{ other: { type: 'ssvc', content } }] }] },
  })
}

export interface Feeds {
  /** What stands at `/kev.json`, `/epss.csv.gz` (not packed here) and `/vulnrichment/<year>/<n>xxx/<cve>.json`; undefined elsewhere. */
  textAt(path: string): string | undefined
  /** Puts other rows into the catalogue and releases it at `nowMs`, or just after the release before. */
  setKev(rows: readonly LocalKevRow[], nowMs: number): void
}

/** Feeds that publish the same text until `setKev`; dated at `startMs`. */
export function makeFeeds(startMs: number, contents: FeedContents = scenarioFeeds(startMs)): Feeds {
  const startedAt = new Date(startMs).toISOString()
  let releasedMs = startMs
  let kev = kevText(contents, startedAt)
  const epss = epssText(contents, startedAt)
  return {
    textAt(path) {
      if (path === '/kev.json') return kev
      if (path === '/epss.csv.gz') return epss
      const cveId = /^\/vulnrichment\/\d{4}\/\d+xxx\/(CVE-\d{4}-\d+)\.json$/.exec(path)?.[1]
      return cveId === undefined ? undefined : vulnrichmentText(contents, cveId, startedAt)
    },
    setKev(rows, nowMs) {
      releasedMs = Math.max(nowMs, releasedMs + 1)
      kev = kevText({ ...contents, kev: rows }, new Date(releasedMs).toISOString())
    },
  }
}
