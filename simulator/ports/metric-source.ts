/** Metric samples in memory, averaged by period as CloudWatch does. */
import type { MetricSource } from '../../functions/validation/index.ts'

export interface Sample {
  readonly namespace: string
  readonly name: string
  readonly service: string
  readonly hostId: string
  readonly atMs: number
  readonly value: number
}

const seriesOf = ({ namespace, name, service, hostId }: Omit<Sample, 'atMs' | 'value'>) =>
  [namespace, name, service, hostId].join('\u0000')

/** A store that `put` fills and validation reads. */
export function memoryMetrics(): MetricSource & { put(samples: readonly Sample[]): void } {
  const series = new Map<string, { atMs: number; value: number }[]>()
  return {
    put(samples) {
      for (const sample of samples) {
        const known = series.get(seriesOf(sample))
        if (known) known.push(sample)
        else series.set(seriesOf(sample), [sample])
      }
    },
    async samples(query) {
      const periodMs = query.periodSeconds * 1000
      const within = (series.get(seriesOf(query)) ?? []).filter(
        ({ atMs }) => atMs >= query.startMs && atMs < query.endMs,
      )
      if (within.length === 0) return []
      const periods = Map.groupBy(within, ({ atMs }) => Math.floor((atMs - query.startMs) / periodMs))
      return Array.from({ length: Math.ceil((query.endMs - query.startMs) / periodMs) }, (_, period) => {
        const points = periods.get(period) ?? []
        return points.length === 0 ? null : points.reduce((sum, { value }) => sum + value, 0) / points.length
      })
    },
  }
}
