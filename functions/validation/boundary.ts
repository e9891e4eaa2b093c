/** The group-sequential boundary: how small p must be at each of several looks, so that looking often raises no false alarms. */
import { normalDensity, normalQuantile, normalTail } from './normal.ts'

/**
 * The error rate that may be spent up to and including look number `look` of `looks`, a share `look / looks` of the time:
 * the Pocock-type spending function of Lan and DeMets, alpha * ln(1 + (e - 1) t).
 *
 * It leaves early looks enough to stop a bad patch soon; an O'Brien-Fleming type would find a shift of two standard
 * deviations after 20 samples instead of 13.
 * @see Lan and DeMets 1983, "Discrete sequential boundaries for clinical trials", Biometrika 70(3)
 */
export const alphaSpentBy = (alpha: number, look: number, looks: number) =>
  alpha * Math.log(1 + (Math.E - 1) * (Math.min(Math.max(look, 0), looks) / looks))

export interface LookPlan {
  readonly alpha: number
  readonly looks: number
  /** The first look at which there are samples enough: what earlier ones might have spent is its own to spend. */
  readonly firstLook: number
}

/** Standard deviations that the integration goes out: the mass beyond is under 1e-9. */
const deviationsMax = 6
/** Points a standard deviation of one look's step: Simpson's rule is then right to four digits of z. */
const pointsPerDeviation = 4
const newtonSteps = 8

/** Where the paths that were never over the boundary are, after one look. */
interface Paths {
  readonly time: number
  readonly start: number
  readonly spacing: number
  /** Density times Simpson weight at `start`, `start + spacing`, ... */
  readonly mass: Float64Array
}

/**
 * The p that the look `look` must not exceed, exact for a Brownian motion seen at equally spaced times.
 *
 * Finds, look after look, the boundary over which the paths that were never over it go with just the probability that
 * this look may spend, and follows the other paths by numerical integration.
 * @see Armitage, McPherson and Rowe 1969, JRSS A 132(2); Jennison and Turnbull 2000, "Group Sequential Methods", chapter 19
 */
export function boundaryP({ alpha, looks, firstLook }: LookPlan, look: number): number {
  const firstAlpha = alphaSpentBy(alpha, firstLook, looks)
  let z = normalQuantile(firstAlpha)
  let paths = startPaths(firstLook / looks, z, 1 / looks)
  for (let next = firstLook + 1; next <= look; next++) {
    const time = next / looks
    z = boundaryAfter(paths, time, alphaSpentBy(alpha, next, looks) - alphaSpentBy(alpha, next - 1, looks), z)
    if (next < look) paths = follow(paths, time, z)
  }
  return normalTail(z)
}

/** Points from far below to the boundary `z` at `time`, and the weights of Simpson's rule. */
function gridOf(time: number, z: number, width: number) {
  const end = z * Math.sqrt(time)
  const start = -deviationsMax * Math.sqrt(time)
  const intervals = 2 * Math.ceil(((end - start) / width) * (pointsPerDeviation / 2))
  const spacing = (end - start) / intervals
  const weightOf = (index: number) => (spacing / 3) * (index === 0 || index === intervals ? 1 : index % 2 === 1 ? 4 : 2)
  return { start, spacing, count: intervals + 1, weightOf }
}

function startPaths(time: number, z: number, stepTime: number): Paths {
  const { start, spacing, count, weightOf } = gridOf(time, z, Math.sqrt(Math.min(time, stepTime)))
  const deviation = Math.sqrt(time)
  const mass = new Float64Array(count)
  for (let index = 0; index < count; index++)
    mass[index] = (weightOf(index) * normalDensity((start + index * spacing) / deviation)) / deviation
  return { time, start, spacing, mass }
}

/** The z at `time` over which the share `alpha` of all paths goes for the first time; Newton's method from the last z. */
function boundaryAfter(paths: Paths, time: number, alpha: number, lastZ: number): number {
  const width = Math.sqrt(time - paths.time)
  let boundary = lastZ * Math.sqrt(time)
  for (let step = 0; step < newtonSteps; step++) {
    let over = 0
    let slope = 0
    for (let index = paths.mass.length - 1; index >= 0; index--) {
      const distance = (boundary - paths.start - index * paths.spacing) / width
      if (distance > deviationsMax) break
      over += (paths.mass[index] ?? 0) * normalTail(distance)
      slope += ((paths.mass[index] ?? 0) * normalDensity(distance)) / width
    }
    const change = (over - alpha) / slope
    boundary += Math.max(-width, Math.min(width, change))
    if (Math.abs(change) < 1e-9) break
  }
  return boundary / Math.sqrt(time)
}

/** The paths a step later: each point gathers what comes to it from the points within reach. */
function follow(paths: Paths, time: number, z: number): Paths {
  const width = Math.sqrt(time - paths.time)
  const { start, spacing, count, weightOf } = gridOf(time, z, width)
  const reach = Math.ceil((deviationsMax * width) / paths.spacing)
  const mass = new Float64Array(count)
  for (let index = 0; index < count; index++) {
    const nearest = Math.round((start + index * spacing - paths.start) / paths.spacing)
    const from = Math.max(0, nearest - reach)
    const to = Math.min(paths.mass.length - 1, nearest + reach)
    const distance = (start + index * spacing - paths.start - from * paths.spacing) / width
    mass[index] = (weightOf(index) * gather(paths, { from, to, distance, step: paths.spacing / width })) / width
  }
  return { time, start, spacing, mass }
}

interface Reach {
  readonly from: number
  readonly to: number
  /** From the first point, in standard deviations of the step. */
  readonly distance: number
  /** Between points, likewise. */
  readonly step: number
}

/** The sum of mass times normal density; each density is the one before times a ratio, which spares an exponential a point. */
function gather({ mass }: Paths, { from, to, distance, step }: Reach): number {
  let density = normalDensity(distance)
  let ratio = Math.exp(step * distance - (step * step) / 2)
  const shrink = Math.exp(-step * step)
  let sum = 0
  for (let index = from; index <= to; index++) {
    sum += (mass[index] ?? 0) * density
    density *= ratio
    ratio *= shrink
  }
  return sum
}
