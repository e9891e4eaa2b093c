/** Metric samples by CloudWatch: queries made at the same moment share one GetMetricData call. */
import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { DrydockError } from '../kit/errors.ts'
import type { MetricSource } from '../validation/ports.ts'
import { clientSettings } from './runtime.ts'

type Query = Parameters<MetricSource['samples']>[0]

interface Waiting {
  readonly query: Query
  readonly done: (samples: readonly (number | null)[]) => void
  readonly failed: (error: unknown) => void
}

/** GetMetricData's limit, https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const queriesMax = 500

/**
 * Averages of one host's metric by period, null for a period without one, from metrics with exactly the dimensions `service` and `hostId`.
 *
 * @throws DrydockError DD1904 when CloudWatch answers only in part: a missing part must not look like a quiet host.
 */
export function cloudWatchMetrics(client = new CloudWatchClient(clientSettings)): MetricSource {
  let waiting: Waiting[] = []

  async function flush() {
    const all = waiting
    waiting = []
    const spans = Map.groupBy(all, ({ query }) => `${query.startMs}-${query.endMs}`)
    await Promise.all([...spans.values()].flatMap((group) => chunks(group).map((batch) => answerBatch(client, batch))))
  }

  return {
    samples(query) {
      return new Promise((done, failed) => {
        // After the microtasks of a caller that makes many queries at once.
        if (waiting.length === 0) setImmediate(() => void flush())
        waiting.push({ query, done, failed })
      })
    },
  }
}

const chunks = (group: readonly Waiting[]) =>
  Array.from({ length: Math.ceil(group.length / queriesMax) }, (_, index) =>
    group.slice(index * queriesMax, (index + 1) * queriesMax),
  )

async function answerBatch(client: CloudWatchClient, batch: readonly Waiting[]): Promise<void> {
  try {
    const values = await readAll(client, batch)
    for (const [index, { query, done }] of batch.entries()) done(byPeriod(values.get(`q${index}`) ?? [], query))
  } catch (error) {
    for (const { failed } of batch) failed(error)
  }
}

interface Datapoint {
  readonly value: number
  readonly atMs: number | undefined
}

/** One for each period of the span, null where CloudWatch has none; nothing at all where it has none in the whole span. */
function byPeriod(points: readonly Datapoint[], { startMs, endMs, periodSeconds }: Query): readonly (number | null)[] {
  if (points.length === 0 || points.some(({ atMs }) => atMs === undefined)) return points.map(({ value }) => value)
  const periodMs = periodSeconds * 1000
  const periods = new Map(points.map(({ value, atMs = 0 }) => [Math.floor((atMs - startMs) / periodMs), value]))
  return Array.from({ length: Math.ceil((endMs - startMs) / periodMs) }, (_, period) => periods.get(period) ?? null)
}

async function readAll(client: CloudWatchClient, batch: readonly Waiting[]): Promise<Map<string, Datapoint[]>> {
  const values = new Map<string, Datapoint[]>()
  const span = batch[0]?.query
  if (!span) return values
  let nextToken: string | undefined
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: batch.map(({ query }, index) => metricQuery(query, `q${index}`)),
        StartTime: new Date(span.startMs),
        EndTime: new Date(span.endMs),
        ScanBy: 'TimestampAscending',
        ...(nextToken ? { NextToken: nextToken } : {}),
      }),
    )
    nextToken = page.NextToken
    for (const result of page.MetricDataResults ?? []) {
      const isPartial = result.StatusCode === 'PartialData' && nextToken === undefined
      if (isPartial || result.StatusCode === 'InternalError' || result.StatusCode === 'Forbidden')
        throw new DrydockError('DD1904', `CloudWatch answered ${result.StatusCode} for ${result.Label ?? result.Id}`)
      const points = (result.Values ?? []).map((value, index) => ({
        value,
        atMs: result.Timestamps?.[index]?.getTime(),
      }))
      values.set(result.Id ?? '', [...(values.get(result.Id ?? '') ?? []), ...points])
    }
  } while (nextToken)
  return values
}

const metricQuery = ({ namespace, name, service, hostId, periodSeconds }: Query, id: string): MetricDataQuery => ({
  Id: id,
  MetricStat: {
    Metric: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: [
        { Name: 'service', Value: service },
        { Name: 'hostId', Value: hostId },
      ],
    },
    Period: periodSeconds,
    Stat: 'Average',
  },
})
