/** The rules of a ledger transaction that hold for every implementation. */
import { DrydockError } from './errors.ts'
import { type RecordKey, type Transaction, transactionItemsMax } from './ledger.ts'

const nameOf = (key: RecordKey) => `${key.pk} / ${key.sk}`

/** Items that a transaction counts toward DynamoDB's limit: each move, drop, check and evidence leaf. */
export const itemsOf = ({ moves, drops = [], checks = [], evidence }: Transaction): number =>
  moves.length + drops.length + checks.length + evidence.length

/**
 * Refuses a transaction that DynamoDB would refuse, whatever the versions are.
 *
 * @throws DrydockError DD1003 for too many items, saying how many of each kind, or one record named twice.
 */
export function checkTransaction(transaction: Transaction): void {
  const { moves, drops = [], checks = [] } = transaction
  const count = itemsOf(transaction)
  if (count > transactionItemsMax)
    throw new DrydockError(
      'DD1003',
      `a transaction of ${count} items (${kindsIn(transaction)}); DynamoDB takes ${transactionItemsMax}: split it`,
    )
  const named = [...moves, ...drops, ...checks].map((entry) => nameOf(entry.key))
  const twice = named.find((name, index) => named.indexOf(name) !== index)
  if (twice !== undefined) throw new DrydockError('DD1003', `a transaction names ${twice} twice: merge the two moves`)
}

/** A summary of its items, to tell which code made it: `1 change, 99 blocked-patch, evidence change.rolled-back`. */
function kindsIn({ moves, drops = [], checks = [], evidence }: Transaction): string {
  const counts = new Map<string, number>()
  const kinds = [...moves.map(({ kind }) => kind), ...drops.map(() => 'dropped'), ...checks.map(() => 'checked')]
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const types = [...new Set(evidence.map(({ type }) => type))]
  return [...[...counts].map(([kind, many]) => `${many} ${kind}`), `evidence ${types.join(' ')}`].join(', ')
}
