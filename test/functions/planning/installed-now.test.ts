import { describe, expect, it } from 'vitest'
import type { Inventory } from '../../../functions/inventory/ports.ts'
import { installedNow } from '../../../functions/planning/installed-now.ts'
import { scopeOf } from '../../../functions/planning/scope.ts'
import { scenarioCatalogue } from '../../../local/scenario/seed.ts'
import { anyAsset } from './any-asset.ts'

const hub = '123456789012'
const spoke = '210987654321'
const region = 'eu-central-1'
const assets = [anyAsset({ hostId: 'i-00000001' }), anyAsset({ hostId: 'i-00000002', account: spoke })]

/** An inventory of one account that has one version everywhere, or fails. */
function anyInventory(account: string, versions: Readonly<Record<string, string>> | 'fails'): Inventory {
  const installed = async () => {
    if (versions === 'fails') throw new Error('not authorized to perform: sts:AssumeRole')
    return new Map(assets.filter((asset) => asset.account === account).map(({ hostId }) => [hostId, versions]))
  }
  return { account, region, nodes: { all: async () => [], installed } }
}
async function read(...inventories: Inventory[]) {
  const counted: string[] = []
  const metrics = { count: (name: string) => void counted.push(name) }
  return { ...(await installedNow(['snapd'], assets, { inventories, account: hub, metrics })), counted }
}

describe('5.1 installedNow', () => {
  it('tells what is installed in every account that has hosts', async () => {
    const { installed, unread, counted } = await read(
      anyInventory(hub, { snapd: '2.63' }),
      anyInventory(spoke, { snapd: '2.62' }),
    )
    expect(Object.fromEntries(installed)).toEqual({ 'i-00000001': { snapd: '2.63' }, 'i-00000002': { snapd: '2.62' } })
    expect([[...unread], counted]).toEqual([[], []])
  })

  it('I15 takes the word of an account about its own nodes alone', async () => {
    const boastful: Inventory = {
      account: spoke,
      region,
      nodes: {
        all: async () => [],
        installed: async () => new Map(assets.map(({ hostId }) => [hostId, { snapd: '9' }])),
      },
    }
    const { installed } = await read(anyInventory(hub, { snapd: '2.63' }), boastful)
    expect(Object.fromEntries(installed)).toEqual({ 'i-00000001': { snapd: '2.63' }, 'i-00000002': { snapd: '9' } })
  })

  it('asks no account without hosts', async () => {
    const elsewhere = anyInventory('333333333333', 'fails')
    const { unread } = await read(anyInventory(hub, {}), anyInventory(spoke, {}), elsewhere)
    expect([...unread]).toEqual([])
  })

  it.each([['cannot be read', [anyInventory(spoke, 'fails')]] as const, ['is no longer configured', []] as const])(
    'F44 I15 names the hosts of a spoke that %s, and tells the others',
    async (_, spokes) => {
      const { installed, unread, counted } = await read(anyInventory(hub, { snapd: '2.63' }), ...spokes)
      expect(counted).toEqual(['SpokesUnreachable'])
      expect([...installed.keys()]).toEqual(['i-00000001'])
      expect([...unread]).toEqual(['i-00000002'])
    },
  )

  it('I20 throws when the hub itself cannot be read', async () => {
    await expect(read(anyInventory(hub, 'fails'), anyInventory(spoke, {}))).rejects.toThrow('not authorized')
  })

  it('F44 I20 leaves such hosts out of a plan with the reason, whatever the ledger knew of them', () => {
    const [service] = scenarioCatalogue('http://127.0.0.1:1', { startMs: 0, endMs: 1 }).services.filter(
      ({ name }) => name === 'web',
    )
    if (!service) throw new Error('no web')
    const { hosts, excluded } = scopeOf({
      service,
      known: new Set(['web']),
      packages: [{ name: 'snapd', version: '2.64' }],
      assets,
      installed: new Map(),
      unread: new Set(['i-00000002']),
    })
    expect(hosts.map(({ asset }) => asset.hostId)).toEqual(['i-00000001'])
    expect(excluded).toEqual([
      { hostId: 'i-00000002', reason: `the inventory of account ${spoke} in ${region} could not be read` },
    ])
  })
})
