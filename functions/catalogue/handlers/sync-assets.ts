/** Brings the inventory into the ledger on a schedule. */
import * as z from 'zod'
import { dynamoLedger } from '../../aws/ledger.ts'
import { ssmNodes } from '../../aws/nodes.ts'
import { environment, hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { FindingRecord } from '../../finding/index.ts'
import { lists } from '../../kit/keys.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { type SyncPorts, syncAssets } from '../sync.ts'

export const SyncAssets = z.looseObject({})

export async function run(_input: z.infer<typeof SyncAssets>, ports: SyncPorts) {
  const findings = await ports.ledger.list(FindingRecord, lists.findings)
  const names = findings.flatMap(({ value }) =>
    value.status === 'active' ? value.packages.flatMap(({ name, isPatchable }) => (isPatchable ? [name] : [])) : [],
  )
  return syncAssets([...new Set(names)].sort(), ports)
}

export const handler = lambdaHandler(
  SyncAssets,
  (): SyncPorts => ({
    ledger: dynamoLedger(),
    nodes: ssmNodes(),
    clock: systemClock,
    ids: systemIds,
    metrics: countMetric,
    account: hubAccount(),
    region: environment('AWS_REGION'),
  }),
  run,
)
