import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import {
  type CommandPlugin,
  GetCommandInvocationCommand,
  GetInventoryCommand,
  ListCommandInvocationsCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { beforeEach, describe, expect, it } from 'vitest'
import { oneClient, ssmCommands } from '../../../functions/aws/commands.ts'
import { s3EvidenceStore } from '../../../functions/aws/evidence-store.ts'
import { ssmNodes } from '../../../functions/aws/nodes.ts'
import { storedOverrideLists } from '../../../functions/aws/override-lists.ts'
import { mockClient } from '../../aws/mock-client.ts'

const client = new SSMClient({ region: 'eu-central-1' })
const ssm = mockClient(client)
const s3 = mockClient(S3Client)
const commandId = '0f3a4c1e-5b6d-4e7f-8a9b-0c1d2e3f4a5b'
const list = { yaml: 'patches:\n', sha256: 'a'.repeat(64) }
const result = '{"schemaVersion":1}'
const skipped = 'Step execution skipped due to unsatisfied preconditions'

beforeEach(() => {
  ssm.reset()
  s3.reset()
})

describe('B42 storedOverrideLists', () => {
  const lists = storedOverrideLists(s3EvidenceStore('ours', new S3Client({ region: 'eu-central-1' })))

  it('writes a list once, under its hash', async () => {
    s3.on(PutObjectCommand).resolves({})
    await lists.keep(list)
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
      Bucket: 'ours',
      Key: `overrides/${list.sha256}.yaml`,
      Body: new TextEncoder().encode(list.yaml),
      IfNoneMatch: '*',
    })
  })

  const fault = (httpStatusCode: number) =>
    new S3ServiceException({ name: 'x', message: 'x', $fault: 'client', $metadata: { httpStatusCode } })

  it('is content with a list that stands there, and not with any other fault', async () => {
    s3.on(PutObjectCommand).rejectsOnce(fault(412)).rejects(fault(403))
    await expect(lists.keep(list)).resolves.toBeUndefined()
    await expect(lists.keep(list)).rejects.toThrow('x')
  })
})

describe('11.6 the result of a document with several steps', () => {
  const toldBy = async (plugins: readonly CommandPlugin[]) => {
    ssm.on(ListCommandInvocationsCommand).resolves({
      CommandInvocations: [
        { InstanceId: 'i-0123456789abcdef0', Status: 'Failed', StatusDetails: 'Failed', CommandPlugins: [...plugins] },
      ],
    })
    const [invocation] = await ssmCommands(oneClient(client), 'output').invocations(commandId)
    return invocation
  }
  const step = (Name: string, ResponseCode: number, Output = ''): CommandPlugin => ({ Name, ResponseCode, Output })

  it('is what its last step printed, in whatever order SSM lists the steps, and though the baseline failed', async () => {
    const steps = [step('runStep', 0, result), step('patch', 1, 'failed'), step('compareList', 0), step('fetchList', 0)]
    for (const listed of [steps, steps.toReversed()])
      expect(await toldBy(listed)).toMatchObject({ exitCode: 0, output: result })
  })

  it.each([
    ['was skipped', step('runStep', 0, skipped)],
    ['never ran', step('runStep', -1)],
  ])('is the step that failed where the last one %s', async (_, last) => {
    expect(await toldBy([step('compareList', 161), last])).toMatchObject({ exitCode: 161 })
  })

  it('is asked for by the step’s name when it is long', async () => {
    ssm.on(GetCommandInvocationCommand, { PluginName: 'runStep' }).resolves({ StandardOutputContent: 'whole' })
    expect(await toldBy([step('patch', 0), step('runStep', 0, `{${'x'.repeat(2_499)}`)])).toMatchObject({
      output: 'whole',
    })
  })
})

describe('5.1 the inventory of Windows nodes', () => {
  it('tells which updates a node has, beside versions of packages', async () => {
    const entity = (Id: string, TypeName: string, Content: Record<string, string>[]) => ({
      Id,
      Data: { [TypeName]: { TypeName, SchemaVersion: '1.0', Content } },
    })
    const filtered = (Key: string, Values: string[]) => ({ Filters: [{ Key, Values, Type: 'Equal' as const }] })
    ssm.on(GetInventoryCommand, filtered('AWS:WindowsUpdate.HotFixId', ['KB5034127'])).resolves({
      Entities: [entity('i-1', 'AWS:WindowsUpdate', [{ HotFixId: 'KB890830' }, { HotFixId: 'KB5034127' }])],
    })
    ssm.on(GetInventoryCommand, filtered('AWS:Application.Name', ['snapd'])).resolves({
      Entities: [entity('i-2', 'AWS:Application', [{ Name: 'snapd', Version: '2.63' }])],
    })
    expect(await ssmNodes(client).installed(['snapd', 'KB5034127'])).toEqual(
      new Map([
        ['i-1', { KB5034127: 'installed' }],
        ['i-2', { snapd: '2.63' }],
      ]),
    )
  })
})
