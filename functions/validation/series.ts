/** A series of samples in order of time, and its order of size, from which everything else about ranks follows. */

export interface Series {
  /** In order of time. */
  readonly values: Float64Array
  readonly sorted: Float64Array
  /** Where in time each of `sorted` stands. */
  readonly places: Uint32Array
}

/** Runs up to this long are sorted by insertion before they are merged. */
const runLength = 8

/** What a sort works on, kept between sorts: a typed array costs more to make than to fill. */
let scratch: readonly [Rows, Rows] = [rowsOf(0), rowsOf(0)]

function rowsOf(count: number): Rows {
  return { keys: new Float64Array(count), places: new Uint32Array(count) }
}

/** The series of finite `values`, ordered by a merge sort that carries the places along; equals stay in order of time. */
export function seriesOf(values: Float64Array): Series {
  const count = values.length
  if (scratch[0].keys.length < count) scratch = [rowsOf(2 * count), rowsOf(2 * count)]
  let [from, to] = scratch
  from.keys.set(values)
  for (let index = 0; index < count; index++) from.places[index] = index
  for (let start = 0; start < count; start += runLength) sortRun(from, start, Math.min(start + runLength, count))
  for (let width = runLength; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width)
      mergeRuns(from, to, { start, middle: Math.min(start + width, count), end: Math.min(start + 2 * width, count) })
    const merged = to
    to = from
    from = merged
  }
  return { values, sorted: from.keys.slice(0, count), places: from.places.slice(0, count) }
}

interface Rows {
  readonly keys: Float64Array
  readonly places: Uint32Array
}

function sortRun({ keys, places }: Rows, start: number, end: number): void {
  for (let next = start + 1; next < end; next++) {
    const key = keys[next] ?? 0
    const place = places[next] ?? 0
    let hole = next
    for (; hole > start && (keys[hole - 1] ?? 0) > key; hole--) {
      keys[hole] = keys[hole - 1] ?? 0
      places[hole] = places[hole - 1] ?? 0
    }
    keys[hole] = key
    places[hole] = place
  }
}

interface Runs {
  readonly start: number
  readonly middle: number
  readonly end: number
}

function mergeRuns({ keys, places }: Rows, to: Rows, { start, middle, end }: Runs): void {
  const { keys: toKeys, places: toPlaces } = to
  let left = start
  let right = middle
  let next = start
  while (left < middle && right < end) {
    const taken = (keys[left] ?? 0) <= (keys[right] ?? 0) ? left++ : right++
    toKeys[next] = keys[taken] ?? 0
    toPlaces[next++] = places[taken] ?? 0
  }
  for (; left < middle; left++, next++) {
    toKeys[next] = keys[left] ?? 0
    toPlaces[next] = places[left] ?? 0
  }
  for (; right < end; right++, next++) {
    toKeys[next] = keys[right] ?? 0
    toPlaces[next] = places[right] ?? 0
  }
}

/** Mid-ranks of a series in order of time, less their mean. */
export function centredRanks({ sorted, places }: Series): Float64Array {
  const count = sorted.length
  const middle = (count - 1) / 2
  const ranks = new Float64Array(count)
  for (let start = 0; start < count; ) {
    let end = start + 1
    while (end < count && sorted[end] === sorted[start]) end++
    const rank = (start + end - 1) / 2 - middle
    for (let index = start; index < end; index++) ranks[places[index] ?? 0] = rank
    start = end
  }
  return ranks
}

/** The lower of the two middle values where their number is even: always one of the values. */
export const lowerMedianOf = ({ sorted }: Series) => sorted[Math.ceil(sorted.length / 2) - 1] ?? 0

/** One series and the one that follows it in time as a single one: their orders are merged, nothing is sorted again. */
export function joined(first: Series, second: Series): Series {
  const [before, after] = [first.values.length, second.values.length]
  if (before === 0) return second
  if (after === 0) return first
  const count = before + after
  const values = new Float64Array(count)
  values.set(first.values)
  values.set(second.values, before)
  const { keys, places } = rowsOf(count)
  let [left, right] = [0, 0]
  for (let next = 0; next < count; next++) {
    if (right === after || (left < before && (first.sorted[left] ?? 0) <= (second.sorted[right] ?? 0))) {
      keys[next] = first.sorted[left] ?? 0
      places[next] = first.places[left++] ?? 0
    } else {
      keys[next] = second.sorted[right] ?? 0
      places[next] = (second.places[right++] ?? 0) + before
    }
  }
  return { values, sorted: keys, places }
}

/** The distances of a series from `middle`, in order of time: what lies below falls as what lies above rises, so both are merged. */
export function distancesFrom({ values, sorted, places }: Series, middle: number): Series {
  const count = values.length
  const keys = new Float64Array(count)
  const nearest = new Uint32Array(count)
  const distances = new Float64Array(count)
  let above = 0
  while (above < count && (sorted[above] ?? 0) < middle) above++
  let below = above - 1
  for (let next = 0; next < count; next++) {
    const down = below >= 0 ? middle - (sorted[below] ?? 0) : Number.POSITIVE_INFINITY
    const up = above < count ? (sorted[above] ?? 0) - middle : Number.POSITIVE_INFINITY
    const place = places[down < up ? below-- : above++] ?? 0
    keys[next] = Math.min(down, up)
    nearest[next] = place
    distances[place] = Math.min(down, up)
  }
  return { values: distances, sorted: keys, places: nearest }
}
