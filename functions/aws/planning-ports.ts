/** What planning works with: records, what hosts have installed, documents, calendars, and the bucket of override lists. */
import { countMetric } from '../kit/lambda-handler.ts'
import { ssmCalendarStates } from './calendar-state.ts'
import type { Settings } from './configuration.ts'
import { ssmDocumentPins } from './document-pins.ts'
import { s3EvidenceStore } from './evidence-store.ts'
import { ssmInventories } from './inventory.ts'
import { storedOverrideLists } from './override-lists.ts'
import { recordPorts, recordSettings } from './record-ports.ts'
import { digestOf } from './runtime.ts'
import { s3Client } from './s3-client.ts'
import { placeSettings } from './spokes.ts'

/** What `planningPorts` reads of the configuration. */
export const planningSettings = {
  ...recordSettings,
  ...placeSettings,
  endpointUrl: true,
  overridesBucket: true,
} as const

/** Ports that build a plan. */
export const planningPorts = (settings: Pick<Settings, keyof typeof planningSettings>) => ({
  ...recordPorts(settings),
  inventories: ssmInventories(settings),
  metrics: countMetric,
  pins: ssmDocumentPins(),
  // A plan lies ahead by weeks: more changes of state than the gates ask for.
  calendarStates: ssmCalendarStates({ changesMax: 40 }),
  overrideLists: storedOverrideLists(s3EvidenceStore(settings.overridesBucket, s3Client(settings))),
  digest: digestOf,
})
