import { describe, expect, it } from 'vitest'
import { byHost } from '../../../functions/validation/comparisons.ts'
import { hostsOf } from '../../../functions/validation/hosts.ts'
import { viewsOf } from '../../../functions/validation/views.ts'

/** A host of so many minutes with these values at its first minutes, none after. */
const host = (...values: readonly number[]) => [...values, ...Array.from({ length: 30 - values.length }, () => 0)]
const times = (count: number, row: readonly number[]) => Array.from({ length: count }, () => row)

function compared(metric: {
  readonly canary: readonly (readonly number[])[]
  readonly baseline: readonly (readonly number[])[]
  readonly history?: readonly (readonly number[])[]
  readonly baselineHistory?: readonly (readonly number[])[]
}) {
  const hosts = hostsOf({ name: 'Errors', higherIsWorse: true, ...metric }, 1)
  return byHost(hosts, viewsOf(hosts, 'level')).find(({ against }) => against === 'unpatched peers')
}
const quiet = { canary: times(6, host(1, 1, 1)), baseline: [host(1), ...times(5, host())] }

describe('6.3 peers, where events are rare', () => {
  it('counts events that come one at a time', () => {
    const found = compared(quiet)
    // 18 of 19 events on half the hosts: mid-p 0.00002 by the binomial, by Student’s t with 10 degrees 0.0011.
    expect(found?.pAdjusted).toBeCloseTo(0.0011, 4)
    expect(found?.effect).toBeCloseTo(17 / 19, 6)
  })

  it('compares the means of events that come many at a time: one burst is one event', () => {
    const bursts = compared({ canary: [host(40), ...times(5, host())], baseline: times(6, host()) })
    expect(bursts?.pAdjusted).toBeGreaterThan(0.05)
  })

  it('does not let a past in which hardly anything happened blur what came since', () => {
    const past = { history: [host(1), ...times(5, host())], baselineHistory: [host(1), ...times(5, host())] }
    const found = compared({ ...quiet, ...past })
    expect(found).toMatchObject({ by: 'hosts', pAdjusted: compared(quiet)?.pAdjusted })
  })

  it('follows hosts whose past tells that the patched ones had more events all along', () => {
    const past = { history: times(6, host(1, 1, 1)), baselineHistory: [host(1), ...times(5, host())] }
    const found = compared({ ...quiet, ...past })
    expect(found?.by).toBe('hosts with themselves')
    expect(found?.pAdjusted).toBeGreaterThan(0.2)
  })
})
