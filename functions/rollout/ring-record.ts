/**
 * How a ring is kept: a small header that every pass moves, its hosts as they were when it opened, and a record for each
 * host that has moved since. A pass over 10,000 hosts writes what moved and nothing else.
 */
import * as z from 'zod'
import { keys, partitions, prefixes } from '../kit/keys.ts'
import type { Ledger, RecordKind, Stored } from '../kit/ledger.ts'
import { ownValue, tableOf } from '../kit/table.ts'
import { asItStands, CommandOut, HostCounts, HostId, HostProgress, Ring, RingSummary } from './ring.ts'
import { EndedStep } from './step-log.ts'

/** Hosts with the same progress and packages, grouped: all of a ring when it opens. */
export const HostGroup = z.strictObject({ packages: z.string(), progress: HostProgress, hostIds: z.array(HostId) })
const RingFields = Ring.omit({ hosts: true, packagesByHost: true, commands: true, endedSteps: true })

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
  /** Whether a record of its own lists it. */
  isListed: z.boolean().optional(),
  /** Whether an older Drydock wrote parts of four hosts; a host's own record is younger than its part. */
  hasParts: z.boolean().optional(),
  /** The last versions of the header, oldest first, with the hosts that moved in each, by their places in the opening. */
  moved: z.array(z.strictObject({ version: z.number().int(), hosts: z.array(z.number().int()) })),
})
export type Header = z.infer<typeof Header>

/** Of before each host had its own record. */
const HeaderOfParts = Header.omit({ hasParts: true, isListed: true, moved: true }).extend({
  moved: z.array(z.strictObject({ version: z.number().int(), parts: z.array(z.number().int()) })),
})

type RingRecordValue = { readonly header: Header } | { readonly whole: Ring }

/** The record of a ring: its header, or in the form of an older Drydock the whole ring. */
export const RingRecord: RecordKind<RingRecordValue> = {
  kind: 'ring',
  schema: z.union([
    Header.transform((header) => ({ header })),
    HeaderOfParts.transform((header) => ({ header: { ...header, hasParts: true, moved: [] } })),
    WholeRing.transform((ring) => ({ whole: unfolded(ring) })),
    UngroupedRing.transform((whole) => ({ whole })),
  ]),
}

/** That somebody is still to look at a ring; it names the ring in a list as long as that is so. */
export const UnsettledRingRecord: RecordKind<RingSummary> = { kind: 'unsettled-ring', schema: RingSummary }

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
/** Four hosts of a ring of an older Drydock, and the commands whose first host is among them. */
export const RingPartRecord: RecordKind<z.infer<typeof RingPart>> = { kind: 'ring-part', schema: RingPart }

const HostCommand = StoredCommand.omit({ step: true, hostIds: true })
const RingHost = z.strictObject({
  progress: HostProgress,
  /** The command that is out to the host, as far as its progress does not tell. */
  command: HostCommand.optional(),
  endedSteps: z.array(EndedStep).optional(),
})
/** A host of a ring as it is: its progress, the command that is out to it, and its steps so far. */
export const RingHostRecord: RecordKind<z.infer<typeof RingHost>> = { kind: 'ring-host', schema: RingHost }

/** A ring as read: with the versions of its hosts, and their places in the order in which it opened. */
export interface ReadRing extends Stored<Ring> {
  /** Undefined: it stands as one record of an older Drydock, or does not stand yet. */
  readonly header?: Header
  readonly hostVersions: ReadonlyMap<string, number>
  readonly placeOf: ReadonlyMap<string, number>
}

/** The place of each host, in the order in which the ring opened with them. */
export const placesOf = (hostIds: Iterable<string>): ReadonlyMap<string, number> =>
  new Map([...hostIds].map((hostId, index) => [hostId, index]))

/** The ring, strongly consistent: the header is read first, so no later one can name hosts that were read before it. */
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
  read: Stored<RingRecordValue>,
  ledger: Pick<Ledger, 'read' | 'query'>,
  known?: ReadRing,
): Promise<ReadRing> {
  const { key, version, value } = read
  if ('whole' in value) {
    const ring = value.whole
    return { key, version, value: ring, hostVersions: new Map(), placeOf: placesOf(Object.keys(ring.hosts)) }
  }
  const { header } = value
  if (known?.header && known.version === version) return known
  const missed = known?.header && movedSince(header, known.version, version)
  const { base, hosts } =
    known && missed
      ? { base: known, hosts: await readHosts(header, hostsAt(missed, known), ledger) }
      : await readAll(header, ledger)
  return withMoved(header, { key, version }, base, hosts)
}

type RingBase = Pick<ReadRing, 'value' | 'hostVersions' | 'placeOf'>
type StoredHosts = readonly (readonly [string, Stored<z.infer<typeof RingHost>>])[]

/** Hosts that moved after a version, if the header still tells of all of them. */
function movedSince({ moved }: Header, from: number, to: number): ReadonlySet<number> | undefined {
  const later = moved.filter(({ version }) => version > from)
  return later.length === to - from ? new Set(later.flatMap(({ hosts }) => hosts)) : undefined
}

const hostsAt = (places: ReadonlySet<number>, { placeOf }: ReadRing): string[] =>
  [...placeOf].flatMap(([hostId, place]) => (places.has(place) ? [hostId] : []))

async function readHosts(
  { changeId, name }: Header,
  hostIds: readonly string[],
  ledger: Pick<Ledger, 'read'>,
): Promise<StoredHosts> {
  const read = await Promise.all(
    hostIds.map(
      async (hostId) => [hostId, await ledger.read(RingHostRecord, keys.ringHost(changeId, name, hostId))] as const,
    ),
  )
  return read.flatMap(([hostId, host]) => (host ? [[hostId, host] as const] : []))
}

/** All of a ring: as it opened, the parts of an older Drydock over that, and the hosts that moved. */
async function readAll(header: Header, ledger: Pick<Ledger, 'query'>) {
  const { changeId, name, hasParts = false } = header
  const partition = partitions.change(changeId)
  const [openings, parts, hosts] = await Promise.all([
    ledger.query(RingOpeningRecord, partition, `${prefixes.ringOpening}${name}#`),
    hasParts ? ledger.query(RingPartRecord, partition, `${prefixes.ringPart}${name}#`) : [],
    ledger.query(RingHostRecord, partition, `${prefixes.ringHost}${name}#`),
  ])
  const opened = hostsOf(openings.flatMap(({ value: { groups } }) => groups))
  const { hosts: before, packagesByHost } = opened
  for (const { value } of parts) Object.assign(before, value.hosts)
  const commands = Object.fromEntries(
    [...openings, ...parts].flatMap(({ value }) =>
      Object.entries(value.commands).map(([intentId, command]) => [intentId, { ...command, packages: '' }] as const),
    ),
  )
  const value: Ring = { ...fieldsOf(header), hosts: before, packagesByHost, commands }
  return {
    base: { value, hostVersions: new Map(), placeOf: placesOf(Object.keys(before)) },
    hosts: hosts.map((host) => [host.key.sk.slice(`${prefixes.ringHost}${name}#`.length), host] as const),
  }
}

function withMoved(
  header: Header,
  read: Pick<ReadRing, 'key' | 'version'>,
  base: RingBase,
  moved: StoredHosts,
): ReadRing {
  const hosts = { ...base.value.hosts }
  const endedSteps = { ...base.value.endedSteps }
  const hostVersions = new Map(base.hostVersions)
  const details = new Map<string, z.infer<typeof HostCommand>>(Object.entries(base.value.commands))
  for (const [hostId, { version, value }] of moved) {
    hostVersions.set(hostId, version)
    hosts[hostId] = value.progress
    if (value.endedSteps) endedSteps[hostId] = value.endedSteps
    else delete endedSteps[hostId]
    if (value.command && value.progress.intentId !== undefined) details.set(value.progress.intentId, value.command)
  }
  const { packagesByHost } = base.value
  if (header.nobodyWaitsBecause !== undefined)
    for (const [hostId, host] of Object.entries(hosts)) hosts[hostId] = asItStands(host, header.nobodyWaitsBecause)
  const value: Ring = {
    ...fieldsOf(header),
    hosts,
    packagesByHost,
    commands: commandsOut(hosts, details, packagesByHost),
    ...(Object.keys(endedSteps).length > 0 ? { endedSteps } : {}),
  }
  return { ...read, header, value, hostVersions, placeOf: base.placeOf }
}

/** The commands that hosts say are out to them, each with its hosts. */
function commandsOut(
  hosts: Ring['hosts'],
  details: ReadonlyMap<string, z.infer<typeof HostCommand>>,
  packagesByHost: Ring['packagesByHost'],
): Ring['commands'] {
  const commands = new Map<string, CommandOut>()
  for (const [hostId, { state, step, intentId }] of Object.entries(hosts)) {
    const known = state === 'sent' && intentId !== undefined ? details.get(intentId) : undefined
    if (!known || intentId === undefined) continue
    const command = commands.get(intentId)
    if (command) command.hostIds.push(hostId)
    else commands.set(intentId, { ...known, step, hostIds: [hostId], packages: ownValue(packagesByHost, hostId) ?? '' })
  }
  return Object.fromEntries(commands)
}

function fieldsOf({ openings: _, moved: __, hasParts: ___, isListed: ____, counts: _____, ...fields }: Header) {
  return fields
}

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

/** Commands as they are kept. */
export const withoutPackages = (
  commands: Iterable<readonly [string, CommandOut]>,
): z.infer<typeof RingOpening>['commands'] =>
  Object.fromEntries([...commands].map(([intentId, { packages: _, ...command }]) => [intentId, command]))

/** A host as it is kept. */
export function hostValue(ring: Ring, hostId: string, progress: HostProgress): z.infer<typeof RingHost> {
  const command = progress.state === 'sent' ? ownValue(ring.commands, progress.intentId ?? '') : undefined
  const endedSteps = ring.endedSteps && ownValue(ring.endedSteps, hostId)
  return {
    progress,
    ...(command ? { command: HostCommand.strip().parse(command) } : {}),
    ...(endedSteps ? { endedSteps } : {}),
  }
}
