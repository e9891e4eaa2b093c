/** Who moved a record, when and where: the part that every leaf of evidence begins with. */
import type { EvidenceRecord } from './ledger.ts'
import type { Ids } from './ports.ts'

/** The leaf's own id, the instant (ISO 8601 UTC), the hub's account, and a person's id or `drydock`. */
export type EvidenceBy = Pick<EvidenceRecord, 'leafId' | 'at' | 'account' | 'actor'>

/** What makes one: new ids, and the account of the hub. */
export interface EvidenceByPorts {
  readonly ids: Ids
  readonly account: string
}

/** A new leaf's beginning; every leaf takes its own, also two of one transaction. */
export const evidenceBy = ({ ids, account }: EvidenceByPorts, at: string, actor = 'drydock'): EvidenceBy => ({
  leafId: ids.next(),
  at,
  account,
  actor,
})
