/** Drives changes by Step Functions: executions of the change machine. */
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

/** The change driver of this hub. */
export function sfnChangeDriver(machineArn: string, client = new SFNClient(clientSettings)): ChangeDriver {
  return {
    async start({ changeId, name, seconds }) {
      const input = JSON.stringify({ changeId, driver: name, seconds })
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input }))
        return 'started'
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'taken'
        throw error
      }
    },
    async statusOf(name) {
      const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }))
        return status === 'RUNNING' ? 'running' : 'ended'
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'unknown'
        throw error
      }
    },
    async running() {
      const names = new Set<string>()
      let nextToken: string | undefined
      do {
        const page = await client.send(
          new ListExecutionsCommand({
            stateMachineArn: machineArn,
            statusFilter: 'RUNNING',
            maxResults: 1000,
            ...(nextToken ? { nextToken } : {}),
          }),
        )
        for (const { name } of page.executions ?? []) if (name !== undefined) names.add(name)
        nextToken = page.nextToken
      } while (nextToken)
      return names
    },
  }
}
