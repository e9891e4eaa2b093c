/** The intake queue: EventBridge events of Inspector, Security Hub and imports become findings in the ledger. */
import { hash } from 'node:crypto'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { sqsRefusals } from '../../aws/refusals.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { countMetric, logger, queueHandler } from '../../kit/lambda-handler.ts'
import { type Received, type ReceivePorts, receiveFindings } from '../receive.ts'

/** One message; tests call this. */
export function run(body: string, ports: ReceivePorts): Promise<Received> {
  return receiveFindings(body, ports)
}

const buildPorts = (): ReceivePorts => ({
  ledger: dynamoLedger(),
  nudges: sqsNudges(),
  clock: systemClock,
  ids: systemIds,
  account: hubAccount(),
  refusals: sqsRefusals(),
  metrics: countMetric,
  digest: (text) => hash('sha256', text, 'hex'),
  // Optional: only an organisation with a delegated administrator has any.
  aggregators: (process.env.DRYDOCK_FINDING_AGGREGATORS ?? '').split(',').filter((account) => account !== ''),
})

export const handler = queueHandler(buildPorts, async (body, ports: ReceivePorts) => {
  const { recorded, refused } = await run(body, ports)
  for (const each of recorded) logger.info('finding', { ...each })
  for (const { refused: reason, at, detail } of refused) logger.warn('input refused', { reason, at, detail })
})
