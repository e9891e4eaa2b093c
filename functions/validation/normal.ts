/** The upper tail of the standard normal distribution, accurate in the far tail where small p values live. */

const epsilon = 1e-16
const stepsMax = 500

/**
 * P(Z > z) for a standard normal Z.
 *
 * Power series of the error function below |z| = 3, continued fraction beyond: relative error under 1e-11.
 * @see Abramowitz and Stegun, 7.1.6 and 7.1.14
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z)
  return z < 3 ? 0.5 - centralArea(z) : tailByFraction(z)
}

const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** P(0 < Z < z). */
function centralArea(z: number): number {
  let term = z
  let sum = z
  for (let step = 1; step < stepsMax && Math.abs(term) > epsilon * sum; step++) {
    term *= (z * z) / (2 * step + 1)
    sum += term
  }
  return sum * density(z)
}

/** Laplace's continued fraction, from the inside out. */
function tailByFraction(z: number): number {
  let fraction = z
  for (let step = 120; step >= 1; step--) fraction = z + step / fraction
  return density(z) / fraction
}
