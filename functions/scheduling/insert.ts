/**
 * Small problems: hosts put one after another into the first gap that every limit leaves, in many orders; so a host may
 * wait although it could start.
 */
import { roundUp } from './hosts.ts'
import type { Model } from './model.ts'
import type { Openings } from './openings.ts'
import type { Placed } from './pass.ts'

/** Inserting one host at a time costs too much above this many hosts. */
export const insertHostsMax = 14
/** Differences of instants that are no whole numbers are not exact. */
const slackSeconds = 1e-9
/** Orders without improvement before a restart. */
const vainMax = 150

interface InsertEffort {
  readonly ordersMax: number
  readonly targetSeconds: number
}

/** The shortest of the schedules that changed orders give, starting from the order of a schedule. */
export function insertInOrders(model: Model, placed: Placed, { ordersMax, targetSeconds }: InsertEffort): Placed {
  let best = placed
  const byStart = [...placed.starts.keys()].sort(
    (one, other) => (placed.starts[one] ?? 0) - (placed.starts[other] ?? 0) || one - other,
  )
  let order = byStart
  let shortest = Number.POSITIVE_INFINITY
  const draw = drawBelow()
  for (let tries = 0, vain = 0; tries < ordersMax && best.makespan > targetSeconds; tries++, vain++) {
    const next = tries === 0 ? byStart : vain > vainMax ? shuffled(byStart, draw) : changed(order, draw)
    const horizon = best.missing.length > 0 ? Number.POSITIVE_INFINITY : best.makespan
    const found = insertAll(model, next, horizon)
    const makespan = found?.makespan ?? Number.POSITIVE_INFINITY
    if (vain > vainMax || makespan <= shortest) {
      if (makespan < shortest || vain > vainMax) vain = 0
      order = next
      shortest = makespan
    }
    if (found && (found.makespan < best.makespan || best.missing.length > 0)) best = { ...best, ...found, missing: [] }
  }
  return best
}

/** Numbers below a limit, the same in every run. */
function drawBelow() {
  let state = 1
  return (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

/** One host moved to another place. */
function changed(order: readonly number[], draw: (limit: number) => number): number[] {
  const next = [...order]
  const [moved = 0] = next.splice(draw(next.length), 1)
  next.splice(draw(next.length + 1), 0, moved)
  return next
}

function shuffled(order: readonly number[], draw: (limit: number) => number): number[] {
  const next = [...order]
  for (let at = next.length - 1; at > 0; at--) {
    const other = draw(at + 1)
    const [one, two] = [next[at] ?? 0, next[other] ?? 0]
    next[at] = two
    next[other] = one
  }
  return next
}

interface Inserted {
  readonly starts: Float64Array
  readonly makespan: number
}

/**
 * Undefined if a host has no place before the horizon, so that the schedule would not be shorter than the best so far.
 */
function insertAll(model: Model, order: readonly number[], horizon: number): Inserted | undefined {
  const { hosts, gates, groups } = model
  const starts = new Float64Array(hosts.ids.length).fill(-1)
  const hostsLeft = gates.hostCounts.slice()
  const passedAt = new Float64Array(hostsLeft.length)
  const waitsFor = groups.map((_, group) =>
    gates.opens.flatMap((list, barrier) => (list.includes(group) ? [barrier] : [])),
  )
  const left = [...order]
  let makespan = 0
  while (left.length > 0) {
    const at = left.findIndex((host) => waitsFor[hosts.groups[host] ?? 0]?.every((barrier) => hostsLeft[barrier] === 0))
    const [host] = at < 0 ? [] : left.splice(at, 1)
    if (host === undefined) return undefined
    const group = hosts.groups[host] ?? 0
    const opened = (waitsFor[group] ?? []).reduce((latest, barrier) => Math.max(latest, passedAt[barrier] ?? 0), 0)
    const instants = instantsFor(model, starts, host, { from: opened, until: horizon })
    const start = instants.find((seconds) => mayStart(model, starts, host, seconds))
    if (start === undefined) return undefined
    starts[host] = start
    const end = start + (hosts.seconds[host] ?? 0)
    makespan = Math.max(makespan, end)
    for (const barrier of gates.closes[group] ?? []) {
      hostsLeft[barrier] = (hostsLeft[barrier] ?? 0) - 1
      passedAt[barrier] = Math.max(passedAt[barrier] ?? 0, end)
    }
  }
  return { starts, makespan }
}

/** Instants at which something may make room, in order. */
function instantsFor(
  { hosts, openings, rebootGap, siteRates }: Model,
  starts: Float64Array,
  host: number,
  { from, until }: { readonly from: number; readonly until: number },
): number[] {
  const instants = [from]
  const add = (seconds: number) => {
    if (seconds > from && seconds < until) instants.push(seconds)
  }
  for (const start of openings[hosts.groups[host] ?? 0]?.starts ?? []) add(start)
  const site = hosts.sites[host] ?? -1
  const own = hosts.bytes[host] ?? 0
  const rate = siteRates[site] ?? 1
  if (site >= 0) add(roundUp(own / rate))
  starts.forEach((start, other) => {
    if (start < 0) return
    add(start + (hosts.seconds[other] ?? 0))
    if (rebootGap > 0) add(start + rebootGap)
    if (site >= 0 && hosts.sites[other] === site) add(roundUp((bytesUntil(hosts, starts, site, start) + own) / rate))
  })
  return instants.sort((one, other) => one - other)
}

/** Whether an opening holds a host from start on: of those that have begun, the last one closes last. */
function isOpen({ starts, ends }: Openings, start: number, length: number): boolean {
  let at = -1
  while ((starts[at + 1] ?? Number.POSITIVE_INFINITY) <= start) at++
  return start + length <= (ends[at] ?? Number.NEGATIVE_INFINITY) + slackSeconds
}

/** Bytes of a site's hosts that start by then. */
function bytesUntil({ sites, bytes }: Model['hosts'], starts: Float64Array, site: number, seconds: number): number {
  return starts.reduce(
    (sum, start, host) => (start >= 0 && start <= seconds && sites[host] === site ? sum + (bytes[host] ?? 0) : sum),
    0,
  )
}

function mayStart(model: Model, starts: Float64Array, host: number, start: number): boolean {
  const { hosts, openings, rebootGap, conflicts } = model
  const end = start + (hosts.seconds[host] ?? 0)
  const spans = openings[hosts.groups[host] ?? 0]
  if (spans && !isOpen(spans, start, hosts.lengths[host] ?? 0)) return false
  const isFree = starts.every((other, number) => {
    if (other < 0) return true
    if (rebootGap > 0 && Math.abs(other - start) < rebootGap) return false
    const overlaps = other < end && start < other + (hosts.seconds[number] ?? 0)
    return !overlaps || !conflicts.get(host)?.includes(number)
  })
  return isFree && hasPlaces(model, starts, host, start) && hasBytes(model, starts, host, start)
}

/**
 * Whether concurrency and every limit of the host have room from start to end; a count only rises where a host starts.
 */
function hasPlaces({ hosts, kinds, concurrency }: Model, starts: Float64Array, host: number, start: number): boolean {
  const end = start + (hosts.seconds[host] ?? 0)
  const limitsOf = (one: number) => {
    const kind = kinds.kindOfHost[one] ?? 0
    return kinds.limitOf.subarray(kinds.limitFirst[kind], kinds.limitFirst[kind + 1])
  }
  const isFull = (now: number) => {
    const others = [...starts.keys()].filter((other) => {
      const from = starts[other] ?? -1
      return from >= 0 && from <= now && now < from + (hosts.seconds[other] ?? 0)
    })
    return (
      others.length >= concurrency ||
      limitsOf(host).some(
        (limit) => others.filter((other) => limitsOf(other).includes(limit)).length >= (kinds.limits.most[limit] ?? 0),
      )
    )
  }
  return !isFull(start) && starts.every((other) => other <= start || other >= end || !isFull(other))
}

/** Whether the host's download, and those of all that start behind it, are there in time. */
function hasBytes({ hosts, siteRates }: Model, starts: Float64Array, host: number, start: number): boolean {
  const site = hosts.sites[host] ?? -1
  if (site < 0) return true
  const isInTime = (at: number) =>
    bytesUntil(hosts, starts, site, at) + (hosts.bytes[host] ?? 0) <= (siteRates[site] ?? 1) * at
  return (
    isInTime(start) && starts.every((other, number) => other < start || hosts.sites[number] !== site || isInTime(other))
  )
}
