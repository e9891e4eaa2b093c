import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { documentContent } from '../../documents/index.ts'
import { ssmCommands } from '../../functions/aws/commands.ts'
import type { Spoke } from '../../functions/aws/configuration.ts'
import { ssmInventories } from '../../functions/aws/inventory.ts'
import { clientsByAccess } from '../../functions/aws/spoke-access.ts'
import type { Places } from '../../functions/aws/spokes.ts'
import { ec2Zones } from '../../functions/aws/zones.ts'
import { type FleetServer, startFleetServer } from '../../local/fleet-server.ts'
import { defaultFleet, localSpokes, spokeAccount, withSpoke } from '../../simulator/fleet/default-fleet.ts'
import { readDocument } from '../../simulator/fleet/documents.ts'
import { accountOf } from '../../simulator/fleet/model.ts'
import { anyIntent, findOne } from './commands.ts'

const servers: FleetServer[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const changeId = '01J0000000000000000000CHNG'
const access = { account: spokeAccount, region: 'eu-central-1', changeId, planHash: 'a'.repeat(64) }
const inSpoke = (fleet: ReturnType<typeof defaultFleet>) =>
  fleet.describeNodes(spokeAccount).map(({ hostId }) => hostId)

/** The clients that Lambda would have: credentials and endpoints from the environment alone. */
async function served(spokes: readonly Spoke[] = localSpokes) {
  const fleet = withSpoke(defaultFleet(7, 100))
  const server = await startFleetServer({ fleet, onEvent: () => undefined })
  servers.push(server)
  for (const service of ['SSM', 'STS', 'EC2']) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, server.address)
  const places: Places = { account: '123456789012', region: 'eu-central-1', partition: 'aws', spokes: [...spokes] }
  return { fleet, server, places, commands: ssmCommands(clientsByAccess(places), 'output') }
}

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local')
})

describe('5.1 nodes of a spoke', () => {
  it('are patched through the role of their account, assumed once for the change and named after it', async () => {
    const { fleet, commands } = await served()
    const install = {
      step: 'install',
      document: pinOf(fleet, 'Drydock-Install'),
      hostIds: inSpoke(fleet),
      access,
    } as const
    const sent = await commands.send(anyIntent(fleet, install))
    if (!('commandId' in sent)) throw new Error(sent.detail)
    await vi.waitFor(async () => {
      const invocations = await commands.invocations(sent.commandId, access)
      expect(invocations.map(({ status }) => status)).toEqual(['Success', 'Success'])
    }, 5_000)
    for (const node of fleet.describeNodes(spokeAccount)) expect(node.packages.snapd).toBe('2.63+22.04ubuntu0.1')
    expect(fleet.sessions.assumed).toEqual([
      { account: spokeAccount, role: 'drydock-patch-eu-central-1', name: `drydock-${changeId}` },
    ])
  })

  it('are out of reach of the hub’s own credentials, and the hub’s nodes of the spoke’s', async () => {
    const { fleet, commands } = await served()
    expect(await commands.send(anyIntent(fleet, { hostIds: inSpoke(fleet) }))).toMatchObject({
      refused: 'invalid-instance',
    })
    const own = fleet
      .describeNodes('123456789012')
      .slice(0, 1)
      .map(({ hostId }) => hostId)
    expect(await commands.send(anyIntent(fleet, { hostIds: own, access }))).toMatchObject({
      refused: 'invalid-instance',
    })
  })

  it('F44 get nothing with a wrong external id or without a spoke in the configuration, and nobody else is hurt', async () => {
    const wrong = await served(localSpokes.map((spoke) => ({ ...spoke, externalId: 'another-external-id' })))
    expect(await wrong.commands.send(anyIntent(wrong.fleet, { hostIds: inSpoke(wrong.fleet), access }))).toMatchObject({
      refused: 'unavailable',
      detail: expect.stringContaining('sts:AssumeRole'),
    })
    expect(await wrong.commands.send(anyIntent(wrong.fleet))).toHaveProperty('commandId')
    const none = await served([])
    expect(await none.commands.send(anyIntent(none.fleet, { hostIds: inSpoke(none.fleet), access }))).toMatchObject({
      refused: 'unavailable',
      detail: expect.stringContaining('DD1006'),
    })
    expect(none.fleet.sendCommandCount).toBe(0)
  })

  it('F8 have their orphans found in their own account', async () => {
    const { fleet, commands } = await served()
    const intent = anyIntent(fleet, { hostIds: inSpoke(fleet), access })
    const sent = await commands.send(intent)
    expect(await findOne(commands, intent.intentId, access)).toBe('commandId' in sent ? sent.commandId : '')
    expect(await findOne(commands, intent.intentId)).toBeUndefined()
  })

  it('B43 get the pinned document by its hash, whatever number it has there, and no other one', async () => {
    const { fleet, commands } = await served()
    const intent = anyIntent(fleet, { hostIds: inSpoke(fleet), access })
    const content = JSON.stringify(documentContent('Drydock-Precheck'))
    const again = readDocument('Drydock-Precheck', content, '2')
    const other = readDocument('Drydock-Precheck', content.replace('disk', 'disc'), '3')
    if (!again || !other) throw new Error('the documents cannot be read')
    for (const document of [again, other]) fleet.documents.set('Drydock-Precheck', document)
    fleet.documents.setDefault('Drydock-Precheck', '2')
    const sent = await commands.send(intent)
    expect(fleet.commands.get('commandId' in sent ? sent.commandId : '')?.documentVersion).toBe('2')
    fleet.documents.setDefault('Drydock-Precheck', '3')
    expect(await commands.send(anyIntent(fleet, { ...intent, intentId: intent.intentId }))).toMatchObject({
      refused: 'hash-mismatch',
    })
  })

  it('have their role assumed again shortly before the session ends', async () => {
    const { fleet, commands } = await served()
    fleet.sessions.secondsMax = 120
    await findOne(commands, 'none', access)
    await findOne(commands, 'none', access)
    expect(fleet.sessions.assumed.length).toBeGreaterThan(1)
  })
})

describe('11.1 inventories', () => {
  it('hold each account’s own nodes, with the zones that EC2 tells', async () => {
    const { fleet, places } = await served()
    const inventories = await Promise.all(
      ssmInventories(places, ec2Zones).map(async ({ account, nodes }) => ({ account, nodes: await nodes.all() })),
    )
    expect(inventories.map(({ account, nodes }) => [account, nodes.length])).toEqual([
      ['123456789012', 58],
      [spokeAccount, 2],
    ])
    for (const { account, nodes } of inventories)
      for (const { hostId, zone } of nodes) {
        const node = fleet.nodes.get(hostId)
        expect([node && accountOf(node), node?.zone]).toEqual([account, zone])
      }
    expect(fleet.sessions.assumed.every(({ role }) => role === 'drydock-inventory-eu-central-1')).toBe(true)
  })

  it('tell what is installed when it is asked for, before any sync', async () => {
    const { fleet, places } = await served()
    const [hub, spoke] = await Promise.all(ssmInventories(places).map(({ nodes }) => nodes.installed(['snapd'])))
    for (const hostId of inSpoke(fleet)) expect(spoke?.get(hostId)).toEqual({ snapd: '2.63' })
    expect(inSpoke(fleet).filter((hostId) => hub?.has(hostId))).toEqual([])
  })

  it('F44 fail alone when their account is out of reach', async () => {
    const { places } = await served(localSpokes.map((spoke) => ({ ...spoke, externalId: 'another-external-id' })))
    const [hub, spoke] = ssmInventories(places)
    expect((await hub?.nodes.installed(['snapd']))?.size).toBeGreaterThan(0)
    await expect(spoke?.nodes.installed(['snapd'])).rejects.toThrow('sts:AssumeRole')
  })
})

function pinOf(fleet: ReturnType<typeof defaultFleet>, name: string) {
  const document = fleet.documents.get(name)
  return { name, version: document?.version ?? '1', hash: document?.hash ?? '' }
}
