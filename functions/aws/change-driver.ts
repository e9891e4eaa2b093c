/** Drives changes by Step Functions: one execution a change, named after it. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import type { ChangeDriver } from '../changes/ports.ts'
import { clientSettings, environment } from './runtime.ts'

export function sfnChangeDriver(client = new SFNClient(clientSettings)): ChangeDriver {
  const machine = () => environment('DRYDOCK_CHANGE_MACHINE_ARN')
  async function startNamed(changeId: string, name: string) {
    try {
      await client.send(
        new StartExecutionCommand({ stateMachineArn: machine(), name, input: JSON.stringify({ changeId }) }),
      )
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error
    }
  }
  return {
    start: (changeId) => startNamed(changeId, changeId),
    restart: (changeId, attempt) => startNamed(changeId, `${changeId}-${attempt}`),
    async isRunning(changeId) {
      const first = `${machine().replace(':stateMachine:', ':execution:')}:${changeId}`
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn: first }))
        if (status === 'RUNNING') return true
      } catch (error) {
        if (!(error instanceof ExecutionDoesNotExist)) throw error
      }
      let token: string | undefined
      do {
        const { executions = [], nextToken } = await client.send(
          new ListExecutionsCommand({
            stateMachineArn: machine(),
            statusFilter: 'RUNNING',
            maxResults: 1000,
            ...(token ? { nextToken: token } : {}),
          }),
        )
        if (executions.some(({ name }) => name === changeId || name?.startsWith(`${changeId}-`))) return true
        token = nextToken
      } while (token)
      return false
    },
  }
}
