/** Defensive reading of values of unknown shape: own properties only, nothing assumed present. */

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path of own properties; `__proto__` and inherited names do not count (B11). */
export function own(value: unknown, step: string, second?: string, third?: string): unknown {
  if (!isFields(value) || step === '__proto__' || !Object.hasOwn(value, step)) return undefined
  return second === undefined ? value[step] : own(value[step], second, third)
}

/** Non-blank text; numbers count as text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return undefined
  return value.trim() === '' ? undefined : value
}

/** The first of several values that is text. */
export const firstText = (...values: readonly unknown[]): string | undefined =>
  values.map(textOf).find((text) => text !== undefined)

const decimal = /^-?\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,3})?$/

/** A finite number, also as text; no NaN, no infinity (B12). */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'string' && decimal.test(value)) return numberOf(Number(value))
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** A list, or a single value as a list of one, or an empty list. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined || value === null ? [] : [value]
}

/** `YES` and `NO` as scanners write them; `PARTIAL` is a yes. */
export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = textOf(value)?.toUpperCase()
  if (text === 'YES' || text === 'PARTIAL' || text === 'TRUE') return true
  return text === 'NO' || text === 'FALSE' ? false : undefined
}

/** A description of a record of unknown shape, for a message. */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (!isFields(value)) return value === null ? 'null' : `a ${typeof value}`
  const names = Object.keys(value).slice(0, 6)
  return names.length === 0 ? 'an empty object' : `an object with ${names.map((name) => name.slice(0, 40)).join(', ')}`
}

export interface Limits {
  /** Characters of all names and texts, and four for every other value. */
  readonly charactersMax: number
  readonly depthMax: number
}

/** Whether a value is too large to read; walks no further than needed (B18, B19). */
export function excessOf(value: unknown, limits: Limits): 'TOO_LARGE' | 'TOO_DEEP' | undefined {
  const left = charactersLeft(value, limits.charactersMax, limits.depthMax)
  if (left === tooDeep) return 'TOO_DEEP'
  return left < 0 ? 'TOO_LARGE' : undefined
}

const tooDeep = Number.NEGATIVE_INFINITY

/** What remains of `left` characters after `value`; negative: it does not fit; `tooDeep`: it is nested too deep. */
function charactersLeft(value: unknown, left: number, depthLeft: number): number {
  if (depthLeft < 0) return tooDeep
  if (typeof value === 'string') return left - value.length
  let rest = left - 4
  if (typeof value !== 'object' || value === null) return rest
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && rest >= 0; index++)
      rest = charactersLeft(value[index], rest, depthLeft - 1)
    return rest
  }
  if (!isFields(value)) return rest
  for (const name of Object.keys(value)) {
    if (rest < 0) return rest
    rest = charactersLeft(value[name], rest - name.length, depthLeft - 1)
  }
  return rest
}
