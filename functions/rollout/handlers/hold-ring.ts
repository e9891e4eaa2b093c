/** Holds a change whose ring did not end in time. */

import * as z from 'zod'
import { configured, Settings } from '../../aws/configuration.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { type MovePorts, moveRecordedChange } from '../../changes/index.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'

export const HoldRing = z.strictObject({ changeId: z.string().length(26), ring: z.string() })
export type HoldRing = z.infer<typeof HoldRing>

export async function run({ changeId, ring }: HoldRing, ports: MovePorts) {
  const moved = await moveRecordedChange(changeId, { type: 'held', because: `ring ${ring} did not end in time` }, ports)
  return { outcome: 'change' in moved ? 'held' : moved.refused }
}

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(HoldRing, configured(Configuration, recordPorts), run)
