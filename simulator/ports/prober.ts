/** Probers without a network: answers from a script, and answers of the simulated fleet. */
import type { ProbeResult, Prober } from '../../functions/rollout/index.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { probeStatus } from '../fleet/probe.ts'

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

/** Asks the fleet's services at `/probe/<service>`, whatever the host of the address. */
export const fleetProber = (fleet: Fleet): Prober => ({
  async probe({ url, expectStatus }) {
    const { status } = probeStatus(fleet, new URL(url).pathname) ?? { status: 404 }
    return status === expectStatus
      ? { isHealthy: true, elapsedMs: 1 }
      : { isHealthy: false, because: `status ${status}, expected ${expectStatus}` }
  },
})
