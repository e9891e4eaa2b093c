/** Where measurements come from. No data is told apart from zero. */

export interface MetricSource {
  /** Samples of one metric for one host in [startMs, endMs), oldest first; empty: no data. */
  samples(query: {
    readonly namespace: string
    readonly name: string
    readonly service: string
    readonly hostId: string
    readonly startMs: number
    readonly endMs: number
    readonly periodSeconds: number
  }): Promise<readonly number[]>
}

export type ProbeResult =
  | { readonly isHealthy: true; readonly elapsedMs: number }
  | { readonly isHealthy: false; readonly because: string }

export interface Prober {
  /** One HTTP GET; never throws, an error is an unhealthy result. */
  probe(probe: {
    readonly name: string
    readonly url: string
    readonly expectStatus: number
    readonly timeoutMs: number
  }): Promise<ProbeResult>
}
