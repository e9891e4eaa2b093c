/** How one error rate is shared out over repeated looks and several metrics, so that looking often cannot make a healthy patch fail. */

/**
 * The error rate that look number `look` of `looksMax` may spend.
 *
 * Increments of the Pocock-type spending function of Lan and DeMets, alpha * ln(1 + (e - 1) t) with t = look / looksMax:
 * an early look may spend a little more than a late one. The increments sum to alpha, so by the union bound all looks
 * together fail a healthy patch with probability alpha at most; joint boundaries would be sharper but need equal samples a look.
 * @see Lan and DeMets 1983, Biometrika 70(3)
 */
export function alphaOfLook(alpha: number, look: number, looksMax: number): number {
  const spent = (step: number) =>
    alpha * Math.log(1 + (Math.E - 1) * (Math.min(Math.max(step, 0), looksMax) / looksMax))
  return spent(look) - spent(look - 1)
}

/**
 * Holm's step-down thresholds for p values, in the order given: the k-th smallest of n may be as large as alpha / (n - k + 1),
 * and a metric after the first that is not small enough has threshold 0.
 *
 * @see Holm 1979, Scandinavian Journal of Statistics 6(2)
 */
export function holmThresholds(pValues: readonly number[], alpha: number): readonly number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((left, right) => left.p - right.p)
  const thresholds = pValues.map(() => 0)
  for (const [step, { p, index }] of order.entries()) {
    const threshold = alpha / (pValues.length - step)
    thresholds[index] = threshold
    if (p > threshold) break
  }
  return thresholds
}
