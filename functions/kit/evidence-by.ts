/** Who moved a record, when and where: the beginning of every evidence leaf. */
import type { EvidenceRecord } from './ledger.ts'
import type { Ids } from './ports.ts'

/** The leaf's own id, the instant (ISO 8601 UTC), the hub's account, and a person's id or `drydock`. */
export type EvidenceBy = Pick<EvidenceRecord, 'leafId' | 'at' | 'account' | 'actor'>

/** What is needed to make one: new ids, and the hub's account. */
export interface EvidenceByPorts {
  readonly ids: Ids
  readonly account: string
}

/** The beginning of a new leaf; every leaf needs its own, even two in one transaction. */
export const evidenceBy = ({ ids, account }: EvidenceByPorts, at: string, actor = 'drydock'): EvidenceBy => ({
  leafId: ids.next(),
  at,
  account,
  actor,
})
