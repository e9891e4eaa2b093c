/** Refused input kept in memory, for tests and the scenario in process. */
import type { Refusals, RefusedInput } from '../../functions/intake/index.ts'

export function memoryRefusals(): Refusals & { readonly kept: RefusedInput[] } {
  const kept: RefusedInput[] = []
  return {
    kept,
    async put(input) {
      kept.push(input)
    },
  }
}
