/** What the gates of a ring are asked with: records, documents, probes, the state of the log, and SSM's calendars. */
import { ssmCalendarStates } from './calendar-state.ts'
import type { Settings } from './configuration.ts'
import { ssmDocumentPins } from './document-pins.ts'
import { dynamoEvidenceHealth } from './outbox.ts'
import { httpProber } from './prober.ts'
import { recordPorts, type recordSettings } from './record-ports.ts'
import { systemClock } from './runtime.ts'

/** Changes of a calendar's state that are asked for: a ring must have room before the next closure. */
const changesMax = 8

/** Ports that read every fact of a gate before a ring opens. */
export const gatePorts = (settings: Pick<Settings, keyof typeof recordSettings>) => ({
  ...recordPorts(settings),
  pins: ssmDocumentPins(),
  prober: httpProber(),
  evidenceHealth: dynamoEvidenceHealth(settings.table, systemClock),
  calendarStates: ssmCalendarStates({ changesMax }),
})
