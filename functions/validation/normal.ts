/** The standard normal distribution, accurate in the far tail where small p values live. */

const epsilon = 1e-16
const stepsMax = 500
const fractionSteps = 120

/**
 * P(Z > z) for a standard normal Z.
 *
 * Power series of the error function below |z| = 3, continued fraction beyond: relative error under 1e-11.
 * @see Abramowitz and Stegun, 7.1.6 and 7.1.14
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z)
  if (z === Number.POSITIVE_INFINITY) return 0
  return z < 3 ? 0.5 - centralArea(z) : tailByFraction(z)
}

/** The density of a standard normal at z. */
export const normalDensity = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/**
 * The z whose upper tail is p: infinite for p = 0 and p = 1.
 *
 * A rational start (error under 5e-4) and Newton steps on `normalTail`, each of which squares the error.
 * @see Abramowitz and Stegun, 26.2.23
 */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p)
  if (p <= 0) return Number.POSITIVE_INFINITY
  const root = Math.sqrt(-2 * Math.log(p))
  let z =
    root -
    (2.515517 + 0.802853 * root + 0.010328 * root ** 2) /
      (1 + 1.432788 * root + 0.189269 * root ** 2 + 0.001308 * root ** 3)
  for (let step = 0; step < 3; step++) z += (normalTail(z) - p) / normalDensity(z)
  return z
}

/** P(0 < Z < z). */
function centralArea(z: number): number {
  let term = z
  let sum = z
  for (let step = 1; step < stepsMax && Math.abs(term) > epsilon * sum; step++) {
    term *= (z * z) / (2 * step + 1)
    sum += term
  }
  return sum * normalDensity(z)
}

/** Laplace's continued fraction, from the inside out. */
function tailByFraction(z: number): number {
  let fraction = z
  for (let step = fractionSteps; step >= 1; step--) fraction = z + step / fraction
  return normalDensity(z) / fraction
}
