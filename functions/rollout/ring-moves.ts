/** What a commit writes of a ring: its header, and the hosts that moved. */
import type * as z from 'zod'
import { byKey } from '../kit/by-text.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Move, Transaction } from '../kit/ledger.ts'
import { ownValue } from '../kit/table.ts'
import { countHosts, type HostProgress, isUnsettled, movedHosts, type Ring } from './ring.ts'
import {
  type Header,
  type HostGroup,
  hostsOf,
  hostValue,
  placesOf,
  type ReadRing,
  RingHostRecord,
  RingOpeningRecord,
  RingRecord,
  UnsettledRingRecord,
  withoutPackages,
} from './ring-record.ts'

/** Hosts of one record of a ring as it opened: their ids and packages stay far below DynamoDB's 400 KB. */
const hostsPerOpening = 2_500
/** Hosts that a header tells as moved last: a reader who knows an older version reads these alone. */
const movedHostsMax = 120

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

/** The ring as it stands after a commit, and what makes it so. */
export interface RingMoves {
  readonly moves: readonly Move[]
  readonly drops: NonNullable<Transaction['drops']>
  readonly after: ReadRing
}

/** What makes the ring read this ring: its header, and the hosts that moved; all of it where none stands yet. */
export function ringMoves(read: ReadRing | undefined, ring: Ring): RingMoves {
  const { moves, after } = read?.header ? moveHosts(read, read.header, ring) : openRing(read, ring)
  const { put, drops } = listing(read, ring)
  return { moves: [...moves, ...put], drops, after }
}

/** A ring is listed for as long as somebody is to look at it; the record that lists it is never changed. */
function listing(read: ReadRing | undefined, ring: Ring): { put: readonly Move[]; drops: RingMoves['drops'] } {
  const [was, is] = [read?.header?.isListed === true, isUnsettled(ring)]
  const key = keys.unsettledRing(ring.changeId, ring.name)
  if (was === is) return { put: [], drops: [] }
  if (was) return { put: [], drops: [{ key, from: 1 }] }
  const { changeId, name, mode, state, openedAt, taskToken } = ring
  const list = { pk: lists.rings, sk: `open#${changeId}#${name}` }
  const value = { changeId, name, mode, state, openedAt, ...(taskToken === undefined ? {} : { taskToken }) }
  return { put: [{ kind: UnsettledRingRecord.kind, key, from: 0, value, list }], drops: [] }
}

type Written = Omit<RingMoves, 'drops'>

function openRing(read: ReadRing | undefined, ring: Ring): Written {
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
  const placeOf = placesOf(Object.keys(hostsOf(openings.flatMap(({ groups }) => groups)).hosts))
  return {
    moves: [move, ...records],
    after: { key: move.key, version: move.from + 1, value: ring, header, hostVersions: new Map(), placeOf },
  }
}

function moveHosts(read: ReadRing, known: Header, ring: Ring): Written {
  const { value: before, placeOf } = read
  const changed = movedHosts(before, ring)
  const places = changed.flatMap(([hostId]) => placeOf.get(hostId) ?? [])
  const { header, move } = headerMove(read, ring, known.openings, places)
  const hostVersions = new Map(read.hostVersions)
  const hosts = changed.map(([hostId, progress]) => {
    const from = hostVersions.get(hostId) ?? 0
    hostVersions.set(hostId, from + 1)
    const key = keys.ringHost(ring.changeId, ring.name, hostId)
    return { kind: RingHostRecord.kind, key, from, value: hostValue(ring, hostId, progress) }
  })
  return {
    moves: [move, ...hosts],
    after: { key: read.key, version: read.version + 1, value: ring, header, hostVersions, placeOf },
  }
}

function headerMove(read: ReadRing | undefined, ring: Ring, openings: number, hosts: readonly number[]) {
  const { hosts: _, packagesByHost: __, commands: ___, endedSteps: ____, ...fields } = ring
  const from = read?.version ?? 0
  const moved = [...(read?.header?.moved ?? []), { version: from + 1, hosts: [...hosts] }]
  while (moved.length > 0 && moved.reduce((sum, one) => sum + one.hosts.length + 1, 0) > movedHostsMax) moved.shift()
  const header: Header = {
    ...fields,
    openings,
    counts: countHosts(ring),
    moved,
    ...(isUnsettled(ring) ? { isListed: true } : {}),
    ...(read?.header?.hasParts ? { hasParts: true } : {}),
  }
  const move: Move = { kind: RingRecord.kind, key: keys.ring(ring.changeId, ring.name), from, value: header }
  return { header, move }
}
