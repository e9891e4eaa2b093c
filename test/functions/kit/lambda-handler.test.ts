import type { Context, SQSEvent } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import {
  countMetric,
  lambdaHandler,
  logger,
  queueBatchHandler,
  queueHandler,
} from '../../../functions/kit/lambda-handler.ts'
import { idsIn, withoutSecrets } from '../../../functions/kit/log-fields.ts'

const changeId = '01JD3F7Q4VQ8X2M5N6P7R8S9T0'
const findingId = 'F0123456789abcdef012345678'
const canary = 'canary-4711-never-seen'
const context: Context = Object.assign(Object.create(null), {
  functionName: 'f',
  functionVersion: '1',
  memoryLimitInMB: '512',
  invokedFunctionArn: 'arn',
  awsRequestId: 'r',
})
const records = (...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => Object.assign(Object.create(null), { messageId: `m${index}`, body })),
})

let lines: string[] = []
beforeEach(() => {
  lines = []
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(...String(text).trim().split('\n'))
      return true
    })
})
afterEach(() => vi.restoreAllMocks())
const logged = () => lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))

describe('10.4 a function logs', () => {
  const Input = z.looseObject({ changeId: z.string() })
  const failing = (error: unknown) =>
    lambdaHandler(
      Input,
      () => ({}),
      () => Promise.reject(error),
    )

  it('the change that it works on with every line, and why it failed', async () => {
    await expect(failing(new Error('table is away'))({ changeId }, context)).rejects.toThrow('table is away')
    expect(logged()).toMatchObject([{ level: 'ERROR', changeId, error: { message: 'table is away' } }])
  })

  it('no id of the call before', async () => {
    const handler = lambdaHandler(
      z.looseObject({}),
      () => ({}),
      async () => logger.info('here'),
    )
    await handler({ changeId }, context)
    await handler({}, context)
    expect(logged().map((line) => line.changeId)).toEqual([changeId, undefined])
  })

  it('F6 the finding of a record that failed, and fails that record only', async () => {
    const handler = queueHandler(
      () => ({}),
      async (body) => {
        if (body.includes(findingId)) throw new Error('no')
      },
    )
    const answer = await handler(records('{}', JSON.stringify({ findingId }), 'no json'), context)
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] })
    expect(logged()).toMatchObject([{ level: 'ERROR', messageId: 'm1', findingId }])
  })

  it('F6 the findings of a batch that failed, and fails all of it', async () => {
    const handler = queueBatchHandler(
      () => ({}),
      () => Promise.reject(new Error('no')),
    )
    const answer = await handler(records(JSON.stringify({ findingId }), '{}'), context)
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }] })
    expect(logged()).toMatchObject([{ records: 2, ids: [{ findingId }, {}] }])
  })

  it('metrics in the embedded format, under the namespace that the alarms watch', async () => {
    const handler = lambdaHandler(
      z.looseObject({}),
      () => ({}),
      async () => countMetric.count('ChangesStuck', 2),
    )
    await handler({}, context)
    const [metric] = logged().filter((line) => line._aws)
    expect(metric.ChangesStuck).toBe(2)
    expect(metric._aws.CloudWatchMetrics).toMatchObject([
      { Namespace: 'Drydock', Dimensions: [['service']], Metrics: [{ Name: 'ChangesStuck', Unit: 'Count' }] },
    ])
  })

  it('B10 nothing from outside as an id or as a line of its own', async () => {
    const forged = `${changeId}\n{"level":"INFO"}`
    const answer = failing(new Error(`bad\n{"level":"INFO","message":"forged"}`))({ changeId: forged }, context)
    await expect(answer).rejects.toThrow()
    expect(logged()).toHaveLength(1)
    expect(logged()[0]).not.toHaveProperty('changeId')
    expect(idsIn({ changeId: canary, findingId: `${findingId}0`, ring: 'a b' })).toEqual({})
  })
})

describe('I14 no secret is logged', () => {
  it.each([
    ['a task token', { taskToken: canary }],
    ['a token deep inside', { request: { headers: { Authorization: canary } } }],
    ['a link secret', { secret: canary }],
    ['a session cookie', { headers: [{ cookie: canary }] }],
    ['an approval address', { link: `https://console/approve#${changeId}.${canary}` }],
    ['a security token', { 'x-amz-security-token': canary }],
  ])('%s', (_, extra) => {
    logger.info('canary', extra)
    expect(lines.join()).toContain('canary"')
    expect(lines.join()).not.toContain(canary)
    expect(lines.join()).toContain('[secret]')
  })

  it('a vote code, but the code of an error', () => {
    const text = JSON.stringify([{ code: 'AB12-CD34' }, { code: 'AB12CD34' }, { code: 'DD1101' }], withoutSecrets)
    expect(JSON.parse(text)).toEqual([{ code: '[secret]' }, { code: '[secret]' }, { code: 'DD1101' }])
  })
})
