/**
 * Whether the newest samples of one host lie above its older ones: a test within the host, so that what sets hosts apart
 * plays no part.
 */
import { normalQuantile } from './normal.ts'
import type { Series } from './series.ts'
import { exactTail } from './student.ts'

/** A host's samples in order of time, older ones first, each with its rank and its normal score. */
export interface Scored {
  readonly ranks: Float64Array
  readonly scores: Float64Array
  readonly sumOfSquares: number
  /** Samples equal to the best value; where they are most of all, only the others are events that say something. */
  readonly bestCount: number
}

export interface Shift {
  /** A standard normal deviate if nothing changed and samples were independent; larger is worse. */
  readonly z: number
  /** Cliff's delta, -1 to 1; of rare events without ties. */
  readonly effect: number
  readonly count: number
  readonly others: number
  /** All samples are equal: there is no chance in it. */
  readonly isConstant: boolean
}

const scoreTables = new Map<number, Float64Array>()

/** Van der Waerden's scores of mid-ranks 1, 1.5, 2 ... among `count` samples. */
function scoreTable(count: number): Float64Array {
  const known = scoreTables.get(count)
  if (known) return known
  const table = new Float64Array(2 * count + 1)
  for (let twice = 2; twice <= 2 * count; twice++) table[twice] = -normalQuantile(twice / 2 / (count + 1))
  scoreTables.set(count, table)
  return table
}

/** The scores of a series, of which larger samples are worse. */
export function scored({ sorted, places }: Series): Scored {
  const count = sorted.length
  const table = scoreTable(count)
  const ranks = new Float64Array(count)
  const scores = new Float64Array(count)
  let sumOfSquares = 0
  let bestCount = 0
  for (let start = 0; start < count; ) {
    let end = start + 1
    while (end < count && sorted[end] === sorted[start]) end++
    if (start === 0) bestCount = end
    const score = table[start + 1 + end] ?? 0
    for (let index = start; index < end; index++) {
      const place = places[index] ?? 0
      ranks[place] = (start + 1 + end) / 2
      scores[place] = score
    }
    sumOfSquares += (end - start) * score * score
    start = end
  }
  return { ranks, scores, sumOfSquares, bestCount }
}

/**
 * How far the last `count` samples lie above the ones before them.
 *
 * Van der Waerden's test: of normal samples nothing is lost against the t test, and no outlier can rule it. Where most
 * samples equal the best value, the exact test of minutes with an event (Fisher) holds it down.
 * @see van der Waerden 1952; Hájek and Šidák 1967, "Theory of rank tests"
 */
export function shiftOf({ ranks, scores, sumOfSquares, bestCount }: Scored, count: number): Shift | undefined {
  const all = ranks.length
  const others = all - count
  if (count < 1 || others < 1) return undefined
  let rankSum = 0
  let scoreSum = 0
  let events = 0
  const bestRank = (1 + bestCount) / 2
  for (let index = others; index < all; index++) {
    const rank = ranks[index] ?? 0
    rankSum += rank
    scoreSum += scores[index] ?? 0
    if (rank !== bestRank) events++
  }
  const effect = (2 * (rankSum / count - (count + 1) / 2)) / others - 1
  const mean = meanScore(scores)
  const variance = ((count * others) / (all * (all - 1))) * (sumOfSquares - all * mean * mean)
  const isConstant = bestCount === all
  const z = variance <= 1e-12 ? 0 : (scoreSum - count * mean) / Math.sqrt(variance)
  if (2 * bestCount <= all) return { z, effect, count, others, isConstant }
  const { p, midP } = exactTail({ all, marked: all - bestCount, drawn: count, seen: events })
  const exact = p < 0.5 ? normalQuantile(p) : Math.min(0, normalQuantile(Math.min(1 - 1e-9, midP)))
  const here = events / count
  const there = (all - bestCount - events) / others
  const untied = here + there === 0 ? 0 : (here - there) / (here + there)
  return { z: Math.min(z, exact), effect: untied, count, others, isConstant }
}

const separations = new Map<number, number>()

/** The deviate of complete separation, the largest that `count` samples after `others` can give: few samples soon reach it. */
export function separationOf(count: number, others: number): number {
  if (count < 1 || others < 1) return 0
  const key = count * 65_536 + others
  const known = separations.get(key)
  if (known !== undefined) return known
  const all = count + others
  const table = scoreTable(all)
  let [top, squares] = [0, 0]
  for (let rank = 1; rank <= all; rank++) {
    const score = table[2 * rank] ?? 0
    squares += score * score
    if (rank > others) top += score
  }
  const separation = top / Math.sqrt(((count * others) / (all * (all - 1))) * squares)
  separations.set(key, separation)
  return separation
}

function meanScore(scores: Float64Array): number {
  let sum = 0
  for (let index = 0; index < scores.length; index++) sum += scores[index] ?? 0
  return sum / scores.length
}
