/** How one error rate is shared out over several metrics, so that their number cannot make a healthy patch fail. */

export interface Candidate {
  readonly p: number
  /** The p that may be called worse at an error rate of `alpha` for this metric, at this look. */
  readonly thresholdAt: (alpha: number) => number
}

/**
 * Holm's step-down thresholds, in the order given: the k-th smallest p of `count` metrics is held against the threshold at
 * alpha / (count - k + 1), and every one after the first that is too large against 0. Right for any dependence between metrics.
 *
 * `count` is the number of metrics declared, which may be more than those with a p value: one without samples now may
 * have them at the next look.
 * @see Holm 1979, Scandinavian Journal of Statistics 6(2); over repeated looks Ye et al. 2013, "A group sequential
 *   Holm procedure with multiple primary endpoints", Statistics in Medicine 32(7)
 */
export function holmThresholds(
  candidates: readonly Candidate[],
  { alpha, count }: { readonly alpha: number; readonly count: number },
): readonly number[] {
  const order = candidates.map((candidate, index) => ({ ...candidate, index })).sort((left, right) => left.p - right.p)
  const thresholds = candidates.map(() => 0)
  for (const [step, { p, index, thresholdAt }] of order.entries()) {
    const threshold = thresholdAt(alpha / (count - step))
    thresholds[index] = threshold
    if (p > threshold) break
  }
  return thresholds
}
