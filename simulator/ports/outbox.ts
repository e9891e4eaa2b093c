/** The outbox of the ledger in memory, and the log's head beside it. */
import { ChainHead, emptyHead, Head } from '../../functions/evidence/index.ts'
import type { ChainHeads, LogHead, Outbox } from '../../functions/evidence/ports.ts'
import { canonicalJson } from '../../functions/kit/json.ts'
import type { EvidenceRecord } from '../../functions/kit/ledger.ts'

/** What `memoryLedger()` keeps for the archiver. */
export interface OutboxOfLedger {
  outbox(): readonly EvidenceRecord[]
  removeFromOutbox(leafIds: readonly string[]): void
}

export const memoryOutbox = (ledger: OutboxOfLedger): Outbox => ({
  pending: async (limit) => ledger.outbox().slice(0, limit),
  // A typed ledger commits nothing malformed.
  setAside: async () => [],
  remove: async (leafIds) => ledger.removeFromOutbox(leafIds),
})

export function memoryLogHead(): LogHead {
  let version = 0
  let text = canonicalJson(emptyHead)
  return {
    read: async () => ({ version, head: Head.parse(JSON.parse(text)) }),
    async advance(from, head) {
      if (from !== version) return 'conflict'
      version = from + 1
      text = canonicalJson(head)
      return 'advanced'
    },
  }
}

export function memoryChainHeads(): ChainHeads {
  const heads = new Map<string, ChainHead>()
  return {
    read: async (changeId) => heads.get(changeId),
    async advance(head) {
      if (head.index > (heads.get(head.changeId)?.index ?? -1)) heads.set(head.changeId, ChainHead.parse(head))
    },
  }
}
