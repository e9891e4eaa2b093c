/** A mistake of meaning in the catalogue or the policy, at its place. */
import { nearest } from './did-you-mean.ts'

export type Path = readonly PropertyKey[]

export interface Mistake {
  readonly path: Path
  readonly message: string
  readonly didYouMean?: string
  /** Line, from 1, within the text at the place. */
  readonly lineWithin?: number
}

/** A mistake: the name is unknown; suggests the nearest known one. */
export function unknown(what: string, name: string, known: readonly string[], path: Path): Mistake[] {
  if (known.includes(name)) return []
  const didYouMean = nearest(name, known)
  return [{ path, message: `no ${what} "${name}"`, ...(didYouMean ? { didYouMean } : {}) }]
}
