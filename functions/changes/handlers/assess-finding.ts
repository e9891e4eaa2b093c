/** Assesses a finding and lets it join or open its change; on redelivery nothing happens twice. */
import { hash } from 'node:crypto'
import { sfnChangeDriver } from '../../aws/change-driver.ts'
import { s3FeedStore } from '../../aws/feed-store.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { storedIntel } from '../../intel/index.ts'
import { queueHandler } from '../../kit/lambda-handler.ts'
import { AssessFinding, run } from '../assess-finding.ts'

export { run }

const digest = (text: string) => hash('sha256', text, 'hex')

function buildPorts() {
  const ledger = dynamoLedger()
  const stamp = { clock: systemClock, ids: systemIds, account: hubAccount() }
  const intel = storedIntel(ledger, s3FeedStore())
  return { ...stamp, ledger, intel, driver: sfnChangeDriver(), nudges: sqsNudges(), digest }
}

export const handler = queueHandler(buildPorts, async (body, ports) => {
  await run(AssessFinding.parse(JSON.parse(body)), ports)
})
