import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { afterEach, describe, expect, it } from 'vitest'
import { cloudWatchMetrics } from '../../../functions/aws/metric-source.ts'
import { memoryMetrics } from '../../../simulator/ports/metric-source.ts'
import { mockClient } from '../../aws/mock-client.ts'

const query = {
  namespace: 'Shop',
  name: 'ErrorRate',
  service: 'web',
  hostId: 'i-00000001',
  startMs: 60_000,
  endMs: 120_000,
  periodSeconds: 10,
}
const cloudWatch = mockClient(CloudWatchClient)
afterEach(() => cloudWatch.reset())

const hostOf = (entry: MetricDataQuery) =>
  entry.MetricStat?.Metric?.Dimensions?.find((dimension) => dimension.Name === 'hostId')?.Value ?? ''

describe('6.3 metrics by CloudWatch', () => {
  it('asks for all hosts of a moment in one call, and gives each its own samples', async () => {
    cloudWatch
      .on(GetMetricDataCommand)
      .callsFake(async ({ MetricDataQueries }: { MetricDataQueries: MetricDataQuery[] }) => ({
        MetricDataResults: MetricDataQueries.map((entry) => ({
          Id: entry.Id,
          StatusCode: 'Complete',
          Values: hostOf(entry) === 'i-2' ? [2, 2] : [],
        })),
      }))
    const source = cloudWatchMetrics(new CloudWatchClient({ region: 'eu-west-1' }))
    const hosts = ['i-1', 'i-2', 'i-3']
    expect(await Promise.all(hosts.map((hostId) => source.samples({ ...query, hostId })))).toEqual([[], [2, 2], []])
    const calls = cloudWatch.commandCalls(GetMetricDataCommand)
    expect(calls).toHaveLength(1)
    expect(calls[0]?.args[0].input).toMatchObject({
      StartTime: new Date(60_000),
      EndTime: new Date(120_000),
      ScanBy: 'TimestampAscending',
    })
    expect(calls[0]?.args[0].input.MetricDataQueries?.[0]?.MetricStat).toEqual({
      Metric: {
        Namespace: 'Shop',
        MetricName: 'ErrorRate',
        Dimensions: [
          { Name: 'service', Value: 'web' },
          { Name: 'hostId', Value: 'i-1' },
        ],
      },
      Period: 10,
      Stat: 'Average',
    })
  })

  it('splits at 500 queries a call, and by time span', async () => {
    cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] })
    const source = cloudWatchMetrics(new CloudWatchClient({ region: 'eu-west-1' }))
    const many = Array.from({ length: 501 }, (_, index) => source.samples({ ...query, hostId: `i-${index}` }))
    await Promise.all([...many, source.samples({ ...query, startMs: 0 })])
    const sizes = cloudWatch
      .commandCalls(GetMetricDataCommand)
      .map((call) => call.args[0].input.MetricDataQueries?.length)
    expect(sizes).toEqual([500, 1, 1])
  })

  it('joins the pages of one answer', async () => {
    cloudWatch
      .on(GetMetricDataCommand)
      .resolvesOnce({ NextToken: 'more', MetricDataResults: [{ Id: 'q0', StatusCode: 'PartialData', Values: [1] }] })
      .resolvesOnce({ MetricDataResults: [{ Id: 'q0', StatusCode: 'Complete', Values: [2] }] })
    expect(await cloudWatchMetrics(new CloudWatchClient({ region: 'eu-west-1' })).samples(query)).toEqual([1, 2])
  })

  it.each(['PartialData', 'InternalError', 'Forbidden'] as const)(
    'DD1904: refuses an answer that ends as %s',
    async (StatusCode) => {
      cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: 'q0', StatusCode, Values: [1] }] })
      const source = cloudWatchMetrics(new CloudWatchClient({ region: 'eu-west-1' }))
      await expect(source.samples(query)).rejects.toMatchObject({ code: 'DD1904' })
    },
  )

  it('hands a failed call to everyone who asked', async () => {
    cloudWatch.on(GetMetricDataCommand).rejects(new Error('Throttled'))
    const source = cloudWatchMetrics(new CloudWatchClient({ region: 'eu-west-1' }))
    const answers = await Promise.allSettled([source.samples(query), source.samples({ ...query, hostId: 'i-2' })])
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected'])
  })
})

describe('6.3 metrics in memory', () => {
  const put = (atMs: number, value: number, more: object = {}) => ({ ...query, atMs, value, ...more })

  it('averages by period, oldest first, from start until before end', async () => {
    const source = memoryMetrics()
    source.put([put(119_999, 9), put(60_000, 1), put(69_999, 3), put(120_000, 100), put(59_999, 100)])
    expect(await source.samples(query)).toEqual([2, null, null, null, null, 9])
  })

  it('tells no data from zero, and one host from another', async () => {
    const source = memoryMetrics()
    source.put([put(60_000, 0), put(60_000, 5, { hostId: 'i-2' }), put(60_000, 7, { service: 'api' })])
    expect(await source.samples(query)).toEqual([0, null, null, null, null, null])
    expect(await source.samples({ ...query, hostId: 'i-3' })).toEqual([])
  })
})
