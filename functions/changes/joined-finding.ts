/** The findings of a change: one record each beside the change's head, so that a change has room for any number. */
import * as z from 'zod'
import { type Finding, FindingRecord } from '../finding/index.ts'
import { cveIdsOf } from '../intel/index.ts'
import { keys, lists, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger, Move, RecordKind } from '../kit/ledger.ts'
import { everyListed } from '../kit/listed.ts'
import { type Change, ChangeRecord } from './change.ts'
import { isHostFinding } from './exposure.ts'
import { FindingEntry } from './finding-entries.ts'

/** A finding of a change, as it joined. */
export const JoinedFinding = z.strictObject({
  findingId: z.string(),
  changeId: z.string(),
  /** Absent for one that an older Drydock listed in the change. */
  resourceId: z.string().optional(),
  joinedAt: z.string().optional(),
})
export type JoinedFinding = z.infer<typeof JoinedFinding>

/** A finding of a change, at `keys.joinedFinding(changeId, findingId)`; listed under its host. */
export const JoinedFindingRecord: RecordKind<JoinedFinding> = { kind: 'joined-finding', schema: JoinedFinding }

/** The move that adds a finding to a change. */
export const joinMove = (changeId: string, finding: Finding, joinedAt: string): Move => ({
  kind: JoinedFindingRecord.kind,
  key: keys.joinedFinding(changeId, finding.findingId),
  from: 0,
  value: { findingId: finding.findingId, changeId, resourceId: finding.resource.id, joinedAt },
  ...(isHostFinding(finding) ? { list: { pk: lists.findingsOnHost(finding.resource.id), sk: finding.findingId } } : {}),
})

/** Findings read at a time. */
const pageMax = 1000

/**
 * The ids of a change's findings in pages of at most 1,000, those of the changes that it superseded included; each
 * once, by a strongly consistent read.
 */
export const findingIdsOf = (change: Change, ledger: Ledger): AsyncGenerator<readonly string[]> =>
  readFindingIds(change, ledger)

async function* readFindingIds(change: Change, ledger: Ledger): AsyncGenerator<readonly string[]> {
  for (let one: Change | undefined = change; one; one = await supersededBy(one, ledger)) {
    if (one.findingIds && one.findingIds.length > 0) yield one.findingIds
    let after: string | undefined
    do {
      const options = { limit: pageMax, ...(after === undefined ? {} : { after }) }
      const page: readonly { readonly value: JoinedFinding; readonly key: { readonly sk: string } }[] =
        await ledger.query(JoinedFindingRecord, partitions.change(one.changeId), prefixes.joinedFinding, options)
      if (page.length > 0) yield page.map(({ value }) => value.findingId)
      after = page.length < pageMax ? undefined : page.at(-1)?.key.sk
    } while (after !== undefined)
  }
}

const supersededBy = async ({ supersedes }: Change, ledger: Ledger): Promise<Change | undefined> =>
  supersedes === undefined ? undefined : (await ledger.read(ChangeRecord, keys.change(supersedes)))?.value

const Listed = z.union([JoinedFinding, FindingEntry])

/**
 * The changes that a host's findings of a vulnerability were in, and those that superseded them, by id; reads the host's
 * own findings only.
 */
export async function changesWith(vulnerabilityId: string, hostId: string, ledger: Ledger): Promise<string[]> {
  const found = new Set<string>()
  for await (const page of everyListed(
    ledger,
    { kind: 'joined-finding', schema: Listed },
    lists.findingsOnHost(hostId),
  ))
    for (const { value } of page) {
      const finding = 'changeId' in value && (await ledger.read(FindingRecord, keys.finding(value.findingId)))
      if (!finding || !isAbout(finding.value, vulnerabilityId)) continue
      for await (const changeId of successorsOf(value.changeId, ledger)) found.add(changeId)
    }
  return [...found].sort()
}

const isAbout = (finding: Finding, vulnerabilityId: string) =>
  finding.vulnerabilityId === vulnerabilityId || cveIdsOf(finding).includes(vulnerabilityId)

async function* successorsOf(changeId: string, ledger: Ledger): AsyncGenerator<string> {
  yield changeId
  const next = (await ledger.read(ChangeRecord, keys.change(changeId)))?.value.supersededBy
  if (next !== undefined) yield* successorsOf(next, ledger)
}
