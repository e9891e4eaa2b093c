/** What a dispatcher keeps between its calls: rings as last read, and what SSM said of the commands that are out. */
import type { ReadRing } from './ring-record.ts'

/** A command that SSM has: its id, and when it was last asked about. */
export interface KnownCommand {
  readonly commandId: string
  readonly askedAtMs: number
}

/** Rings and commands kept for the next pass; without them it reads the ring whole, and looks the commands up. */
export interface Rings {
  readonly known: (changeId: string, name: string) => ReadRing | undefined
  readonly keep: (ring: ReadRing) => void
  /** The command of an intent. */
  readonly commandOf: (intentId: string) => KnownCommand | undefined
  readonly keepCommand: (intentId: string, command: KnownCommand) => void
}

/** Most rings kept: about as many as are in work at once. */
const ringsKeptMax = 8
/** Most commands kept: more than are out at once. */
const commandsKeptMax = 10_000

export function rememberedRings(): Rings {
  const rings = newest<ReadRing>(ringsKeptMax)
  const commands = newest<KnownCommand>(commandsKeptMax)
  return {
    known: (changeId, name) => rings.get(`${changeId} ${name}`),
    keep: (ring) => rings.set(`${ring.value.changeId} ${ring.value.name}`, ring),
    commandOf: commands.get,
    keepCommand: commands.set,
  }
}

/** A map of the entries set last. */
function newest<T>(keptMax: number) {
  const kept = new Map<string, T>()
  return {
    get: (name: string) => kept.get(name),
    set(name: string, value: T) {
      kept.delete(name)
      kept.set(name, value)
      const oldest = kept.keys().next().value
      if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest)
    },
  }
}
