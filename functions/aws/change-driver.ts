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
import { clientSettings } from './runtime.ts'

export function sfnChangeDriver(machineArn: string, client = new SFNClient(clientSettings)): ChangeDriver {
  async function startNamed(changeId: string, name: string) {
    try {
      await client.send(
        new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify({ changeId }) }),
      )
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error
    }
  }
  return {
    start: (changeId) => startNamed(changeId, changeId),
    restart: (changeId, attempt) => startNamed(changeId, `${changeId}-${attempt}`),
    async isRunning(changeId) {
      const first = `${machineArn.replace(':stateMachine:', ':execution:')}:${changeId}`
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
            stateMachineArn: machineArn,
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
