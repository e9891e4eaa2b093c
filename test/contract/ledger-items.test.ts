import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe } from 'vitest'
import { dynamoLedger } from '../../functions/aws/ledger.ts'
import { dynamoLedgerItems } from '../../functions/aws/ledger-items.ts'
import { memoryLedger } from '../../simulator/ports/ledger.ts'
import { createTable, endpoint, settings } from './aws.ts'
import { ledgerItemsContract } from './ledger-items.ts'

describe('every record of a ledger in memory', () => {
  ledgerItemsContract(async () => {
    const ledger = memoryLedger()
    return { ledger, items: ledger.items }
  })
})

describe.skipIf(!endpoint)('every record of a table of DynamoDB (needs DRYDOCK_AWS_ENDPOINT)', () => {
  const dynamo = new DynamoDBClient(settings)
  ledgerItemsContract(async () => {
    const table = `items-${randomUUID()}`
    await createTable(dynamo, table)
    return { ledger: dynamoLedger(table, dynamo), items: dynamoLedgerItems(table, dynamo) }
  })
})
