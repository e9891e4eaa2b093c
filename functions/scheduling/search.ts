/** Passes forward and backward until the schedule meets its target or the allowed work is done; deterministic. */
import { byDue, latenessOf } from './dues.ts'
import { insertHostsMax, insertInOrders } from './insert.ts'
import { levelOrder } from './levels.ts'
import type { Model } from './model.ts'
import { packedStarts } from './packing.ts'
import { type Placed, place } from './pass.ts'
import { tailsOf } from './tails.ts'

export interface Effort {
  /** Good enough: no pass is made once the last host ends by then. */
  readonly targetSeconds: number
  /**
   * Hosts to place in all passes together: work is counted and not time, so that every machine finds the same schedule.
   */
  readonly placementsMax: number
}

/** How long places are kept for hosts of several services; what is best differs from fleet to fleet. */
const patiences = [4, 2, 8, 1, 16, 0] as const
/** Small problems gain nothing from more passes. */
const passesMaxEver = 400
/** Orders in which a small problem's hosts are inserted, for each pass that was allowed. */
const ordersPerPass = 8
/** Rounds without a better schedule after which another beginning is tried. */
const vainRoundsMax = 5

export function search(model: Model, { targetSeconds, placementsMax }: Effort): Placed {
  const tails = tailsOf(model)
  const base = { order: model.kinds.order, rank: model.hosts.seconds, tails }
  const hosts = Math.max(1, model.hosts.ids.length)
  const passesMax = Math.min(passesMaxEver, Math.floor(placementsMax / hosts))
  let best = place(model, { ...base, patience: patiences[0] })
  let passes = 1
  if (passesMax > 1 && !(best.missing.length === 0 && best.makespan <= targetSeconds)) {
    const level = place(model, { ...base, order: levelOrder(model), patience: patiences[0] })
    passes++
    if (isBetter(level, best)) best = level
  }
  const isDone = () => passes >= passesMax || (best.missing.length === 0 && best.makespan <= targetSeconds)
  const backward = backwardOf(model)
  for (let start = 0; !isDone(); start++) {
    const patience = patiences[start % patiences.length] ?? 1
    const noise = start < patiences.length ? 0 : 0.02 * (1 + (start % 3))
    let now =
      start === 0 ? best : place(model, { ...base, rank: shaken(model.hosts.seconds, start, 2 * noise), patience })
    passes += start === 0 ? 0 : 1
    if (isBetter(now, best)) best = now
    for (let vain = 0; vain < vainRoundsMax && !isDone(); vain++) {
      const ends = shaken(endsOf(model, now), start + vain, noise)
      const back = place(backward, { order: byRank(model, ends), rank: ends, patience })
      const rank = endsOf(model, back)
      now = place(model, { order: byRank(model, rank), rank, patience })
      passes += 2
      if (!isBetter(now, best)) continue
      best = now
      vain = -1
    }
  }
  if (hasWindows(model) && passesMax > 1) best = packed(model, best, targetSeconds)
  if (hosts <= insertHostsMax && passesMax > 1)
    best = insertInOrders(model, best, { ordersMax: ordersPerPass * passesMax, targetSeconds })
  return passesMax > 1 ? dueFirst(model, best, base) : best
}

const hasWindows = ({ openings }: Model) => openings.some((one) => one !== undefined)

/** Packings tried where the schedule is longer than it should be, and where hosts have no place. */
const packingsMax = { long: 3, missing: 36 } as const

/** Passes in the order of closely filled windows, each behind what the pass before it opened. */
function packed(model: Model, placed: Placed, targetSeconds: number): Placed {
  let [best, now] = [placed, placed]
  for (let variant = 0; variant < packingsMax[best.missing.length > 0 ? 'missing' : 'long']; variant++) {
    if (best.missing.length === 0 && best.makespan <= targetSeconds) return best
    const starts = packedStarts(model, now, variant)
    const rank = starts.map((start) => -start)
    now = place(model, { order: byRank(model, rank), rank, patience: patiences[variant % patiences.length] ?? 0 })
    if (isBetter(now, best)) best = now
  }
  return best
}

const isBetter = (one: Placed, other: Placed) =>
  one.missing.length < other.missing.length ||
  (one.missing.length === other.missing.length && one.makespan < other.makespan)

/**
 * The problem from its end: barriers the other way round. It only ranks hosts, so windows, downloads and reboots are
 * left out.
 */
function backwardOf(model: Model): Model {
  return {
    ...model,
    gates: model.backward,
    openings: model.groups.map(() => undefined),
    rebootGap: 0,
    hosts: { ...model.hosts, sites: model.hosts.sites.map(() => -1) },
    siteRates: [],
    kinds: { ...model.kinds, siteOf: model.kinds.siteOf.map(() => -1) },
  }
}

/** What ends last in one direction starts first in the other. */
const endsOf = ({ hosts }: Model, { starts }: Placed) => starts.map((start, host) => start + (hosts.seconds[host] ?? 0))

function byRank({ kinds }: Model, rank: Float64Array): Int32Array {
  const order = kinds.order.slice()
  for (let kind = 0; kind < kinds.count; kind++)
    order
      .subarray(kinds.first[kind], kinds.first[kind + 1])
      .sort((one, other) => (rank[other] ?? 0) - (rank[one] ?? 0) || one - other)
  return order
}

/** Each number off by up to a share of itself, decided by a seed. */
function shaken(numbers: Float64Array, seed: number, share: number): Float64Array {
  if (share === 0) return numbers
  return numbers.map((number, at) => {
    let mixed = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
    return number * (1 + share * (((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 31 - 1))
  })
}

/** Near due dates first, where the last host ends no later for it. */
function dueFirst(
  model: Model,
  best: Placed,
  base: { readonly rank: Float64Array; readonly tails: Float64Array },
): Placed {
  if (best.missing.length > 0 || model.hosts.dues.every((due) => due === Number.POSITIVE_INFINITY)) return best
  const swapped = byDue(model, best)
  const eager = place(model, {
    ...base,
    order: byRank(
      model,
      model.hosts.dues.map((due) => -due),
    ),
    patience: patiences[0],
  })
  const isFree = eager.missing.length === 0 && eager.makespan <= best.makespan
  return isFree && latenessOf(model, eager) < latenessOf(model, swapped) ? eager : swapped
}
