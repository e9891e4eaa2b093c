import { randomUUID } from 'node:crypto'
import { CreateStateMachineCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { beforeAll, describe } from 'vitest'
import { sfnChangeDriver } from '../../functions/aws/change-driver.ts'
import { memoryChangeDriver } from '../../simulator/ports/change-driver.ts'
import { definitionOf } from '../statemachines/machines.ts'
import { endpoint, settings } from './aws.ts'
import { changeDriverContract } from './change-driver.ts'

describe('the change driver in memory', () =>
  changeDriverContract(() => {
    const driver = memoryChangeDriver()
    return { driver, end: driver.end }
  }))

describe.skipIf(!endpoint)('the change driver on Step Functions or its emulator (needs DRYDOCK_AWS_ENDPOINT)', () => {
  const client = new SFNClient(settings)
  let machineArn = ''
  beforeAll(async () => {
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name: `change-${randomUUID()}`,
        roleArn: 'arn:aws:iam::123456789012:role/contract',
        // Its first state waits, as long as it is told to: nothing else is called.
        definition: JSON.stringify(definitionOf('change')),
      }),
    )
    machineArn = stateMachineArn ?? ''
  })

  changeDriverContract(() => ({
    driver: sfnChangeDriver(machineArn, client),
    end: async (name) => {
      const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`
      await client.send(new StopExecutionCommand({ executionArn }))
    },
  }))
})
