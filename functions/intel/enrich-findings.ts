/**
 * Asks Vulnrichment about the CVEs of new findings, so that decisions get its values within minutes, not hours (3.6).
 */
import * as z from 'zod'
import { FindingRecord } from '../finding/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import { askedVulnrichment, cveIdsOf } from './fetch-feed.ts'
import { FeedRecord } from './refresh.ts'
import { type RefreshPorts, refreshFeed } from './refresh-feed.ts'
import type { AskedVulnrichment } from './shards.ts'

/** A message on the enrich queue: the new finding. */
export const EnrichFinding = z.object({ findingId: z.string() })
export type EnrichFinding = z.infer<typeof EnrichFinding>

export interface EnrichPorts extends RefreshPorts {
  addressOf(feed: 'vulnrichment'): string
}

/** What one run of enrichment did. */
export interface Enriched {
  /** CVEs that nobody had asked about before. */
  readonly asked: number
  /** Findings nudged because Vulnrichment has values for a CVE of theirs. */
  readonly woken: number
}

/**
 * Asks about every CVE of the findings that was not asked about before, and has findings with values reassessed. The
 * schedule asks about everything again; a redelivered message fetches nothing.
 * @param address the base of the records.
 * @throws DrydockError DD1204 when some CVEs could not be asked about: what is known stays in force, and the message is
 * redelivered.
 */
export async function enrichFindings(
  findingIds: readonly string[],
  address: string,
  ports: RefreshPorts,
): Promise<Enriched> {
  const read = await Promise.all(
    [...new Set(findingIds)].map((findingId) => ports.ledger.read(FindingRecord, keys.finding(findingId))),
  )
  const findings = read.flatMap((one) => (one?.value.status === 'active' ? [one.value] : []))
  const cveIds = [...new Set(findings.flatMap(cveIdsOf))]
  const missing = await unasked(cveIds, ports)
  if (missing.length > 0) await refreshFeed({ feed: 'vulnrichment', address, cveIds: missing }, ports)
  const rows = await askedRows(cveIds, ports)
  const known = findings.filter((finding) => cveIdsOf(finding).some((cveId) => rows.get(cveId)?.values !== undefined))
  // The refresh wakes findings by an eventually consistent list, where these may still be missing.
  for (const { findingId } of known) await ports.nudges.send('assess', { findingId })
  const left = cveIds.filter((cveId) => !rows.has(cveId))
  if (left.length > 0)
    throw new DrydockError(
      'DD1204',
      `Vulnrichment could not be asked about ${left.length} of ${cveIds.length} CVEs, first ${left[0]}; the message is delivered again, and the schedule asks as well`,
    )
  return { asked: missing.length, woken: known.length }
}

/** All messages of a batch at once, with one copy of the feed. */
export const run = (messages: readonly EnrichFinding[], ports: EnrichPorts): Promise<Enriched> =>
  enrichFindings(
    messages.map(({ findingId }) => findingId),
    ports.addressOf('vulnrichment'),
    ports,
  )

const unasked = async (cveIds: readonly string[], ports: RefreshPorts) => {
  const rows = await askedRows(cveIds, ports)
  return cveIds.filter((cveId) => !rows.has(cveId))
}

async function askedRows(
  cveIds: readonly string[],
  ports: RefreshPorts,
): Promise<ReadonlyMap<string, AskedVulnrichment>> {
  const feed = await ports.ledger.read(FeedRecord, keys.feed('vulnrichment'))
  return askedVulnrichment(cveIds, feed?.value, ports)
}
