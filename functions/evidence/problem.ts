/** What a verifier finds wrong, and how the first difference between two lists of hashes is named. */

/** What can be wrong with a log, from a changed leaf to a rolled-back log. */
export type ProblemKind = 'bad' | 'missing' | 'added' | 'reordered' | 'forked' | 'wrong-key' | 'rolled-back'

/** One thing that the verifier found wrong, and where. */
export interface Problem {
  readonly kind: ProblemKind
  /** The path of the leaf or file, or `entry N` (counted from 0 over the whole log) if no path is known. */
  readonly leaf: string
  readonly detail: string
}

export interface Difference {
  readonly kind: 'bad' | 'missing' | 'added' | 'reordered'
  readonly index: number
}

/** The first index where two lists differ, and how; undefined if they are the same. */
export function firstDifference(expected: readonly string[], actual: readonly string[]): Difference | undefined {
  const length = Math.max(expected.length, actual.length)
  for (let index = 0; index < length; index++) {
    const [wanted, found] = [expected[index], actual[index]]
    if (wanted === found) continue
    if (found === undefined) return { kind: 'missing', index }
    if (wanted === undefined) return { kind: 'added', index }
    const isWantedLater = actual.includes(wanted, index + 1)
    const isFoundExpected = expected.includes(found)
    if (isWantedLater && isFoundExpected) return { kind: 'reordered', index }
    if (isWantedLater) return { kind: 'added', index }
    return { kind: isFoundExpected ? 'missing' : 'bad', index }
  }
  return undefined
}
