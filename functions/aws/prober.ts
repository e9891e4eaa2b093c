/** Probes by HTTP: one GET, no redirect followed, an answer within the probe's timeout or a failure. */
import type { Prober } from '../rollout/ports.ts'

/** A prober over the network. Any error is an unhealthy result with its reason. */
export function httpProber(): Prober {
  return {
    async probe({ url, expectStatus, timeoutMs }) {
      const startedMs = performance.now()
      try {
        const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
        await response.body?.cancel()
        if (response.status !== expectStatus)
          return { isHealthy: false, because: `status ${response.status}, expected ${expectStatus}` }
        return { isHealthy: true, elapsedMs: Math.round(performance.now() - startedMs) }
      } catch (error) {
        return { isHealthy: false, because: reasonOf(error, timeoutMs) }
      }
    },
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  return error.cause instanceof Error ? error.cause.message : error.message
}
