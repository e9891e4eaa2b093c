import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AddTagsToResourceCommand,
  CancelCommandCommand,
  CreateDocumentCommand,
  DescribeDocumentCommand,
  DescribeInstancePatchStatesCommand,
  GetCalendarStateCommand,
  GetCommandInvocationCommand,
  GetDocumentCommand,
  InvalidDocument,
  InvalidInstanceId,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  ListTagsForResourceCommand,
  paginateDescribeInstanceInformation,
  paginateListCommandInvocations,
  SendCommandCommand,
  type SendCommandCommandInput,
  SSMClient,
  SSMServiceException,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from '@aws-sdk/client-ssm'
import { afterEach, describe, expect, it } from 'vitest'
import { documentContent } from '../../documents/index.ts'
import { ssmDocumentPins } from '../../functions/aws/document-pins.ts'
import { ssmNodes } from '../../functions/aws/nodes.ts'
import { ec2Zones } from '../../functions/aws/zones.ts'
import { type FleetServer, startFleetServer } from '../../local/fleet-server.ts'
import type { BusEvent } from '../../simulator/cloud.ts'
import { defaultFleet } from '../../simulator/fleet/default-fleet.ts'
import { commandEventOf, eventOf } from '../../simulator/fleet/events.ts'
import type { Limit } from '../../simulator/fleet/throttle.ts'
import { fleetNodes } from '../../simulator/ports/fleet.ts'
import { sharedSamples } from '../shared-samples.ts'

const servers: FleetServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const clientOf = ({ address }: FleetServer) =>
  new SSMClient({
    endpoint: address,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })

async function start(limits: Readonly<Record<string, Limit>> = {}) {
  const fleet = defaultFleet(7, 100, limits)
  const events: BusEvent[] = []
  const server = await startFleetServer({ fleet, onEvent: (event) => events.push(event) })
  servers.push(server)
  return { fleet, events, server, client: clientOf(server), hostId: fleet.describeNodes()[5]?.hostId ?? '' }
}

const anySend = (hostId: string, changes: Partial<SendCommandCommandInput> = {}) =>
  new SendCommandCommand({
    DocumentName: 'Drydock-Precheck',
    InstanceIds: [hostId],
    Parameters: {
      changeId: ['01J0000000000000000000CHNG'],
      intentId: ['01J0000000000000000000NTNT'],
      packages: ['snapd=2.64'],
    },
    ...changes,
  })

const nameOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof SSMServiceException ? error.name : String(error)),
  )

describe("the simulator speaks SSM's protocol to the AWS SDK", () => {
  it('runs a command to its end', async () => {
    const { client, hostId, events } = await start()
    const { Command } = await client.send(anySend(hostId, { Comment: 'drydock:x' }))
    expect(Command).toMatchObject({ Status: 'Pending', Comment: 'drydock:x', TargetCount: 1 })
    const id = { CommandId: Command?.CommandId ?? '', InstanceId: hostId }
    await expect.poll(async () => (await client.send(new GetCommandInvocationCommand(id))).Status).toBe('Success')
    const one = await client.send(new GetCommandInvocationCommand(id))
    expect(JSON.parse(one.StandardOutputContent ?? '')).toMatchObject({ step: 'precheck', ok: true })
    const { Commands = [] } = await client.send(new ListCommandsCommand({ CommandId: id.CommandId }))
    expect(Commands[0]).toMatchObject({ Status: 'Success', CompletedCount: 1, ErrorCount: 0 })
    expect(Commands[0]?.RequestedDateTime).toBeInstanceOf(Date)
    await expect.poll(() => events.length).toBe(1)
  })

  it('7.4 puts what a step printed into the bucket that the command names, whole, and tells where', async () => {
    const outputs: { bucket: string; key: string; text: string }[] = []
    const fleet = defaultFleet(7, 100)
    const server = await startFleetServer({ fleet, onEvent: () => undefined, onOutput: (one) => outputs.push(one) })
    servers.push(server)
    const client = clientOf(server)
    const hostId = fleet.describeNodes()[5]?.hostId ?? ''
    const place = { OutputS3BucketName: 'output', OutputS3KeyPrefix: 'commands/x' }
    const { Command } = await client.send(anySend(hostId, { DocumentName: 'Drydock-Collect', ...place }))
    await expect.poll(() => outputs.length).toBe(1)
    const [{ bucket, key, text } = { bucket: '', key: '', text: '' }] = outputs
    expect([bucket, key]).toEqual(['output', `commands/x/${Command?.CommandId}/${hostId}/awsrunShellScript/run/stdout`])
    const [, packed = ''] = text.split(/-----(?:BEGIN|END) DRYDOCK ARCHIVE-----/)
    expect(JSON.parse(Buffer.from(packed, 'base64').toString())).toMatchObject({ hostId })
    const { CommandInvocations = [] } = await client.send(
      new ListCommandInvocationsCommand({ CommandId: Command?.CommandId ?? '', Details: true }),
    )
    expect(CommandInvocations[0]?.StandardOutputUrl).toMatch(`/output/${key}`)
  })

  it('gives output only with Details, and of that 2,500 characters', async () => {
    const { client, hostId, fleet } = await start()
    const { Command } = await client.send(anySend(hostId))
    const CommandId = Command?.CommandId ?? ''
    await expect.poll(() => fleet.commands.get(CommandId)?.invocations[0]?.status).toBe('Success')
    const invocation = fleet.commands.get(CommandId)?.invocations[0]
    if (invocation) invocation.output = 'x'.repeat(30_000)
    const listed = async (Details: boolean) =>
      (await client.send(new ListCommandInvocationsCommand({ CommandId, Details }))).CommandInvocations?.[0]
    expect((await listed(false))?.CommandPlugins).toEqual([])
    expect((await listed(true))?.CommandPlugins?.[0]?.Output).toHaveLength(2_500)
    const one = await client.send(new GetCommandInvocationCommand({ CommandId, InstanceId: hostId }))
    expect(one.StandardOutputContent).toHaveLength(24_000)
  })

  it('pages', async () => {
    const { client, fleet } = await start()
    const InstanceIds = fleet
      .describeNodes()
      .slice(0, 50)
      .map(({ hostId }) => hostId)
    const { Command } = await client.send(anySend('', { InstanceIds }))
    const found: unknown[] = []
    const input = { CommandId: Command?.CommandId }
    for await (const page of paginateListCommandInvocations({ client, pageSize: 20 }, input))
      found.push(...(page.CommandInvocations ?? []))
    expect(found).toHaveLength(50)
    const nodes: unknown[] = []
    for await (const page of paginateDescribeInstanceInformation({ client }, {}))
      nodes.push(...(page.InstanceInformationList ?? []))
    expect(nodes).toHaveLength(60)
  })

  it.each<[string, Partial<SendCommandCommandInput>, string]>([
    ['51 hosts', { InstanceIds: Array.from({ length: 51 }, (_, index) => `i-${index}`) }, 'ValidationException'],
    ['no host', { InstanceIds: [] }, 'ValidationException'],
    ['an unknown host', { InstanceIds: ['i-0ffffffffffffffff'] }, 'InvalidInstanceId'],
    ['an unknown document', { DocumentName: 'AWS-RunShellScript' }, 'InvalidDocument'],
    ['an unknown version', { DocumentVersion: '7' }, 'InvalidDocumentVersion'],
    ['B43 another hash', { DocumentHash: 'f'.repeat(64), DocumentHashType: 'Sha256' }, 'InvalidDocument'],
    ['B1 a bad parameter', { Parameters: { packages: ['foo; curl x|sh'] } }, 'InvalidParameters'],
    ['a missing parameter', { Parameters: {} }, 'InvalidParameters'],
    ['an unknown parameter', { Parameters: { x: ['1'] } }, 'InvalidParameters'],
    ['a long comment', { Comment: 'x'.repeat(101) }, 'ValidationException'],
    ['a delivery timeout under 30 s', { TimeoutSeconds: 29 }, 'ValidationException'],
    ['a bad MaxErrors', { MaxErrors: '-1' }, 'ValidationException'],
  ])('refuses %s', async (_, changes, name) => {
    const { client, hostId, fleet } = await start()
    expect(await nameOf(client.send(anySend(hostId, changes)))).toBe(name)
    expect(fleet.commands.size).toBe(0)
  })

  it('throws the typed exceptions of the SDK', async () => {
    const { client } = await start()
    await expect(client.send(anySend('i-0ffffffffffffffff'))).rejects.toBeInstanceOf(InvalidInstanceId)
    await expect(client.send(new DescribeDocumentCommand({ Name: 'none' }))).rejects.toBeInstanceOf(InvalidDocument)
  })

  it('F24 throttles each operation on its own, and lets go again', async () => {
    const { client, hostId } = await start({ GetCommandInvocation: { perSecond: 20, burst: 1 } })
    const { Command } = await client.send(anySend(hostId))
    const get = () =>
      nameOf(client.send(new GetCommandInvocationCommand({ CommandId: Command?.CommandId, InstanceId: hostId })))
    expect(await Promise.all([get(), get()])).toEqual(expect.arrayContaining(['no error', 'ThrottlingException']))
    await expect.poll(get).toBe('no error')
  })

  it('F8 an answer that is lost has done its work', async () => {
    const { client, hostId, server, fleet } = await start()
    server.loseAnswers('SendCommand', 1)
    expect(await nameOf(client.send(anySend(hostId)))).not.toBe('no error')
    expect(fleet.commands.size).toBe(1)
  })

  it('knows what it does not have', async () => {
    const { client, hostId, server } = await start()
    const CommandId = '00000000-0000-4000-a000-000000000000'
    expect(await nameOf(client.send(new CancelCommandCommand({ CommandId })))).toBe('InvalidCommandId')
    expect(await nameOf(client.send(new ListCommandInvocationsCommand({ CommandId })))).toBe('InvalidCommandId')
    const { Command } = await client.send(anySend(hostId))
    const other = { CommandId: Command?.CommandId, InstanceId: 'i-0ffffffffffffffff' }
    expect(await nameOf(client.send(new GetCommandInvocationCommand(other)))).toBe('InvocationDoesNotExist')
    const call = (target: string, body: string) =>
      fetch(server.address, { method: 'POST', headers: { 'x-amz-target': target }, body })
    const unknown = await call('AmazonSSM.constructor', '{}')
    expect([unknown.status, unknown.headers.get('x-amzn-errortype')]).toEqual([400, 'UnknownOperationException'])
    expect(await (await call('AmazonSSM.SendCommand', '{')).json()).toMatchObject({ __type: 'SerializationException' })
  })
})

describe('documents', () => {
  const Name = 'Drydock-Example'
  const content = (description: string) => JSON.stringify({ ...documentContent('Drydock-Verify'), description })

  it('are created, versioned, made the default, and pinned by their hash', async () => {
    const { client } = await start()
    await client.send(new CreateDocumentCommand({ Name, Content: content('one') }))
    const pinned = await ssmDocumentPins(client).current(Name)
    await client.send(new UpdateDocumentCommand({ Name, Content: content('two'), DocumentVersion: '$LATEST' }))
    expect(await ssmDocumentPins(client).current(Name)).toEqual(pinned)
    await client.send(new UpdateDocumentDefaultVersionCommand({ Name, DocumentVersion: '2' }))
    const moved = await ssmDocumentPins(client).current(Name)
    expect([pinned?.version, moved?.version]).toEqual(['1', '2'])
    expect(moved?.hash).not.toBe(pinned?.hash)
    expect((await client.send(new GetDocumentCommand({ Name, DocumentVersion: '1' }))).Content).toBe(content('one'))
  })

  it('are refused when they are there, the same, or no documents', async () => {
    const { client } = await start()
    const create = (Content: string) => nameOf(client.send(new CreateDocumentCommand({ Name, Content })))
    expect(await create('{"schemaVersion":"0.3"}')).toBe('InvalidDocumentContent')
    expect(await create('no json')).toBe('InvalidDocumentContent')
    expect(await create(content('one'))).toBe('no error')
    expect(await create(content('one'))).toBe('DocumentAlreadyExists')
    const same = new UpdateDocumentCommand({ Name, Content: content('one') })
    expect(await nameOf(client.send(same))).toBe('DuplicateDocumentContent')
  })
})

describe('nodes', () => {
  it('are the same over SSM as in process', async () => {
    const { client, fleet, server } = await start()
    const zones = ec2Zones({
      endpoint: server.address,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    const names = ['snapd', 'openssl', 'curl', 'kernel']
    const byName = <Item extends { readonly hostId: string }>(items: readonly Item[]) =>
      items.toSorted((left, right) => (left.hostId < right.hostId ? -1 : 1))
    expect(byName(await ssmNodes(client, zones).all())).toEqual(byName(await fleetNodes(fleet).all()))
    const local = await fleetNodes(fleet).installed(names)
    expect(await ssmNodes(client).installed(names)).toEqual(local)
  })

  it('carry tags and patch states', async () => {
    const { client, hostId } = await start()
    const resource = { ResourceType: 'ManagedInstance', ResourceId: hostId } as const
    await client.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'patch-stage', Value: 'dev' }] }))
    const { TagList = [] } = await client.send(new ListTagsForResourceCommand(resource))
    expect(TagList).toContainEqual({ Key: 'patch-stage', Value: 'dev' })
    const states = await client.send(new DescribeInstancePatchStatesCommand({ InstanceIds: [hostId] }))
    expect(states.InstancePatchStates).toMatchObject([{ InstanceId: hostId, PatchGroup: 'dev' }])
    const calendar = await client.send(new GetCalendarStateCommand({ CalendarNames: ['any'] }))
    expect(calendar.State).toBe('OPEN')
  })

  it('answer probes while most of a service works', async () => {
    const { server, fleet } = await start()
    const status = async (service: string) => (await fetch(`${server.address}/probe/${service}`)).status
    expect([await status('db'), await status('nothing')]).toEqual([200, 503])
    for (const node of fleet.nodes.values()) if (node.tags['patch-service'] === 'db') node.isHealthy = false
    expect(await status('db')).toBe(503)
  })
})

describe("events have the shape of AWS's samples", () => {
  it.skipIf(!sharedSamples).each(['invocation', 'command'] as const)('%s events (needs ../shared)', async (kind) => {
    const { fleet, hostId } = await start()
    const file = { invocation: 'ssm-command-invocation-status-change-1', command: 'ssm-command-status-change-1' }[kind]
    const sample = JSON.parse(readFileSync(join(sharedSamples ?? '', `${file}.json`), 'utf8'))
    const commandId = fleet.uuid('x')
    const times = { requestedAtMs: 1, atMs: 2 }
    const facts = { commandId, documentName: 'd', hostId, status: 'Success', ...times } as const
    const command = {
      ...facts,
      account: '123456789012',
      documentVersion: '1',
      comment: '',
      parameters: {},
      timeoutSeconds: 30,
      concurrencyMax: '1',
      errorsMax: '0',
      invocations: [],
    }
    const event = kind === 'invocation' ? eventOf(facts) : commandEventOf(command)
    expect([event.Source, event.DetailType]).toEqual([sample.source, sample['detail-type']])
    expect(Object.keys(JSON.parse(event.Detail)).sort()).toEqual(Object.keys(sample.detail).sort())
  })
})
