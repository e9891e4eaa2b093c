/** How sure an effect is: an interval for Cliff's delta. */

/** The standard normal deviate of a two-sided interval at 95 %. */
const z95 = 1.959963984540054
const halvings = 40

/**
 * The 95 % interval of Cliff's delta for sides of `canary` and `baseline` independent samples (fractions are allowed), for
 * one look by itself.
 *
 * Newcombe's method 5: all values whose own standard error, after Hanley and McNeil, does not exclude what was seen.
 * It stays within -1 to 1 and is honest at complete separation, where the usual standard error is 0.
 * @see Newcombe 2006, "Confidence intervals for an effect size measure based on the Mann-Whitney statistic. Part 2",
 *   Statistics in Medicine 25(4)
 */
export function effectInterval(effect: number, baseline: number, canary: number): readonly [low: number, high: number] {
  if (baseline <= 0 || canary <= 0) return [-1, 1]
  const share = (effect + 1) / 2
  const more = (baseline + canary) / 2 - 1
  const isWithin = (theta: number) => {
    const spread = 1 + Math.max(0, more) * ((1 - theta) / (2 - theta) + theta / (1 + theta))
    const variance = (theta * (1 - theta) * spread) / (baseline * canary)
    return (theta - share) ** 2 <= z95 * z95 * variance
  }
  return [2 * furthest(share, 0, isWithin) - 1, 2 * furthest(share, 1, isWithin) - 1]
}

/** The value furthest from `inside` towards `outside` that is still within, by halving. */
function furthest(inside: number, outside: number, isWithin: (value: number) => boolean): number {
  let [near, far] = [inside, outside]
  for (let step = 0; step < halvings; step++) {
    const middle = (near + far) / 2
    if (isWithin(middle)) near = middle
    else far = middle
  }
  return near
}
