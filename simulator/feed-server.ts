/** KEV, EPSS and Vulnrichment for the local cloud: small feeds in the publishers' formats. */
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { freePort } from '../tools/processes.ts'

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

const dayBefore = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

const scenarioFeeds = (): FeedContents => ({
  kev: [{ cveID: 'CVE-2024-29069', dateAdded: dayBefore(0), forensicTriage: 'No' }],
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

export interface FeedServer {
  readonly address: string
  /** Puts other rows into the catalogue and releases it, later than the release before. */
  setKev(rows: readonly LocalKevRow[]): void
  close(): Promise<void>
}

/** Serves `/kev.json`, `/epss.csv.gz` and `/vulnrichment/<year>/<n>xxx/<cve>.json` on 127.0.0.1; the same bytes until `setKev`. */
export async function startFeedServer({
  contents = scenarioFeeds(),
  port,
}: {
  readonly contents?: FeedContents
  readonly port?: number
}): Promise<FeedServer> {
  const startedAt = new Date().toISOString()
  let releasedMs = Date.parse(startedAt)
  let kev = kevText(contents, startedAt)
  const epss = gzipSync(epssText(contents, startedAt))
  const bodyOf = (path: string) => {
    if (path === '/kev.json') return kev
    if (path === '/epss.csv.gz') return epss
    const cveId = /^\/vulnrichment\/\d{4}\/\d+xxx\/(CVE-\d{4}-\d+)\.json$/.exec(path)?.[1]
    return cveId === undefined ? undefined : vulnrichmentText(contents, cveId, startedAt)
  }
  const server = createServer((request, response) => {
    const body = bodyOf(request.url ?? '')
    response.writeHead(body === undefined ? 404 : 200).end(body)
  })
  const listening = port ?? (await freePort())
  await new Promise<void>((done, fail) => server.once('error', fail).listen(listening, '127.0.0.1', done))
  return {
    address: `http://127.0.0.1:${listening}`,
    setKev(rows) {
      releasedMs = Math.max(Date.now(), releasedMs + 1)
      kev = kevText({ ...contents, kev: rows }, new Date(releasedMs).toISOString())
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
