/**
 * How a ring is kept: a small header that every pass moves, its hosts as they were when it opened, and parts of a few
 * hosts that are written when one of these moves. A pass over 10,000 hosts writes what moved and nothing else.
 */
import * as z from 'zod'
import { keys, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger, RecordKind, Stored } from '../kit/ledger.ts'
import { ownValue, tableOf } from '../kit/table.ts'
import { CommandOut, HostCounts, HostId, HostProgress, Ring, RingSummary } from './ring.ts'

/** Hosts of a part: few enough that it is written in a unit or two, and enough that a command moves few parts. */
const hostsPerPart = 4
/** Hosts with the same progress and packages, grouped: all of a ring when it opens. */
export const HostGroup = z.strictObject({ packages: z.string(), progress: HostProgress, hostIds: z.array(HostId) })
const RingFields = Ring.omit({ hosts: true, packagesByHost: true, commands: true })

/** Of before rings had parts: one record with all hosts. */
const WholeRing = RingFields.extend({ groups: z.array(HostGroup), commands: tableOf(CommandOut) })

/** A record of zod passes over a key `__proto__` in silence: no host may be lost so. */
const keepsEveryKey = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (!Object.hasOwn(value, '__proto__') && Object.values(value).every(keepsEveryKey))

const everyKey = z.unknown().refine(keepsEveryKey, 'a key is named __proto__')

/** The form of before hosts were grouped. */
const UngroupedRing = everyKey.pipe(Ring)

const Header = RingFields.extend({
  /** Records of the hosts as they were when the ring opened. */
  openings: z.number().int().min(0),
  counts: HostCounts.optional(),
  /** The last versions of the header, oldest first, with the parts that moved in each. */
  moved: z.array(z.strictObject({ version: z.number().int(), parts: z.array(z.number().int()) })),
})
export type Header = z.infer<typeof Header>

type RingRecordValue = { readonly header: Header } | { readonly whole: Ring }

/** The record of a ring: its header, or in the form of an older Drydock the whole ring. */
export const RingRecord: RecordKind<RingRecordValue> = {
  kind: 'ring',
  schema: z.union([
    Header.transform((header) => ({ header })),
    WholeRing.transform((ring) => ({ whole: unfolded(ring) })),
    UngroupedRing.transform((whole) => ({ whole })),
  ]),
}

/** The record of a ring, read without its hosts. */
export const RingSummaryRecord: RecordKind<RingSummary> = { kind: RingRecord.kind, schema: RingSummary }

/** The packages of a command are those of its hosts. */
const StoredCommand = CommandOut.omit({ packages: true })

const RingOpening = z.strictObject({ groups: z.array(HostGroup), commands: tableOf(StoredCommand) })
/** Hosts of a ring as they were when it opened; written once. */
export const RingOpeningRecord: RecordKind<z.infer<typeof RingOpening>> = { kind: 'ring-opening', schema: RingOpening }

const RingPart = everyKey.pipe(
  z.strictObject({ hosts: z.record(HostId, HostProgress), commands: tableOf(StoredCommand) }),
)
export type RingPart = z.infer<typeof RingPart>
/** A few hosts of a ring as they are, and the commands whose first host is among them. */
export const RingPartRecord: RecordKind<RingPart> = { kind: 'ring-part', schema: RingPart }

/** A ring as read: with the versions of its parts, and the order of its hosts, which tells their parts. */
export interface ReadRing extends Stored<Ring> {
  /** Undefined: it stands as one record of an older Drydock, or does not stand yet. */
  readonly header?: Header
  readonly partVersions: ReadonlyMap<number, number>
  /** Part of each host. */
  readonly partOf: ReadonlyMap<string, number>
}

/** The part of each host, in the order in which the ring opened with them. */
export const partsOf = (hostIds: Iterable<string>): ReadonlyMap<string, number> =>
  new Map([...hostIds].map((hostId, index) => [hostId, Math.floor(index / hostsPerPart)]))

/** The ring, strongly consistent: the header is read first, so no later one can name parts that were read before it. */
export async function readRing(
  changeId: string,
  name: string,
  ledger: Pick<Ledger, 'read' | 'query'>,
  known?: ReadRing,
): Promise<ReadRing | undefined> {
  const read = await ledger.read(RingRecord, keys.ring(changeId, name))
  return read && withHosts(read, ledger, known)
}

/** Every ring of a change, including rollbacks; strongly consistent. */
export async function ringsOf(changeId: string, ledger: Pick<Ledger, 'read' | 'query'>): Promise<Ring[]> {
  const read = await ledger.query(RingRecord, partitions.change(changeId), prefixes.ring)
  return Promise.all(read.map(async (one) => (await withHosts(one, ledger)).value))
}

/** Every ring of a change without its hosts, including rollbacks, by one strongly consistent query. */
export const ringSummariesOf = async (changeId: string, ledger: Pick<Ledger, 'query'>): Promise<RingSummary[]> =>
  (await ledger.query(RingSummaryRecord, partitions.change(changeId), prefixes.ring)).map(({ value }) => value)

async function withHosts(
  { key, version, value }: Stored<RingRecordValue>,
  ledger: Pick<Ledger, 'read' | 'query'>,
  known?: ReadRing,
): Promise<ReadRing> {
  if ('whole' in value) {
    const ring = value.whole
    return { key, version, value: ring, partVersions: new Map(), partOf: partsOf(Object.keys(ring.hosts)) }
  }
  const { header } = value
  if (known?.header && known.version === version) return known
  const missed = known?.header && movedSince(header, known.version, version)
  if (known && missed) return withParts(header, { key, version }, known, await readParts(header, missed, ledger))
  const { changeId, name } = header
  const openings = await ledger.query(RingOpeningRecord, partitions.change(changeId), `${prefixes.ringOpening}${name}#`)
  const opened = hostsOf(openings.flatMap(({ value: { groups } }) => groups))
  const parts = await ledger.query(RingPartRecord, partitions.change(changeId), `${prefixes.ringPart}${name}#`)
  const fresh = {
    value: {
      ...fieldsOf(header),
      ...opened,
      commands: withPackages(
        Object.fromEntries(openings.flatMap(({ value: { commands } }) => Object.entries(commands))),
        opened.packagesByHost,
      ),
    },
    partVersions: new Map<number, number>(),
    partOf: partsOf(Object.keys(opened.hosts)),
  }
  return withParts(
    header,
    { key, version },
    fresh,
    parts.map((part) => [Number(part.key.sk.split('#').at(-1)), part] as const),
  )
}

/** Parts that moved after a version, if the header still tells of all of them. */
function movedSince({ moved }: Header, from: number, to: number): number[] | undefined {
  const later = moved.filter(({ version }) => version > from)
  return later.length === to - from ? [...new Set(later.flatMap(({ parts }) => parts))] : undefined
}

const readParts = ({ changeId, name }: Header, parts: readonly number[], ledger: Pick<Ledger, 'read'>) =>
  Promise.all(
    parts.map(async (part) => [part, await ledger.read(RingPartRecord, keys.ringPart(changeId, name, part))] as const),
  )

function withParts(
  header: Header,
  read: Pick<ReadRing, 'key' | 'version'>,
  known: Pick<ReadRing, 'value' | 'partVersions' | 'partOf'>,
  parts: readonly (readonly [number, Stored<RingPart> | undefined])[],
): ReadRing {
  const { hosts: before, commands: commandsBefore, packagesByHost } = known.value
  const changed = new Set(parts.map(([part]) => part))
  const hosts = { ...before }
  const commands = Object.fromEntries(
    Object.entries(commandsBefore).filter(([, command]) => !changed.has(partOfCommand(command, known.partOf))),
  )
  const partVersions = new Map(known.partVersions)
  for (const [part, stored] of parts) {
    if (!stored) continue
    partVersions.set(part, stored.version)
    Object.assign(hosts, stored.value.hosts)
    Object.assign(commands, withPackages(stored.value.commands, packagesByHost))
  }
  const value = { ...fieldsOf(header), hosts, packagesByHost, commands }
  return { ...read, header, value, partVersions, partOf: known.partOf }
}

function fieldsOf({ openings: _, moved: __, counts: ___, ...fields }: Header) {
  return fields
}

/** A command is kept with its first host. */
export const partOfCommand = ({ hostIds: [first = ''] }: CommandOut, partOf: ReadRing['partOf']) =>
  partOf.get(first) ?? 0

/** Hosts and packages as their groups have them. */
export function hostsOf(groups: readonly z.infer<typeof HostGroup>[]): Pick<Ring, 'hosts' | 'packagesByHost'> {
  const hosts: Ring['hosts'] = {}
  const packagesByHost: Ring['packagesByHost'] = {}
  for (const { packages, progress, hostIds } of groups)
    for (const hostId of hostIds) {
      hosts[hostId] = progress
      packagesByHost[hostId] = packages
    }
  return { hosts, packagesByHost }
}

const unfolded = ({ groups, ...rest }: z.infer<typeof WholeRing>): Ring => ({ ...rest, ...hostsOf(groups) })

function withPackages(commands: RingPart['commands'], packagesByHost: Ring['packagesByHost']): Ring['commands'] {
  return Object.fromEntries(
    Object.entries(commands).map(([intentId, command]) => {
      const {
        hostIds: [first = ''],
      } = command
      return [intentId, { ...command, packages: ownValue(packagesByHost, first) ?? '' }]
    }),
  )
}

/** Commands as they are kept. */
export const withoutPackages = (commands: Iterable<readonly [string, CommandOut]>): RingPart['commands'] =>
  Object.fromEntries([...commands].map(([intentId, { packages: _, ...command }]) => [intentId, command]))
