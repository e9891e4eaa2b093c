/** 6.1: no work starts on an unhealthy service; in an open ring, validation judges. */
import { type Gate, heldByDoubt, heldUntilTrigger } from './gate.ts'

/** Holds while any probe of the change's service fails, or if none was run. */
export const probesGate: Gate = {
  name: 'probes',
  isAskedAt: 'opening',
  leaves: 'hosts-down',
  check({ probes }) {
    if (probes.kind !== 'known') return heldByDoubt('the health of the service', probes)
    const failing = probes.value.flatMap(({ name, isHealthy, because }) =>
      isHealthy ? [] : [`${name}: ${because ?? 'unhealthy'}`],
    )
    if (failing.length === 0) return undefined
    return heldUntilTrigger(`unhealthy before work: ${failing.join('; ')}`, 'probes-healthy')
  },
}
