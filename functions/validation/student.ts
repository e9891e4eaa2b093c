/** Student's t and the hypergeometric distribution: how likely a difference between few hosts, or between few events, is. */

const fractionSteps = 200
const tiny = 1e-300

/** Lanczos' coefficients for g = 7, n = 9. */
const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
] as const

/** The logarithm of the gamma function for x > 0; relative error under 1e-13. */
export function logGamma(x: number): number {
  const shifted = x - 1
  const sum = lanczos.reduce(
    (total, coefficient, index) => total + coefficient / (shifted + index + 1),
    0.9999999999998099,
  )
  const base = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum)
}

/**
 * P(T > t) for Student's T with `freedom` degrees of freedom, by the incomplete beta function.
 *
 * @see Abramowitz and Stegun, 26.7.1 and 26.5.8
 */
export function studentTail(t: number, freedom: number): number {
  if (Number.isNaN(t) || freedom <= 0) return 1
  if (t === Number.POSITIVE_INFINITY) return 0
  const half = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
  return t > 0 ? half : 1 - half
}

/** The regularized incomplete beta function, by Lentz's method on its continued fraction. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let product = d
  for (let step = 1; step <= fractionSteps; step++) {
    const even = (step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step))
    d = 1 / Math.max(tiny, 1 + even * d)
    c = 1 + even / c
    product *= c * d
    const odd = (-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1))
    d = 1 / Math.max(tiny, 1 + odd * d)
    c = 1 + odd / c
    product *= c * d
    if (Math.abs(c * d - 1) < 1e-14) break
  }
  return front * product
}

const logChoose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)

/** What is known of `marked` marked ones among `all`, of which `drawn` were drawn and `seen` of those are marked. */
export interface Draw {
  readonly all: number
  readonly marked: number
  readonly drawn: number
  readonly seen: number
}

/**
 * P(X >= seen) and half of P(X = seen) less: Fisher's exact test of two rates and its mid-p.
 *
 * @see Fisher 1935; Lancaster 1961, "Significance tests in discrete distributions", JASA 56
 */
export function exactTail({ all, marked, drawn, seen }: Draw): { readonly p: number; readonly midP: number } {
  const most = Math.min(marked, drawn)
  const first = Math.exp(logChoose(marked, seen) + logChoose(all - marked, drawn - seen) - logChoose(all, drawn))
  let term = first
  let sum = first
  for (let count = seen; count < most && term > sum * 1e-16; count++) {
    term *= ((marked - count) * (drawn - count)) / ((count + 1) * (all - marked - drawn + count + 1))
    sum += term
  }
  return { p: Math.min(1, sum), midP: Math.min(1, sum - first / 2) }
}

/**
 * P(X >= seen) of a binomial with `tries` tries, each with the chance `share`: of so many events, how many fell to one side.
 *
 * @see Przyborowski and Wilenski 1940, "Homogeneity of results in testing samples from Poisson series", Biometrika 31
 */
export function binomialTail(tries: number, share: number, seen: number): number {
  if (seen <= 0) return 1
  return incompleteBeta(share, seen, tries - seen + 1)
}
