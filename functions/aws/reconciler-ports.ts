/** What the reconciler of changes works with: records, drivers, the dispatcher's queue, and the gates of a held change. */
import { countMetric, logger } from '../kit/lambda-handler.ts'
import { askGates } from '../rollout/index.ts'
import { sfnChangeDriver } from './change-driver.ts'
import type { Settings } from './configuration.ts'
import { gatePorts } from './gate-ports.ts'
import { sqsNudges } from './nudges.ts'
import { recordPorts, recordSettings } from './record-ports.ts'

/** What `reconcilerPorts` reads of the configuration. */
export const reconcilerSettings = { ...recordSettings, changeMachineArn: true, dispatchQueueUrl: true } as const

/** Ports that mend what stands still; each held change is logged. */
export function reconcilerPorts(settings: Pick<Settings, keyof typeof reconcilerSettings>) {
  const gates = gatePorts(settings)
  return {
    ...recordPorts(settings),
    driver: sfnChangeDriver(settings.changeMachineArn),
    nudges: sqsNudges({ dispatch: settings.dispatchQueueUrl }),
    metrics: countMetric,
    log: { info: (text: string, fields: Readonly<Record<string, unknown>>) => logger.info(text, fields) },
    askGates: (changeId: string, ring: string) => askGates({ changeId, ring }, gates),
  }
}
