import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { beforeAll, describe, expect, it } from 'vitest'
import { eventBridgeImports } from '../../functions/aws/import-bus.ts'
import { dynamoLedger } from '../../functions/aws/ledger.ts'
import { sqsNudges } from '../../functions/aws/nudges.ts'
import { sqsRefusals } from '../../functions/aws/refusals.ts'
import { systemClock, systemIds } from '../../functions/aws/runtime.ts'
import { FindingRecord } from '../../functions/finding/finding.ts'
import { importFile } from '../../functions/intake/import.ts'
import { normaliseDocument } from '../../functions/intake/normalise.ts'
import { type ReceivePorts, run } from '../../functions/intake/receive-findings.ts'
import { keys } from '../../functions/kit/keys.ts'
import { changed, context, digest, fixture, fixtureText } from '../functions/intake/intake-fixtures.ts'
import { createTable, endpoint, settings } from './aws.ts'

const hub = '123456789012'
const suffix = randomUUID()
const table = `intake-${suffix}`
const dynamo = new DynamoDBClient(settings)
const sqs = new SQSClient(settings)
const bus = new EventBridgeClient(settings)

const ec2 = 'findings/inspector-event-ec2.json'
const firstPackage = 'detail.packageVulnerabilityDetails.vulnerablePackages.0'
const queues: Record<string, string> = {}
const metrics: string[] = []
let ports: ReceivePorts

async function makeQueue(name: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${suffix}` }))
  queues[name] = QueueUrl
  return QueueUrl
}

/** The next message of a queue, taken off it. */
async function nextOf(name: string) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queues[name], WaitTimeSeconds: 5, MessageAttributeNames: ['All'] }),
  )
  const [message] = Messages
  if (message)
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queues[name], ReceiptHandle: message.ReceiptHandle }))
  return message
}

describe.skipIf(!endpoint)('intake on SQS, DynamoDB and EventBridge (needs DRYDOCK_AWS_ENDPOINT)', () => {
  beforeAll(async () => {
    await createTable(dynamo, table)
    const refusals = await makeQueue('refusals')
    const [assess, enrich] = [await makeQueue('assess'), await makeQueue('enrich')]
    await makeQueue('findings')
    ports = {
      ledger: dynamoLedger(table, dynamo),
      nudges: sqsNudges({ assess, enrich }, sqs),
      refusals: sqsRefusals(refusals, sqs),
      clock: systemClock,
      ids: systemIds,
      account: hub,
      metrics: { count: (name) => void metrics.push(name) },
      digest,
      desk: { decide: async () => undefined },
      aggregators: ['999999999999'],
    }
  })

  const deep = `${'{"detail":'.repeat(200)}1${'}'.repeat(200)}`
  const event = (over: object) => JSON.stringify({ ...Object(fixture(ec2)), ...over })
  it.each([
    ['F4 a malformed event', '{"version":', 'NOT_JSON'],
    ['F4 an event of another shape', event({ detail: { findingArn: 1 } }), 'UNKNOWN_FORMAT'],
    ['B16 an ARN of another account', event({ account: '111122223333' }), 'FOREIGN_ACCOUNT'],
    ['B17 a source that sends no findings', event({ source: 'my.app' }), 'FOREIGN_SOURCE'],
    [
      'B1 a package named foo; curl x|sh',
      JSON.stringify(changed(ec2, `${firstPackage}.name`, 'foo; curl x|sh')),
      'BAD_PACKAGE_NAME',
    ],
    [
      'B2 a version with a command in it',
      JSON.stringify(changed(ec2, `${firstPackage}.fixedInVersion`, '1.0$(reboot)')),
      'BAD_PACKAGE_VERSION',
    ],
    [
      'B3 an instance id with a command in it',
      JSON.stringify(changed(ec2, 'detail.resources.0.id', 'i-0a1b2c3d4e5f60718; rm -rf /')),
      'BAD_RESOURCE_ID',
    ],
    [
      'B18 an event of a million characters',
      JSON.stringify(changed(ec2, 'detail.title', 'x'.repeat(1_000_000))),
      'TOO_LARGE',
    ],
    [
      'B18 10,000 packages in one finding',
      JSON.stringify(
        changed(
          ec2,
          'detail.packageVulnerabilityDetails.vulnerablePackages',
          Array.from({ length: 10_000 }, () => ({ name: 'a' })),
        ),
      ),
      'TOO_LARGE',
    ],
    ['B19 an event nested 200 deep', event({ detail: { findingArn: 'x', deep: JSON.parse(deep) } }), 'TOO_DEEP'],
  ])('%s ends on the refusals queue with its reason, and nothing of it in the ledger', async (_, body, reason) => {
    const { recorded, refused } = await run(body, ports)
    expect([recorded, refused.map((one) => one.refused)]).toEqual([[], [reason]])
    const message = await nextOf('refusals')
    expect(message?.MessageAttributes?.reason?.StringValue).toBe(reason)
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({ reason, detail: expect.any(String) })
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queues.assess, AttributeNames: ['ApproximateNumberOfMessages'] }),
    )
    expect(Attributes?.ApproximateNumberOfMessages).toBe('0')
  })

  it('F1 F4 records the neighbour of a refused finding, once, however often it comes', async () => {
    const body = fixtureText(ec2)
    const [first] = (await run(body, ports)).recorded
    expect(first?.outcome).toBe('recorded')
    expect((await run(body, ports)).recorded).toMatchObject([{ outcome: 'unchanged' }])
    const read = await ports.ledger.read(FindingRecord, keys.finding(first?.findingId ?? ''))
    expect(read?.version).toBe(1)
    expect(JSON.parse((await nextOf('assess'))?.Body ?? '')).toEqual({ findingId: first?.findingId })
    expect(JSON.parse((await nextOf('enrich'))?.Body ?? '')).toEqual({ findingId: first?.findingId })
  })

  it('B16 takes findings of another account from a listed aggregator only', async () => {
    const of = (account: string) => run(event({ account }), ports)
    expect((await of('999999999999')).refused).toEqual([])
    expect((await of('888888888888')).refused).toMatchObject([{ refused: 'FOREIGN_ACCOUNT' }])
    expect(metrics).toContain('FindingsForeignAccount')
    await nextOf('refusals')
  })

  it('3.8 an import reaches the findings queue by the bus, and the ledger by intake', async () => {
    const Name = `imports-${suffix}`
    const EventPattern = JSON.stringify({ source: ['drydock.import'], 'detail-type': ['Drydock Findings Imported'] })
    await bus.send(new PutRuleCommand({ Name, EventPattern, State: 'ENABLED' }))
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queues.findings, AttributeNames: ['QueueArn'] }),
    )
    await bus.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'queue', Arn: Attributes?.QueueArn }] }))
    const document = fixtureText('findings/listfindings-export.json')
    await eventBridgeImports(bus).publish(importFile(document, context).details)
    const message = await nextOf('findings')
    const { recorded, refused } = await run(message?.Body ?? '', ports)
    const shown = normaliseDocument(JSON.parse(document), context)
    expect([recorded.length, refused]).toEqual([shown.length, []])
  })
})
