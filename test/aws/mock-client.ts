/**
 * aws-sdk-client-mock held to AWS's models. The mock replaces `send`, so no middleware could check: what was called, and
 * what the mock answered, is noted before each reset and held to the models after each test, by setup.ts.
 */
import { mockClient as unmodelledMock } from 'aws-sdk-client-mock'
import { faultsOf, type Side } from '../../simulator/aws-models/faults-of.ts'
import { modelledMocks } from './modelled-calls.ts'

/** The client's package by its class. */
const packages: Readonly<Record<string, string>> = {
  CloudFormationClient: 'cloudformation',
  CloudWatchClient: 'cloudwatch',
  DynamoDBClient: 'dynamodb',
  EventBridgeClient: 'eventbridge',
  Inspector2Client: 'inspector2',
  KMSClient: 'kms',
  LambdaClient: 'lambda',
  S3Client: 's3',
  SESv2Client: 'sesv2',
  SFNClient: 'sfn',
  SNSClient: 'sns',
  SQSClient: 'sqs',
  SSMClient: 'ssm',
  STSClient: 'sts',
  ServiceQuotasClient: 'service-quotas',
}

/** What a mock of any client is here. */
interface Mock {
  clientName(): string
  reset: () => unknown
  restore: () => void
  readonly send: {
    getCalls(): readonly { readonly args: readonly [Command]; readonly returnValue: unknown }[]
    resetHistory(): void
  }
}
interface Command {
  readonly constructor: { readonly name: string }
  readonly input: unknown
}

/** A mock of the client, or of every client of a class, in place of the library's own function. */
export const mockClient: typeof unmodelledMock = (client, options) => {
  const mock = unmodelledMock(client, options)
  holdToModels(mock, ['request', 'answer'])
  return mock
}

/** Likewise, but its answers may have what AWS's models do not have yet. */
export const mockOfLaterAnswers: typeof unmodelledMock = (client, options) => {
  const mock = unmodelledMock(client, options)
  holdToModels(mock, ['request'])
  return mock
}

function holdToModels(mock: Mock, sides: readonly Side[]): void {
  const service = packages[mock.clientName()]
  if (service === undefined) throw new Error(`test/aws/mock-client.ts knows no package of ${mock.clientName()}`)
  const faults: Promise<readonly string[]>[] = []
  const note = () => {
    for (const { args, returnValue } of mock.send.getCalls()) {
      const [command] = args
      const operation = command.constructor.name.replace(/Command$/, '')
      faults.push(Promise.resolve(faultsOf(service, operation, command.input, 'request')))
      if (!sides.includes('answer')) continue
      const answer = Promise.resolve(returnValue)
      // A mock that throws answers nothing.
      faults.push(answer.then((one) => faultsOf(service, operation, one, 'answer')).catch(() => []))
    }
    mock.send.resetHistory()
  }
  const [reset, restore] = [mock.reset.bind(mock), mock.restore.bind(mock)]
  mock.reset = () => {
    note()
    return reset()
  }
  mock.restore = () => {
    note()
    restore()
  }
  modelledMocks.add({
    restore,
    async look() {
      note()
      return (await Promise.all(faults.splice(0))).flat()
    },
  })
}
