/** Randomness that repeats: everything a simulated world draws comes from one seed. */
import { createHash } from 'node:crypto'

export interface Random {
  /** 0 (included) to 1 (excluded). */
  fraction(): number
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  bytes(count: number): Uint8Array
  /** A stream of its own: what is drawn from it changes no other. */
  fork(name: string): Random
}

const rotated = (value: number, by: number) => (value << by) | (value >>> (32 - by))

/**
 * The stream of a seed: the same seed, the same numbers.
 *
 * @see https://prng.di.unimi.it/xoshiro128starstar.c Blackman and Vigna, xoshiro128**, seeded by SHA-256 of the text.
 */
export function seededRandom(seed: string | number): Random {
  const digest = createHash('sha256').update(String(seed)).digest()
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readInt32LE(at))
  const next = (): number => {
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = [a, b, c, d]
    const drawn = Math.imul(rotated(Math.imul(s1, 5), 7), 9) >>> 0
    const [n2, n3] = [s2 ^ s0, s3 ^ s1]
    a = s0 ^ n3
    b = s1 ^ n2
    c = n2 ^ (s1 << 9)
    d = rotated(n3, 11)
    return drawn
  }
  const fraction = () => next() / 4_294_967_296
  return {
    fraction,
    below: (limit) => Math.floor(fraction() * limit),
    bytes: (count) => Uint8Array.from({ length: count }, () => next() >>> 24),
    fork: (name) => seededRandom(`${seed}/${name}`),
  }
}
