/** Exact numbers: a fraction of two whole numbers of any size. */
export interface Fraction {
  readonly over: bigint
  /** Always positive. */
  readonly under: bigint
}

/** From a decimal as the specifications print it, e.g. `0.0290` or `-3`. */
export function exactly(decimal: string): Fraction {
  const [, sign, whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? []
  if (sign === undefined) throw new Error(`${decimal} is not a decimal`)
  return { over: BigInt(sign + whole + part), under: 10n ** BigInt(part.length) }
}

export const add = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
})
export const minus = (a: Fraction, b: Fraction): Fraction => add(a, { over: -b.over, under: b.under })
export const times = (...factors: readonly Fraction[]): Fraction =>
  factors.reduce((a, b) => ({ over: a.over * b.over, under: a.under * b.under }))
export const divided = (a: Fraction, b: number): Fraction => ({ over: a.over, under: a.under * BigInt(b) })
export const power = (a: Fraction, exponent: number): Fraction => ({
  over: a.over ** BigInt(exponent),
  under: a.under ** BigInt(exponent),
})
export const isLess = (a: Fraction, b: Fraction) => a.over * b.under < b.over * a.under
export const least = (a: Fraction, b: Fraction) => (isLess(b, a) ? b : a)

const floorOf = ({ over, under }: Fraction): bigint => {
  const whole = over / under
  return over % under < 0n ? whole - 1n : whole
}

/** To the nearest whole number, halves up. */
export const nearest = (a: Fraction): bigint => floorOf(add(a, { over: 1n, under: 2n }))
