/** Assesses a finding and lets it join or open its change; on redelivery nothing happens twice. */

import * as z from 'zod'
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
import { type AssessPorts, assessRecordedFinding } from '../assess-finding.ts'

export const AssessFinding = z.object({ findingId: z.string() })
export type AssessFinding = z.infer<typeof AssessFinding>

export const run = ({ findingId }: AssessFinding, ports: AssessPorts) => assessRecordedFinding(findingId, ports)

export const Configuration = Settings.pick({ ...feedSettings, changeMachineArn: true })

export const handler = queueHandler(
  configured(Configuration, (settings): AssessPorts => {
    const ports = recordPorts(settings)
    return {
      ...ports,
      intel: storedIntel(ports.ledger, s3FeedStore(settings.feedsBucket, s3Client(settings))),
      driver: sfnChangeDriver(settings.changeMachineArn),
      nudges: sqsNudges({ assess: settings.assessQueueUrl }),
      digest: digestOf,
    }
  }),
  async (body, ports) => {
    await run(AssessFinding.parse(JSON.parse(body)), ports)
  },
)
