import { randomUUID } from 'node:crypto'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { beforeEach, describe } from 'vitest'
import { dynamoLedger } from '../../functions/aws/ledger.ts'
import { dynamoLogHead, dynamoOutbox } from '../../functions/aws/outbox.ts'
import { memoryLedger } from '../../local/ports/ledger.ts'
import { memoryLogHead, memoryOutbox } from '../../local/ports/outbox.ts'
import { logHeadContract, outboxContract } from './log-head.ts'

describe("the log's head in memory", () => logHeadContract(memoryLogHead))

describe('the outbox in memory', () =>
  outboxContract(() => {
    const ledger = memoryLedger()
    return { ledger, outbox: memoryOutbox(ledger) }
  }))

const endpoint = process.env.DRYDOCK_AWS_ENDPOINT
const dynamo = new DynamoDBClient({
  endpoint: endpoint ?? 'http://127.0.0.1:1',
  region: 'eu-central-1',
  credentials: { accessKeyId: '123456789012', secretAccessKey: 'local' },
})
let table = ''

describe.skipIf(!endpoint)('on DynamoDB or its emulator (needs DRYDOCK_AWS_ENDPOINT)', () => {
  beforeEach(async () => {
    table = `ledger-${randomUUID()}`
    await dynamo.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    )
  })
  logHeadContract(() => dynamoLogHead(table, dynamo))
  outboxContract(() => ({ ledger: dynamoLedger(table, dynamo), outbox: dynamoOutbox(table, dynamo) }))
})
