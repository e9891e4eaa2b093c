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
import { clientSettings, environment } from './runtime.ts'

/** The change driver of this hub; the machine is the one that DRYDOCK_CHANGE_MACHINE_ARN names. */
export function sfnChangeDriver(client = new SFNClient(clientSettings)): ChangeDriver {
  const machine = () => environment('DRYDOCK_CHANGE_MACHINE_ARN')
  return {
    async start({ changeId, name, seconds }) {
      const input = JSON.stringify({ changeId, driver: name, seconds })
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn: machine(), name, input }))
        return 'started'
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'taken'
        throw error
      }
    },
    async statusOf(name) {
      const executionArn = `${machine().replace(':stateMachine:', ':execution:')}:${name}`
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
            stateMachineArn: machine(),
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
