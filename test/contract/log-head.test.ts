import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { beforeEach, describe } from 'vitest'
import { dynamoLedger } from '../../functions/aws/ledger.ts'
import { dynamoLogHead, dynamoOutbox } from '../../functions/aws/outbox.ts'
import { memoryLedger } from '../../simulator/ports/ledger.ts'
import { memoryLogHead, memoryOutbox } from '../../simulator/ports/outbox.ts'
import { createTable, endpoint, settings } from './aws.ts'
import { logHeadContract, outboxContract } from './log-head.ts'

describe("the log's head in memory", () => logHeadContract(memoryLogHead))

describe('the outbox in memory', () =>
  outboxContract(() => {
    const ledger = memoryLedger()
    return { ledger, outbox: memoryOutbox(ledger) }
  }))

const dynamo = new DynamoDBClient(settings)
let table = ''

describe.skipIf(!endpoint)('on DynamoDB or its emulator (needs DRYDOCK_AWS_ENDPOINT)', () => {
  beforeEach(async () => {
    table = `ledger-${randomUUID()}`
    await createTable(dynamo, table)
  })
  logHeadContract(() => dynamoLogHead(table, dynamo))
  outboxContract(() => ({ ledger: dynamoLedger(table, dynamo), outbox: dynamoOutbox(table, dynamo) }))
})
