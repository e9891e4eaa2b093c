/** What a transaction hands to the archiver: its evidence, each leaf with the moves that it stands for. */
import type { EvidenceRecord, RecordKey, Transaction } from './ledger.ts'

interface Versioned {
  readonly key: RecordKey
  readonly from: number
  readonly to: number
}

/** Whether a record is a change's own: its partition ends with the change's id. */
const isOwn = ({ pk }: RecordKey, changeId: string) => changeId !== 'none' && pk.endsWith(`#${changeId}`)

function nameOf({ pk, sk }: RecordKey, changeId: string): string {
  const partition = isOwn({ pk, sk }, changeId) ? pk.slice(0, -changeId.length - 1) : pk
  return `${partition}/${sk}`
}

/**
 * The evidence of a transaction, as it waits to be filed. The first leaf of a change names the moves of the change's own
 * records, so that a verifier sees a version that no leaf stands for; a transaction outside any change names all of its
 * moves on its first leaf. Leases and other records shared between changes are named by none.
 */
export function filedRecords({
  moves,
  drops = [],
  evidence,
}: Pick<Transaction, 'moves' | 'drops' | 'evidence'>): readonly EvidenceRecord[] {
  const moved: Versioned[] = [
    ...moves.map(({ key, from }) => ({ key, from, to: from + 1 })),
    ...drops.map(({ key, from }) => ({ key, from, to: 0 })),
  ]
  const isOutside = evidence.every(({ changeId }) => changeId === 'none')
  const isFirst = (record: EvidenceRecord) =>
    evidence.find(({ changeId }) => changeId === record.changeId)?.leafId === record.leafId
  return evidence.map((record) => {
    const named = isFirst(record) ? moved.filter(({ key }) => isOutside || isOwn(key, record.changeId)) : []
    const versions = named.map(({ key, from, to }) => [nameOf(key, record.changeId), from, to] as const)
    return versions.length === 0 ? record : { ...record, versions }
  })
}
