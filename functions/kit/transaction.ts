/** The rules of a ledger transaction that hold for every implementation. */
import { DrydockError } from './errors.ts'
import { type RecordKey, type Transaction, transactionItemsMax } from './ledger.ts'

const nameOf = (key: RecordKey) => `${key.pk} / ${key.sk}`

/**
 * Refuses a transaction that DynamoDB would refuse, whatever the versions are.
 *
 * @throws DrydockError DD1003 for too many items, or one record named twice.
 */
export function checkTransaction(transaction: Transaction): void {
  const named = [...transaction.moves, ...(transaction.drops ?? []), ...(transaction.checks ?? [])].map((entry) =>
    nameOf(entry.key),
  )
  const count = named.length + transaction.evidence.length
  if (count > transactionItemsMax)
    throw new DrydockError('DD1003', `a transaction of ${count} items; DynamoDB takes ${transactionItemsMax}: split it`)
  const twice = named.find((name, index) => named.indexOf(name) !== index)
  if (twice !== undefined) throw new DrydockError('DD1003', `a transaction names ${twice} twice: merge the two moves`)
}
