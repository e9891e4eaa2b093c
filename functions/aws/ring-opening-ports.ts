/** The ports for opening a ring or a rollback: records, and the nudge that wakes the dispatcher. */
import type { Settings } from './configuration.ts'
import { sqsNudges } from './nudges.ts'
import { recordPorts, recordSettings } from './record-ports.ts'

/** What `ringOpeningPorts` reads of the configuration. */
export const ringOpeningSettings = { ...recordSettings, dispatchQueueUrl: true } as const

/** Ports that write a ring and wake the dispatcher. */
export const ringOpeningPorts = (settings: Pick<Settings, keyof typeof ringOpeningSettings>) => ({
  ...recordPorts(settings),
  nudges: sqsNudges({ dispatch: settings.dispatchQueueUrl }),
})
