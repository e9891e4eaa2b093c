/** Assesses a finding and lets it join or open its change; on redelivery nothing happens twice. */

import { sfnChangeDriver } from '../../aws/change-driver.ts'
import { configured, Settings } from '../../aws/configuration.ts'
import { feedSettings } from '../../aws/feed-ports.ts'
import { s3FeedStore } from '../../aws/feed-store.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { recordPorts } from '../../aws/record-ports.ts'
import { digestOf } from '../../aws/runtime.ts'
import { s3Client } from '../../aws/s3-client.ts'
import { storedIntel } from '../../intel/index.ts'
import { queueHandler } from '../../kit/lambda-handler.ts'
import { AssessFinding, run } from '../assess-finding.ts'

export { run }

export const Configuration = Settings.pick({ ...feedSettings, changeMachineArn: true })

const buildPorts = configured(Configuration, (settings) => {
  const ports = recordPorts(settings)
  const intel = storedIntel(ports.ledger, s3FeedStore(settings.feedsBucket, s3Client(settings)))
  const nudges = sqsNudges({ assess: settings.assessQueueUrl })
  return { ...ports, intel, driver: sfnChangeDriver(settings.changeMachineArn), nudges, digest: digestOf }
})

export const handler = queueHandler(buildPorts, async (body, ports) => {
  await run(AssessFinding.parse(JSON.parse(body)), ports)
})
