/** Answers waiting state machines. */
import { SendTaskSuccessCommand, SFNClient, SFNServiceException } from '@aws-sdk/client-sfn'
import type { TaskTokens } from '../kit/ports.ts'
import { clientSettings } from './runtime.ts'

const gone = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']

export function sfnTaskTokens(client = new SFNClient(clientSettings)): TaskTokens {
  return {
    async succeed(token, output) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }))
        return 'answered'
      } catch (error) {
        if (error instanceof SFNServiceException && gone.includes(error.name)) return 'gone'
        throw error
      }
    },
  }
}
