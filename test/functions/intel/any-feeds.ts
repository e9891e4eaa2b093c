/** Builds feeds and the ports of a refresh for tests. */
import { createHash } from 'node:crypto'
import { entryMoves } from '../../../functions/changes/finding-entries.ts'
import { type Finding, FindingRecord } from '../../../functions/finding/finding.ts'
import { cveIdsOf } from '../../../functions/intel/fetch-feed.ts'
import type { FeedSource } from '../../../functions/intel/ports.ts'
import { DrydockError } from '../../../functions/kit/errors.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { memoryFeedStore } from '../../../simulator/ports/feed-store.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'

export const anyKevRow = (over: Readonly<Record<string, unknown>> = {}) => ({
  cveID: 'CVE-2026-1111',
  vendorProject: 'SimpleHelp ',
  product: 'SimpleHelp',
  vulnerabilityName: 'SimpleHelp Path Traversal',
  dateAdded: '2026-10-01',
  shortDescription: 'A row.',
  requiredAction: 'Update.',
  dueDate: '2026-10-04',
  knownRansomwareCampaignUse: 'Unknown',
  ...over,
})

export function anyKev(rows: readonly unknown[] = [anyKevRow()], over: Readonly<Record<string, unknown>> = {}) {
  const dateReleased = '2026-10-01T17:00:06.9016Z'
  return JSON.stringify({
    catalogVersion: '2026.10.01',
    dateReleased,
    count: rows.length,
    vulnerabilities: rows,
    ...over,
  })
}

export const anyEpss = (scores: Readonly<Record<string, number>>, date = '2026-10-01T12:00:26Z') =>
  [
    `#model_version:v2026.06.15,score_date:${date}`,
    'cve,epss,percentile',
    ...Object.entries(scores).map(([cveId, score]) => `${cveId},${score},0.5`),
    '',
  ].join('\n')

export const anyCveRecord = (
  cveId: string,
  options: Readonly<Record<string, string>>,
  title = 'CISA ADP Vulnrichment',
) =>
  JSON.stringify({
    cveMetadata: { cveId },
    containers: {
      cna: {},
      adp: [
        { title: 'CVE Program Container' },
        {
          title,
          metrics: [
            { cvssV3_1: {} },
            { other: { type: 'kev', content: {} } },
            {
              other: {
                type: 'ssvc',
                content: {
                  timestamp: '2026-10-01T00:00:00Z',
                  options: Object.entries(options).map(([k, v]) => ({ [k]: v })),
                },
              },
            },
          ],
        },
      ],
    },
  })

/** Answers by address; an address that is not there answers 404, and `'down'` does not answer. */
export function anySource(answers: Map<string, string | number>): FeedSource & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async fetch(address) {
      asked.push(address)
      const answer = answers.get(address) ?? 404
      if (answer === 'down') throw new DrydockError('DD1202', 'no connection')
      if (typeof answer === 'number') return { status: answer, body: new Uint8Array() }
      return { status: 200, body: new TextEncoder().encode(answer) }
    },
  }
}

export function refreshPorts(answers = new Map<string, string | number>()) {
  const ledger = memoryLedger()
  const counted: string[] = []
  return {
    ledger,
    store: memoryFeedStore(),
    source: anySource(answers),
    answers,
    nudges: memoryNudges(),
    clock: fixedClock(Date.parse('2026-10-02T00:00:00Z')),
    ids: sequentialIds(),
    metrics: { count: (name: string) => counted.push(name) },
    counted,
    account: '123456789012',
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    addressOf: (feed: string) => feed,
  }
}

/** As recorded and assessed: listed under their CVEs. */
export async function recordFindings(ledger: Ledger, findings: readonly Finding[]) {
  for (const [index, finding] of findings.entries())
    await ledger.commit({
      moves: [
        {
          kind: FindingRecord.kind,
          key: keys.finding(finding.findingId),
          from: 0,
          value: finding,
          list: { pk: lists.findings, sk: `${finding.status}#${finding.findingId}` },
        },
        ...(await listedMoves(finding, ledger)),
      ],
      evidence: [
        {
          leafId: `seed${index}${finding.findingId}`,
          at: '2026-10-01T00:00:00.000Z',
          type: 'finding.recorded',
          account: '123456789012',
          changeId: 'none',
          actor: 'test',
          body: {},
        },
      ],
    })
}

async function listedMoves(finding: Finding, ledger: Ledger) {
  const [first] = cveIdsOf(finding)
  const entries = finding.status === 'active' ? await entryMoves(finding, true, ledger) : []
  if (first === undefined) return entries
  const { findingId } = finding
  const list = { pk: lists.findingsOfCve(first), sk: findingId }
  // In the place of the assessment, which is in this list.
  const assessed = {
    kind: 'finding-entry',
    key: keys.findingEntry(findingId, list.pk),
    from: 0,
    value: { findingId },
    list,
  }
  return [...entries, assessed]
}
