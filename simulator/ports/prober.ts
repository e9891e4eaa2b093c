/** A prober that answers from a script instead of the network. */
import type { ProbeResult, Prober } from '../../functions/rollout/index.ts'

/** `answer` is asked for each probe by name; `probed` lists the names in the order they were asked. */
export function scriptedProber(answer: (name: string) => ProbeResult): Prober & { readonly probed: string[] } {
  const probed: string[] = []
  return {
    probed,
    async probe({ name }) {
      probed.push(name)
      return answer(name)
    },
  }
}
