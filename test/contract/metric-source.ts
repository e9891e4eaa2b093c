/** What every metric source does: one host's samples in a span, averaged by period, and none where there are none. */
import { expect, it } from 'vitest'
import type { MetricSource } from '../../functions/validation/ports.ts'

export interface MetricSourceUnderTest {
  readonly metrics: MetricSource
  /** Values of the host's `ErrorRate`, one a second from `startMs`. */
  readonly startMs: number
  readonly service: string
  readonly hostId: string
  readonly values: readonly number[]
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

export function metricSourceContract(make: () => Promise<MetricSourceUnderTest>) {
  const ask = ({ service, hostId }: MetricSourceUnderTest) => ({
    namespace: 'Drydock/Fleet',
    name: 'ErrorRate',
    service,
    hostId,
    periodSeconds: 1,
  })

  it('6.3 gives the samples of the span, oldest first, without the one at its end', async () => {
    const source = await make()
    const { metrics, startMs, values } = source
    const span = { startMs: startMs + 1_000, endMs: startMs + 4_000 }
    const samples = await metrics.samples({ ...ask(source), ...span })
    expect(samples).toEqual(values.slice(1, 4))
  })

  it('6.3 averages by period', async () => {
    const source = await make()
    const { metrics, startMs, values } = source
    const span = { startMs, endMs: startMs + 4_000, periodSeconds: 2 }
    const samples = await metrics.samples({ ...ask(source), ...span })
    expect(samples.map((value) => Number(value).toFixed(9))).toEqual(
      [values.slice(0, 2), values.slice(2, 4)].map((pair) => mean(pair).toFixed(9)),
    )
  })

  it('I20 gives none for a host, a metric and a span without samples', async () => {
    const source = await make()
    const { metrics, startMs } = source
    const span = { startMs, endMs: startMs + 4_000 }
    expect(await metrics.samples({ ...ask(source), ...span, hostId: 'i-00000000000000000' })).toEqual([])
    expect(await metrics.samples({ ...ask(source), ...span, name: 'Nothing' })).toEqual([])
    expect(await metrics.samples({ ...ask(source), startMs: startMs - 8_000, endMs: startMs - 4_000 })).toEqual([])
  })

  it('answers many questions asked at once, each with its own', async () => {
    const source = await make()
    const { metrics, startMs, values } = source
    const answers = await Promise.all(
      [1, 2, 3].map((seconds) => metrics.samples({ ...ask(source), startMs, endMs: startMs + seconds * 1_000 })),
    )
    expect(answers).toEqual([1, 2, 3].map((seconds) => values.slice(0, seconds)))
  })
}
