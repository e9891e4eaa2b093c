/** Plans a change. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { ssmCalendarStates } from '../../aws/calendar-state.ts'
import { ssmDocumentPins } from '../../aws/document-pins.ts'
import { ssmInventories } from '../../aws/inventory.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { s3OverrideLists } from '../../aws/override-lists.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { countMetric, lambdaHandler } from '../../kit/lambda-handler.ts'
import { type PlanPorts, planRecordedChange } from '../plan-change.ts'

export const PlanChange = z.strictObject({ changeId: z.string().length(26) })
export type PlanChange = z.infer<typeof PlanChange>

export const run = ({ changeId }: PlanChange, ports: PlanPorts) => planRecordedChange(changeId, ports)

export const handler = lambdaHandler(
  PlanChange,
  (): PlanPorts => ({
    ledger: dynamoLedger(),
    clock: systemClock,
    ids: systemIds,
    account: hubAccount(),
    inventories: ssmInventories(),
    metrics: countMetric,
    pins: ssmDocumentPins(),
    calendarStates: ssmCalendarStates({ changesMax: 40 }),
    overrideLists: s3OverrideLists(),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  }),
  run,
)
