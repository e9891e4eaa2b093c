/** Where measurements come from. No data is distinct from zero. */

/** A source of metric samples; the implementations pass test/contract/metric-source.ts. */
export interface MetricSource {
  /** Samples of one metric for one host in [startMs, endMs), oldest first, null for a period without one; empty: no data. */
  samples(query: {
    readonly namespace: string
    readonly name: string
    readonly service: string
    readonly hostId: string
    readonly startMs: number
    readonly endMs: number
    readonly periodSeconds: number
  }): Promise<readonly (number | null)[]>
}
