/** What assessing a finding works with: records, stored intelligence, the driver of the change that it opens, and whom to wake. */
import { storedIntel } from '../intel/index.ts'
import { sfnChangeDriver } from './change-driver.ts'
import type { Settings } from './configuration.ts'
import { feedSettings } from './feed-ports.ts'
import { s3FeedStore } from './feed-store.ts'
import { sqsNudges } from './nudges.ts'
import { recordPorts } from './record-ports.ts'
import { digestOf, systemPause } from './runtime.ts'
import { s3Client } from './s3-client.ts'

/** What `assessmentPorts` reads of the configuration. */
export const assessmentSettings = { ...feedSettings, changeMachineArn: true } as const

/** Ports that assess findings and start drivers. */
export function assessmentPorts(settings: Pick<Settings, keyof typeof assessmentSettings>) {
  const ports = recordPorts(settings)
  return {
    ...ports,
    intel: storedIntel(ports.ledger, s3FeedStore(settings.feedsBucket, s3Client(settings))),
    driver: sfnChangeDriver(settings.changeMachineArn),
    nudges: sqsNudges({ assess: settings.assessQueueUrl }),
    digest: digestOf,
    pause: systemPause,
  }
}
