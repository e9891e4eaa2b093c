/** Stands in for an event that the emulator does not send: "Step Functions Execution Status Change" of executions that died. */
import { type ExecutionStatus, ListExecutionsCommand, type SFNClient } from '@aws-sdk/client-sfn'
import type { LocalCloud } from '../simulator/cloud.ts'

const deadStatuses = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const satisfies readonly ExecutionStatus[]
const lookMs = 1_000

/**
 * Publishes each execution of the machine that died, once. An emulator that is down is asked again a second later.
 *
 * @returns a function that ends the looking.
 */
export function publishDeadDrivers(
  client: SFNClient,
  machineArn: string,
  publish: LocalCloud['publish'],
): () => Promise<void> {
  const told = new Set<string>()
  const look = async () => {
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: 1000 }),
    )
    for (const { executionArn = '', name = '', status } of executions) {
      if (told.has(executionArn) || !deadStatuses.some((dead) => dead === status)) continue
      const detail = { executionArn, stateMachineArn: machineArn, name, status }
      await publish({
        Source: 'aws.states',
        DetailType: 'Step Functions Execution Status Change',
        Detail: JSON.stringify(detail),
      })
      told.add(executionArn)
    }
  }
  let isLooking = false
  const timer = setInterval(async () => {
    if (isLooking) return
    isLooking = true
    await look().catch(() => undefined)
    isLooking = false
  }, lookMs)
  return async () => clearInterval(timer)
}
