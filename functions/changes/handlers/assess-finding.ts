/** Assesses a finding and lets it join or open its change; on redelivery nothing happens twice. */
import { hash } from 'node:crypto'
import * as z from 'zod'
import { sfnChangeDriver } from '../../aws/change-driver.ts'
import { s3FeedStore } from '../../aws/feed-store.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { sqsNudges } from '../../aws/nudges.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { storedIntel } from '../../intel/index.ts'
import { queueHandler } from '../../kit/lambda-handler.ts'
import { type AssessPorts, assessRecordedFinding } from '../assess-finding.ts'

export const AssessFinding = z.object({ findingId: z.string() })
export type AssessFinding = z.infer<typeof AssessFinding>

export const run = ({ findingId }: AssessFinding, ports: AssessPorts) => assessRecordedFinding(findingId, ports)

export const handler = queueHandler(
  (): AssessPorts => {
    const ledger = dynamoLedger()
    return {
      ledger,
      intel: storedIntel(ledger, s3FeedStore()),
      driver: sfnChangeDriver(),
      nudges: sqsNudges(),
      clock: systemClock,
      ids: systemIds,
      account: hubAccount(),
      digest: (text) => hash('sha256', text, 'hex'),
    }
  },
  async (body, ports) => {
    await run(AssessFinding.parse(JSON.parse(body)), ports)
  },
)
