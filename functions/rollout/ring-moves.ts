/** What a commit writes of a ring: its header, and the parts of the hosts and commands that moved. */
import type * as z from 'zod'
import { byKey } from '../kit/by-text.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Move } from '../kit/ledger.ts'
import { ownValue } from '../kit/table.ts'
import { countHosts, type HostProgress, isUnsettled, type Ring } from './ring.ts'
import {
  type Header,
  type HostGroup,
  hostsOf,
  partOfCommand,
  partsOf,
  type ReadRing,
  RingOpeningRecord,
  type RingPart,
  RingPartRecord,
  RingRecord,
  withoutPackages,
} from './ring-record.ts'

/** Hosts of one record of a ring as it opened: their ids and packages stay far below DynamoDB's 400 KB. */
const hostsPerOpening = 2_500
/** Parts that a header tells as moved last: a reader who knows an older version reads these alone. */
const movedPartsMax = 40

/** Ids, common progress and packages once each. */
function folded(hosts: readonly (readonly [string, HostProgress])[], packagesByHost: Ring['packagesByHost']) {
  const groups = new Map<string, z.infer<typeof HostGroup>>()
  for (const [hostId, progress] of hosts) {
    const packages = ownValue(packagesByHost, hostId) ?? ''
    const key = `${canonicalJson(progress)}${packages}`
    const group = groups.get(key)
    if (group) group.hostIds.push(hostId)
    else groups.set(key, { packages, progress, hostIds: [hostId] })
  }
  return [...groups].sort(byKey).map(([, group]) => group)
}

/** The ring as it stands after a commit, and the moves that make it so. */
export interface RingMoves {
  readonly moves: readonly Move[]
  readonly after: ReadRing
}

/** What makes the ring read this ring: its header, and the parts that changed; all of it where none stands yet. */
export function ringMoves(read: ReadRing | undefined, ring: Ring): RingMoves {
  return read?.header ? moveParts(read, read.header, ring) : openParts(read, ring)
}

function openParts(read: ReadRing | undefined, ring: Ring): RingMoves {
  const { changeId, name, hosts, packagesByHost, commands } = ring
  const entries = Object.entries(hosts)
  const openings = Array.from({ length: Math.ceil(entries.length / hostsPerOpening) }, (_, index) => {
    const own = new Map(entries.slice(index * hostsPerOpening, (index + 1) * hostsPerOpening))
    return {
      groups: folded([...own], packagesByHost),
      commands: withoutPackages(
        Object.entries(commands).filter(
          ([
            ,
            {
              hostIds: [first = ''],
            },
          ]) => own.has(first),
        ),
      ),
    }
  })
  const { header, move } = headerMove(read, ring, openings.length, [])
  const records = openings.map((value, index) => ({
    kind: RingOpeningRecord.kind,
    key: keys.ringOpening(changeId, name, index),
    from: 0,
    value,
  }))
  const partOf = partsOf(Object.keys(hostsOf(openings.flatMap(({ groups }) => groups)).hosts))
  return {
    moves: [move, ...records],
    after: { key: move.key, version: move.from + 1, value: ring, header, partVersions: new Map(), partOf },
  }
}

function moveParts(read: ReadRing, known: Header, ring: Ring): RingMoves {
  const { value: before, partOf } = read
  const changed = new Set<number>()
  for (const [hostId, host] of Object.entries(ring.hosts))
    if (before.hosts[hostId] !== host) changed.add(partOf.get(hostId) ?? 0)
  for (const intentId of new Set([...Object.keys(before.commands), ...Object.keys(ring.commands)])) {
    const [was, is] = [before.commands[intentId], ring.commands[intentId]]
    const command = is ?? was
    if (was !== is && command) changed.add(partOfCommand(command, partOf))
  }
  const { header, move } = headerMove(read, ring, known.openings, [...changed])
  const partVersions = new Map(read.partVersions)
  const hostsByPart = Map.groupBy(
    [...partOf].filter(([, part]) => changed.has(part)),
    ([, part]) => part,
  )
  const commandsByPart = Map.groupBy(Object.entries(ring.commands), ([, command]) => partOfCommand(command, partOf))
  const parts = [...changed].map((part) => {
    const from = partVersions.get(part) ?? 0
    partVersions.set(part, from + 1)
    const hostIds = (hostsByPart.get(part) ?? []).map(([hostId]) => hostId)
    const commands = withoutPackages(commandsByPart.get(part) ?? [])
    return partMove(ring, part, from, { hosts: pick(ring.hosts, hostIds), commands })
  })
  return {
    moves: [move, ...parts],
    after: { key: read.key, version: read.version + 1, value: ring, header, partVersions, partOf },
  }
}

const pick = (hosts: Ring['hosts'], hostIds: readonly string[]): Ring['hosts'] =>
  Object.fromEntries(
    hostIds.flatMap((hostId) => {
      const host = ownValue(hosts, hostId)
      return host ? [[hostId, host] as const] : []
    }),
  )

const partMove = ({ changeId, name }: Ring, part: number, from: number, value: RingPart): Move => ({
  kind: RingPartRecord.kind,
  key: keys.ringPart(changeId, name, part),
  from,
  value,
})

function headerMove(read: ReadRing | undefined, ring: Ring, openings: number, parts: readonly number[]) {
  const { hosts: _, packagesByHost: __, commands: ___, ...fields } = ring
  const from = read?.version ?? 0
  const moved = [...(read?.header?.moved ?? []), { version: from + 1, parts: [...parts] }]
  while (moved.length > 0 && moved.reduce((sum, one) => sum + one.parts.length + 1, 0) > movedPartsMax) moved.shift()
  const header: Header = { ...fields, openings, counts: countHosts(ring), moved }
  const move: Move = {
    kind: RingRecord.kind,
    key: keys.ring(ring.changeId, ring.name),
    from,
    value: header,
    list: { pk: lists.rings, sk: `${isUnsettled(ring) ? 'open' : 'ended'}#${ring.changeId}#${ring.name}` },
  }
  return { header, move }
}
