/** What the dispatcher works with: records, Run Command in every place, the machines that wait, and what gates ask of an open ring. */
import { countMetric } from '../kit/lambda-handler.ts'
import { ssmCalendarStates } from './calendar-state.ts'
import { ssmCommands } from './commands.ts'
import type { Settings } from './configuration.ts'
import { sqsNudges } from './nudges.ts'
import { dynamoEvidenceHealth } from './outbox.ts'
import { recordPorts, recordSettings } from './record-ports.ts'
import { systemClock } from './runtime.ts'
import { clientsByAccess } from './spoke-access.ts'
import { placeSettings } from './spokes.ts'
import { sfnTaskTokens } from './task-tokens.ts'

/** What `dispatchPorts` reads of the configuration. */
export const dispatchSettings = {
  ...recordSettings,
  ...placeSettings,
  dispatchQueueUrl: true,
  archiveQueueUrl: true,
  outputBucket: true,
} as const

/** Ports of a pass over a ring, but for the plans that it remembers. */
export const dispatchPorts = (settings: Pick<Settings, keyof typeof dispatchSettings>) => ({
  ...recordPorts(settings),
  commands: ssmCommands(clientsByAccess(settings), settings.outputBucket),
  nudges: sqsNudges({ dispatch: settings.dispatchQueueUrl, archive: settings.archiveQueueUrl }),
  metrics: countMetric,
  tokens: sfnTaskTokens(),
  evidenceHealth: dynamoEvidenceHealth(settings.table, systemClock),
  // An open ring asks whether one more host may start now, not when the next closure ends.
  calendarStates: ssmCalendarStates({ changesMax: 2 }),
})
