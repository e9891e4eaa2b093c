/** Capacity units that DynamoDB would take of a ledger in memory: by kind, and by partition key and second of virtual time. */
import { type Item, indexItem, itemBytes } from '../../functions/aws/stored-items.ts'
import { DrydockError } from '../../functions/kit/errors.ts'

/**
 * Units that one partition key takes a second,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export const writeUnitsMax = 1_000
export const readUnitsMax = 3_000

export interface CapacityOptions {
  /** Milliseconds; absent: all in one second. */
  readonly nowMs?: () => number
  /** Whether units over a key's limit are refused as DynamoDB throttles them, or only counted. */
  readonly isRefusing?: boolean
}

/** Bytes of what is written: a transaction takes twice the units, an index those of its own item. */
interface Written {
  readonly kind: string
  readonly before: Item | undefined
  readonly after: Item | undefined
}

const writeUnitsOf = (bytes: number) => Math.max(1, Math.ceil(bytes / 1024))
const bytesOf = (item: Item | undefined) => (item ? itemBytes(item) : 0)
const isSame = (left: Item | undefined, right: Item | undefined) => JSON.stringify(left) === JSON.stringify(right)

interface Use {
  readonly key: string
  readonly units: number
  readonly kind: string
}

/**
 * Units of a write in a transaction, and of its index: an entry that moves is written twice, one that is unchanged not
 * at all,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
 */
function usesOf({ kind, before, after }: Written): Use[] {
  const key = String((after ?? before)?.pk?.S)
  const own = { key, kind, units: 2 * writeUnitsOf(Math.max(bytesOf(before), bytesOf(after))) }
  const [was, is] = [indexItem(before), indexItem(after)]
  if (isSame(was, is)) return [own]
  const isMoved = was?.listPk?.S !== is?.listPk?.S || was?.listSk?.S !== is?.listSk?.S
  const entries = isMoved ? [was, is] : [is]
  return [
    own,
    ...entries.flatMap((entry) =>
      entry
        ? [{ key: `list ${entry.listPk?.S}`, kind: `${kind} in the list`, units: writeUnitsOf(itemBytes(entry)) }]
        : [],
    ),
  ]
}

/** Counts what a ledger takes; `isRefusing` makes the counter a wall. */
export function capacityMeter({ nowMs = () => 0, isRefusing = false }: CapacityOptions = {}) {
  const bySecond = new Map<string, number>()
  const writes = new Map<string, number>()
  const over = { writes: new Set<number>(), reads: new Set<number>() }
  const counted = { readUnits: 0, largestItemBytes: 0, largestItem: '' }

  function take(kind: 'writes' | 'reads', uses: readonly Use[]) {
    const second = Math.floor(nowMs() / 1000)
    const max = kind === 'writes' ? writeUnitsMax : readUnitsMax
    for (const { key, units } of uses) {
      const name = `${kind} ${key} ${second}`
      const taken = (bySecond.get(name) ?? 0) + units
      if (taken > max && isRefusing)
        throw new DrydockError('DD1005', `ThrottlingException: ${taken} units of ${kind} on ${key} in one second`)
      bySecond.set(name, taken)
      if (taken > max) over[kind].add(second)
    }
  }

  return {
    /** Refuses before anything is written. */
    write(written: readonly Written[]) {
      const uses = written.flatMap(usesOf)
      take('writes', uses)
      for (const { kind, units } of uses) writes.set(kind, (writes.get(kind) ?? 0) + units)
      for (const { after } of written) {
        if (bytesOf(after) <= counted.largestItemBytes) continue
        counted.largestItemBytes = bytesOf(after)
        counted.largestItem = `${after?.pk?.S} / ${after?.sk?.S}`
      }
    },
    /** The delete of a filed outbox item: outside of transactions, one unit a kilobyte. */
    writeAlone(kind: string, item: Item) {
      const units = writeUnitsOf(itemBytes(item))
      take('writes', [{ key: String(item.pk?.S), kind, units }])
      writes.set(kind, (writes.get(kind) ?? 0) + units)
    },
    /** Strongly consistent reads take a unit for each 4 kB, those of the list half of it. */
    read(key: string, items: readonly Item[], isStrong = true) {
      const bytes = items.reduce((sum, item) => sum + itemBytes(item), 0)
      const units = Math.max(1, Math.ceil(bytes / 4096)) * (isStrong ? 1 : 0.5)
      take('reads', [{ key, kind: 'read', units }])
      counted.readUnits += units
    },
    /** Write units by kind of record; evidence is `outbox`, an entry of the index `<kind> in the list`. */
    writeUnits: (): ReadonlyMap<string, number> => writes,
    readUnits: () => counted.readUnits,
    largestItemBytes: () => counted.largestItemBytes,
    largestItem: () => counted.largestItem,
    /** Seconds in which some key took more than DynamoDB gives it. */
    secondsOver: (kind: 'writes' | 'reads') => over[kind].size,
  }
}

export type CapacityMeter = ReturnType<typeof capacityMeter>
