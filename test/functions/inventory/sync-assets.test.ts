import { describe, expect, it } from 'vitest'
import { AssetRecord } from '../../../functions/inventory/asset.ts'
import type { NodeFacts } from '../../../functions/inventory/ports.ts'
import { syncAssets } from '../../../functions/inventory/sync.ts'
import { run } from '../../../functions/inventory/sync-assets.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'

const hostId = (number: number) => `i-${String(number).padStart(17, '0')}`
const anyNode = (node: Partial<NodeFacts> = {}): NodeFacts => ({
  hostId: hostId(1),
  platformName: 'Ubuntu',
  platformType: 'Linux',
  agentVersion: '3.3.2746.0',
  isOnline: true,
  tags: { 'patch-managed': 'true', 'patch-service': 'web', 'patch-stage': 'dev', 'patch-zone': 'a' },
  ...node,
})

function anyWorld(nodes: readonly NodeFacts[] = [anyNode()]) {
  const ledger = memoryLedger()
  const clock = fixedClock(Date.UTC(2026, 0, 1))
  const counted: Record<string, number> = {}
  const asked: string[][] = []
  const world = { nodes, installed: new Map([[hostId(1), { snapd: '2.63', kernel: '5.1' }]]) }
  const ports = {
    ledger,
    clock,
    ids: sequentialIds(),
    account: '123456789012',
    metrics: {
      count: (name: string, by = 1) => {
        counted[name] = (counted[name] ?? 0) + by
      },
    },
    inventory: {
      account: '123456789012',
      region: 'eu-central-1',
      nodes: {
        all: async () => world.nodes,
        installed: async (names: readonly string[]) => {
          asked.push([...names])
          return world.installed
        },
      },
    },
  }
  const assets = async () => (await ledger.list(AssetRecord, lists.assets)).map(({ value }) => value)
  return { ...ports, ports, world, counted, asked, assets }
}

type World = ReturnType<typeof anyWorld>
const inventoryOf = ({ inventory }: World['ports'], nodes: Partial<World['ports']['inventory']['nodes']>) => ({
  ...inventory,
  nodes: { ...inventory.nodes, ...nodes },
})

describe('11.1 syncAssets', () => {
  it('records a node with its services, stage, zone and the packages asked for, and leaves evidence', async () => {
    const { ports, assets, ledger, asked } = anyWorld()
    expect(await syncAssets(['snapd'], ports)).toEqual({ seen: 1, moved: 1, refused: 0 })
    expect(await assets()).toMatchObject([
      {
        hostId: hostId(1),
        services: ['web'],
        stage: 'dev',
        zone: 'a',
        platform: 'ubuntu',
        packages: { snapd: '2.63' },
      },
    ])
    expect(asked[0]).toContain('linux-image-aws')
    expect(ledger.outbox()).toMatchObject([{ type: 'asset.synced', body: { hosts: [{ hostId: hostId(1) }] } }])
  })

  it('writes nothing when nothing changed, and once an hour that the node was seen', async () => {
    const { ports, clock, ledger, assets } = anyWorld()
    await syncAssets([], ports)
    clock.advance(59 * 60_000)
    expect(await syncAssets([], ports)).toMatchObject({ moved: 0 })
    expect(ledger.outbox()).toHaveLength(1)
    clock.advance(60_000)
    expect(await syncAssets([], ports)).toMatchObject({ moved: 1 })
    expect((await assets())[0]?.seenAt).toBe('2026-01-01T01:00:00.000Z')
  })

  it('forgets a package that is gone', async () => {
    const { ports, world, assets } = anyWorld()
    await syncAssets(['snapd'], ports)
    world.installed = new Map()
    await syncAssets(['snapd'], ports)
    expect((await assets())[0]?.packages).toEqual({})
  })

  it('I2 keeps a node that is no longer reported, as offline', async () => {
    const { ports, world, assets } = anyWorld()
    await syncAssets([], ports)
    world.nodes = []
    await syncAssets([], ports)
    expect(await assets()).toMatchObject([{ hostId: hostId(1), isOnline: false }])
  })

  it('shows nodes without a service or not managed, and counts them', async () => {
    const { ports, counted, assets } = anyWorld([
      anyNode({ tags: {} }),
      anyNode({ hostId: hostId(2), tags: { 'patch-service': 'web, web,Not A Name,api' } }),
    ])
    await syncAssets([], ports)
    expect(counted).toMatchObject({ NodesUnassigned: 2 })
    expect(await assets()).toMatchObject([
      { services: [], isManaged: false, zone: 'unknown' },
      { services: ['web', 'api'], isManaged: false },
    ])
  })

  it.each(['i-0abc; rm -rf /', 'i-0123456789abcdef', 'i-0123456789abcdef01', '', 'mi-XYZ'])(
    'B3 refuses the node id "%s" and counts it',
    async (odd) => {
      const { ports, counted, assets } = anyWorld([anyNode({ hostId: odd }), anyNode()])
      expect(await syncAssets([], ports)).toMatchObject({ seen: 1, refused: 1 })
      expect(counted).toMatchObject({ NodesRefused: 1 })
      expect(await assets()).toHaveLength(1)
    },
  )

  it.each([
    ['Amazon Linux', 'amazon-linux'],
    ['Red Hat Enterprise Linux', 'rhel'],
    ['Debian GNU/Linux', 'debian'],
    ['SLES', 'suse'],
    ['Microsoft Windows Server 2022', 'windows'],
    ['Plan 9', 'unknown'],
  ])('takes %s for %s', async (platformName, platform) => {
    const { ports, assets } = anyWorld([anyNode({ platformName })])
    await syncAssets([], ports)
    expect(await assets()).toMatchObject([{ platform }])
  })

  it('writes a fleet of 1,000 in transactions that DynamoDB takes', async () => {
    const { ports, ledger, assets } = anyWorld(
      Array.from({ length: 1_000 }, (_, index) => anyNode({ hostId: hostId(index) })),
    )
    expect(await syncAssets([], ports)).toMatchObject({ moved: 1_000 })
    expect(await assets()).toHaveLength(1_000)
    expect(ledger.outbox()).toHaveLength(12)
  })

  it('reads again when another sync was first, and keeps what that one saw later', async () => {
    const { ports, ledger, clock } = anyWorld([anyNode(), anyNode({ hostId: hostId(2) })])
    const other = { ...ports, clock: fixedClock(clock.nowMs() + 1_000) }
    let isFirst = true
    const raced: Ledger = {
      ...ledger,
      commit: async (transaction) => {
        if (isFirst) {
          isFirst = false
          await syncAssets([], {
            ...other,
            inventory: inventoryOf(ports, { all: async () => [anyNode({ agentVersion: '9' })] }),
          })
        }
        return ledger.commit(transaction)
      },
    }
    await syncAssets([], { ...ports, ledger: raced })
    expect((await ledger.read(AssetRecord, keys.asset(hostId(1))))?.value.agentVersion).toBe('9')
    expect((await ledger.read(AssetRecord, keys.asset(hostId(2))))?.version).toBe(1)
  })

  it('gives up with DD1401 when others are always first', async () => {
    const { ports, ledger } = anyWorld()
    const busy: Ledger = { ...ledger, commit: async () => ({ conflict: keys.asset(hostId(1)) }) }
    await expect(syncAssets([], { ...ports, ledger: busy })).rejects.toThrow('DD1401')
  })

  it('I20 changes nothing when SSM does not answer', async () => {
    const { ports, ledger } = anyWorld()
    const inventory = inventoryOf(ports, { installed: () => Promise.reject(new Error('throttled')) })
    await expect(syncAssets([], { ...ports, inventory })).rejects.toThrow('throttled')
    expect(ledger.outbox()).toEqual([])
  })

  it('asks for kernels only, when no finding is open', async () => {
    const { ports, asked } = anyWorld()
    await run({}, { ...ports, inventories: [ports.inventory] })
    expect(asked[0]?.every((name) => name.includes('kernel') || name.startsWith('linux-image'))).toBe(true)
  })

  it.each<readonly [string, Partial<NodeFacts>, string]>([
    ['what EC2 says, whatever the tag says', { zone: 'eu-central-1b' }, 'eu-central-1b'],
    ['the tag of a hybrid node', { hostId: 'mi-00000000000000001' }, 'a'],
    ['a zone of its own where nobody says', { tags: { 'patch-service': 'web' } }, 'unknown'],
  ])('takes as zone %s', async (_, node, zone) => {
    const { ports, assets, counted } = anyWorld([anyNode(node)])
    await syncAssets([], ports)
    expect((await assets()).map((asset) => asset.zone)).toEqual([zone])
    expect(counted.NodesOfUnknownZone).toBe(zone === 'unknown' ? 1 : 0)
  })

  it('I15 F44 reads every account, keeps what an unreadable one had, and lets none take over a node of another', async () => {
    const { ports, assets, counted } = anyWorld()
    const spoke = (all: () => Promise<NodeFacts[]>) => ({
      account: '222222222222',
      region: 'eu-west-1',
      nodes: { ...ports.inventory.nodes, all },
    })
    const own = anyNode({ hostId: hostId(2) })
    const both = [ports.inventory, spoke(async () => [own, anyNode()])]
    expect(await run({}, { ...ports, inventories: both })).toEqual({ seen: 2, moved: 2, refused: 1 })
    expect(counted.NodesRefused).toBe(1)
    const denied = [spoke(() => Promise.reject(new Error('AccessDenied'))), ports.inventory]
    await expect(run({}, { ...ports, inventories: denied })).rejects.toThrow(
      'DD1402: inventories that were not read: 222222222222 in eu-west-1: AccessDenied',
    )
    expect((await assets()).map(({ hostId: id, account, isOnline }) => [id, account, isOnline])).toEqual([
      [hostId(1), '123456789012', true],
      [hostId(2), '222222222222', true],
    ])
  })
})
