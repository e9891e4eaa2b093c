/**
 * The archiver: files what waits in the outbox as leaves of the log, each exactly once, even with concurrent runs and
 * crashes.
 */
import { DrydockError } from '../kit/errors.ts'
import { inParallel } from '../kit/in-parallel.ts'
import type { EvidenceRecord } from '../kit/ledger.ts'
import type { Clock } from '../kit/ports.ts'
import { instantMs, isoInstant } from '../kit/time.ts'
import { toHex } from './bytes.ts'
import { chainOf, headAfter, linked } from './chain.ts'
import { type BatchItem, claimBatch, entryOf, type Head, settleBatch } from './head.ts'
import { keyIdOf } from './keys.ts'
import { leafPath, sealLeaf } from './leaf.ts'
import type { ChainHeads, LogHead, Outbox } from './ports.ts'
import { callsMax, createLeaf, type PublishPorts, publishBatch } from './publish.ts'

/** What the archiver needs from outside. */
export interface ArchivePorts extends PublishPorts {
  readonly outbox: Outbox
  readonly logHead: LogHead
  readonly chainHeads: ChainHeads
  readonly clock: Clock
}

/** What one run of the archiver did. */
export interface Archived {
  /** Leaves that this run brought into the log. */
  readonly filed: number
  readonly size: number
  /** False when the run reached its bound and leaves still wait. */
  readonly isDrained: boolean
}

/** Leaves claimed by one move of the head: about 50 kB of the item's 400 kB. */
export const batchMax = 200
/** Moves and lost races of one run; the next nudge or schedule goes on. */
const roundsMax = 40
/** A transition that waits longer raises the alarm. */
export const lagSecondsMax = 900

/** Seconds since an instant; undefined when the text is no instant. */
export function secondsSince(at: string, nowMs: number): number | undefined {
  try {
    return (nowMs - instantMs(at)) / 1_000
  } catch {
    return undefined
  }
}

/**
 * Drains the outbox, oldest first.
 *
 * The head is the only thing that two archivers compete for. A run first finishes the batch that the head names
 * (publish, remove from the outbox, settle), then reads the outbox, then claims. So whatever is in the outbox after the
 * head was read and settled is in no earlier batch, and a claim from an older head fails: each leaf exactly once.
 *
 * @throws DrydockError DD2101, DD2102, DD2103 or DD2105; nothing is lost, the outbox keeps what is not filed.
 */
export async function archive(ports: ArchivePorts): Promise<Archived> {
  try {
    return await drain(ports)
  } catch (error) {
    await noteFailure(error instanceof DrydockError ? error.code : 'unknown', ports)
    throw error
  }
}

async function drain(ports: ArchivePorts): Promise<Archived> {
  const { logHead, outbox, clock, sha256 } = ports
  let filed = 0
  let size = 0
  for (let round = 0; round < roundsMax; round++) {
    const { version, head } = await logHead.read()
    size = head.size
    if (head.batch.length > 0) {
      await settle(version, head, ports)
      continue
    }
    const records = await outbox.pending(batchMax)
    if (records.length === 0) {
      await clearFailure(version, head, ports)
      await setAside(ports)
      return { filed, size, isDrained: true }
    }
    countLag(records, ports)
    const batch = await linkLeaves(head, records, await writeLeaves(records, ports), ports)
    const next = claimBatch(sha256, head, batch, isoInstant(clock.nowMs()))
    if ((await logHead.advance(version, next)) === 'conflict') continue
    filed += batch.length
    size = next.size
    await settle(version + 1, next, ports)
  }
  return { filed, size, isDrained: false }
}

/** Finishes a claimed batch. A lost last move means that another archiver finished the same work. */
async function settle(version: number, head: Head, ports: ArchivePorts): Promise<void> {
  await publishBatch(head, ports)
  await advanceChains(head, ports)
  await ports.outbox.remove(head.batch.map(({ leafId }) => leafId))
  await ports.logHead.advance(version, settleBatch(head, isoInstant(ports.clock.nowMs())))
}

/**
 * The leaves with their places in the chains of their changes. The chains stand as the head left them, or another
 * archiver moved the head since it was read, and the claim fails.
 */
async function linkLeaves(
  { size }: Head,
  records: readonly EvidenceRecord[],
  leaves: readonly BatchItem[],
  { sha256, chainHeads }: ArchivePorts,
): Promise<BatchItem[]> {
  const changes = [...new Set(leaves.flatMap(({ path }) => chainOf(path) ?? []))]
  const heads = await inParallel(changes, callsMax, (changeId) => chainHeads.read(changeId))
  return linked(
    leaves.map((leaf, at) => ({ leaf, closes: records[at]?.closes === true })),
    { sha256, from: size, heads: heads.filter((head) => head !== undefined) },
  )
}

/** Moves the head of each chain in the batch: after publishing, so that it names no leaf that the checkpoint lacks. */
async function advanceChains({ size, batch }: Head, { sha256, chainHeads }: ArchivePorts): Promise<void> {
  const heads = batch.flatMap((item, at) => headAfter(sha256, entryOf(item), size - batch.length + at) ?? [])
  const last = new Map(heads.map((head) => [head.changeId, head]))
  await inParallel([...last.values()], callsMax, (head) => chainHeads.advance(head))
}

async function writeLeaves(records: readonly EvidenceRecord[], ports: ArchivePorts): Promise<BatchItem[]> {
  const { signer, sha256 } = ports
  const key = { algorithm: 'Ed25519', publicKey: await signer.publicKey() } as const
  const keyId = `${signer.name}+${keyIdOf(sha256, signer.name, key)}`
  return inParallel(records, callsMax, async (record) => {
    const path = leafPath(record)
    const sealed = await sealLeaf(record, { sha256, keyId, sign: (bytes) => signer.sign(bytes) })
    const bytes = await createLeaf(path, sealed, ports)
    return { leafId: record.leafId, path, sha256: toHex(sha256(bytes)) }
  })
}

function countLag([oldest]: readonly EvidenceRecord[], { clock, metrics }: ArchivePorts): void {
  if (!oldest) return
  const seconds = secondsSince(oldest.at, clock.nowMs())
  if (seconds === undefined || seconds > lagSecondsMax) metrics.count('EvidenceLagging')
}

/** Reports the fault to the rollout's gates. If even that fails, the age of the outbox shows it. */
async function noteFailure(lastError: string, ports: ArchivePorts): Promise<void> {
  const { logHead, outbox } = ports
  try {
    countLag(await outbox.pending(1), ports)
    const { version, head } = await logHead.read()
    if (head.lastError !== lastError) await logHead.advance(version, { ...head, lastError })
  } catch {
    // The caller throws the first error; a second one would hide it.
  }
}

/** What is no evidence stops nobody; each such item raises the alarm once. */
async function setAside({ outbox, metrics }: ArchivePorts): Promise<void> {
  for (const _ of await outbox.setAside()) metrics.count('EvidenceSetAside')
}

async function clearFailure(version: number, head: Head, { logHead, clock }: ArchivePorts): Promise<void> {
  if (head.lastError !== undefined) await logHead.advance(version, settleBatch(head, isoInstant(clock.nowMs())))
}
