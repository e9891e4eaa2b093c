/** CloudWatch's GetMetricData over the fleet: the samples that agents on the nodes would have published, one a second. */
import * as z from 'zod'
import type { Answer } from './answer.ts'
import type { Fleet } from './fleet.ts'

const Dimension = z.looseObject({ Name: z.string(), Value: z.string() })
const GetMetricData = z.looseObject({
  MetricDataQueries: z.array(
    z.looseObject({
      Id: z.string(),
      MetricStat: z.looseObject({
        Metric: z.looseObject({ MetricName: z.string(), Dimensions: z.array(Dimension).default([]) }),
        Period: z.number().positive(),
      }),
    }),
  ),
  StartTime: z.number(),
  EndTime: z.number(),
})

interface Sample {
  readonly atMs: number
  readonly value: number
}

/** Seconds of samples kept. */
const keptSeconds = 3_600
const nameOf = (service: string, hostId: string, name: string) => `${service}\u0000${hostId}\u0000${name}`

export class SampleHistory {
  private readonly samples = new Map<string, Sample[]>()
  private lastSecond = 0

  /** Takes a sample of every node once a second. */
  record(fleet: Fleet, nowMs: number) {
    const second = Math.floor(nowMs / 1000)
    if (second === this.lastSecond) return
    this.lastSecond = second
    for (const { hostId, service, name, value } of fleet.metricsAt(nowMs)) {
      const key = nameOf(service, hostId, name)
      const kept = this.samples.get(key) ?? []
      kept.push({ atMs: nowMs, value })
      if (kept.length > keptSeconds) kept.shift()
      this.samples.set(key, kept)
    }
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
  answer(input: unknown): Answer {
    const parsed = GetMetricData.safeParse(input)
    if (!parsed.success)
      return { status: 400, body: { __type: 'ValidationException', message: z.prettifyError(parsed.error) } }
    const { MetricDataQueries, StartTime, EndTime } = parsed.data
    const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat: { Metric, Period } }) => {
      const dimension = (name: string) => Metric.Dimensions.find(({ Name }) => Name === name)?.Value ?? ''
      const own = (this.samples.get(nameOf(dimension('service'), dimension('hostId'), Metric.MetricName)) ?? []).filter(
        ({ atMs }) => atMs >= StartTime * 1000 && atMs < EndTime * 1000,
      )
      const buckets = [...Map.groupBy(own, ({ atMs }) => Math.floor(atMs / 1000 / Period) * Period)].toSorted(
        ([left], [right]) => left - right,
      )
      return {
        Id,
        Label: Metric.MetricName,
        StatusCode: 'Complete',
        Timestamps: buckets.map(([at]) => at),
        Values: buckets.map(([, values]) => values.reduce((sum, { value }) => sum + value, 0) / values.length),
      }
    })
    return { status: 200, body: { MetricDataResults, Messages: [] } }
  }
}
