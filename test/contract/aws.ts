/** What the suites on AWS or its emulator share: where it answers, and a table like the ledger's. */
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { localAccount, localRegion } from '../../simulator/local-account.ts'

/** Absent where no emulator is to be had; `setup` of emulator.ts says why. */
export const endpoint = process.env.DRYDOCK_AWS_ENDPOINT

export const settings = {
  endpoint: endpoint ?? 'http://127.0.0.1:1',
  region: localRegion,
  credentials: { accessKeyId: localAccount, secretAccessKey: 'local' },
}

/** A table with the ledger's keys, and none of its indexes. */
export async function createTable(dynamo: DynamoDBClient, TableName: string): Promise<void> {
  await dynamo.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  )
}
