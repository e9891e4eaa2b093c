/** Updates the ledger's assets from SSM, and reports unmanaged nodes. */

import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger, Move, Stored } from '../kit/ledger.ts'
import type { Clock, Ids, Metrics } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant, msBetween } from '../kit/time.ts'
import { type Asset, AssetRecord } from './asset.ts'
import { assetOf, unknownZone } from './assets.ts'
import type { Inventory, NodeFacts } from './ports.ts'

export interface SyncPorts {
  readonly ledger: Ledger
  readonly inventory: Inventory
  readonly clock: Clock
  readonly ids: Ids
  readonly metrics: Metrics
  /** The hub's, which evidence names. */
  readonly account: string
}

/** Moves in one transaction, under DynamoDB's 100. */
const batchMax = 90
/** A node without changes is rewritten at most this often. */
const seenAgainMinutes = 60
/** Packages kept for every node besides those that findings name. */
const kernelPackages = [
  'kernel',
  'kernel-core',
  'kernel-default',
  'linux-image-amd64',
  'linux-image-aws',
  'linux-image-generic',
]

/**
 * Reads every node of one account and region and writes those that changed.
 *
 * @param packageNames packages that open findings name: only these and kernels are stored.
 * @throws DrydockError DD1401 when others moved the same assets at every try.
 */
export async function syncAssets(
  packageNames: readonly string[],
  ports: SyncPorts,
): Promise<{ seen: number; moved: number; refused: number }> {
  const { ledger, inventory, clock, metrics } = ports
  const { nodes } = inventory
  const seenAt = isoInstant(clock.nowMs())
  const [facts, installed, listed] = await Promise.all([
    nodes.all(),
    nodes.installed([...new Set([...packageNames, ...kernelPackages])].sort()),
    ledger.list(AssetRecord, lists.assets),
  ])
  const knownById = new Map(listed.map((asset) => [asset.value.hostId, asset]))
  const isHere = (asset: Asset) => asset.account === inventory.account && asset.region === inventory.region
  // I15: an account cannot take over a node that is online in another.
  const isElsewhere = ({ hostId }: NodeFacts) => {
    const asset = knownById.get(hostId)?.value
    return asset?.isOnline === true && !isHere(asset)
  }
  const own = facts.filter((node) => !isElsewhere(node))
  const read = assetsOf(own, installed, seenAt, inventory)
  const { assets } = read
  const refused = read.refused + facts.length - own.length
  const seen = new Set(assets.map(({ hostId }) => hostId))
  const silent = listed
    .filter(({ value }) => isHere(value) && !seen.has(value.hostId) && value.isOnline)
    .map(({ value }) => ({ ...value, isOnline: false }))
  const changed = [...assets, ...silent].filter((asset) => differs(knownById.get(asset.hostId), asset))
  for (let start = 0; start < changed.length; start += batchMax)
    await commitBatch(changed.slice(start, start + batchMax), knownById, seenAt, ports)
  metrics.count(
    'NodesUnassigned',
    assets.filter(({ services, isManaged }) => services.length === 0 || !isManaged).length,
  )
  metrics.count('NodesRefused', refused)
  metrics.count('NodesOfUnknownZone', assets.filter(({ zone }) => zone === unknownZone).length)
  return { seen: assets.length, moved: changed.length, refused }
}

/**
 * Syncs one inventory after the other.
 *
 * @throws DrydockError DD1402 at the end, if some could not be read or written; it names them.
 */
export async function syncAll(
  packageNames: readonly string[],
  inventories: readonly Inventory[],
  ports: Omit<SyncPorts, 'inventory'>,
): Promise<{ seen: number; moved: number; refused: number }> {
  const total = { seen: 0, moved: 0, refused: 0 }
  const faults: string[] = []
  for (const inventory of inventories) {
    try {
      const { seen, moved, refused } = await syncAssets(packageNames, { ...ports, inventory })
      total.seen += seen
      total.moved += moved
      total.refused += refused
    } catch (error) {
      if (inventories.length === 1) throw error
      faults.push(
        `${inventory.account} in ${inventory.region}: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  if (faults.length > 0) throw new DrydockError('DD1402', `inventories that were not read: ${faults.join('; ')}`)
  return total
}

function assetsOf(
  facts: readonly NodeFacts[],
  installed: ReadonlyMap<string, Readonly<Record<string, string>>>,
  seenAt: string,
  { account, region }: Inventory,
): { readonly assets: Asset[]; readonly refused: number } {
  // A node on two pages counts once, as on the later page.
  const byId = new Map(facts.map((node) => [node.hostId, node]))
  const read = [...byId.values()].map((node) =>
    assetOf(node, installed.get(node.hostId) ?? {}, { account, region, seenAt }),
  )
  const assets = read.flatMap((asset) => ('refused' in asset ? [] : [asset]))
  return { assets, refused: read.length - assets.length }
}

function differs(known: Stored<Asset> | undefined, now: Asset): boolean {
  if (!known) return true
  const { seenAt: seenBefore, ...before } = known.value
  const { seenAt, ...after } = now
  if (canonicalJson(before) !== canonicalJson(after)) return true
  return msBetween(seenBefore, seenAt) >= seenAgainMinutes * 60_000
}

async function commitBatch(
  changed: readonly Asset[],
  known: ReadonlyMap<string, Stored<Asset>>,
  at: string,
  ports: SyncPorts,
) {
  const { ledger } = ports
  let assets = changed
  let versions = new Map(assets.map(({ hostId }) => [hostId, known.get(hostId)?.version ?? 0]))
  const what = `one of the assets from ${changed[0]?.hostId} on`
  await retried({ code: 'DD1401', what, advice: 'the next sync settles it' }, async () => {
    if (assets.length === 0) return 'settled'
    const body = { hosts: assets.map(({ hostId, services, isOnline }) => ({ hostId, services, isOnline })) }
    const result = await ledger.commit({
      moves: assets.map((asset) => moveOf(asset, versions.get(asset.hostId) ?? 0)),
      evidence: [{ ...evidenceBy(ports, at), type: 'asset.synced', changeId: 'none', body }],
    })
    if ('committed' in result) return 'committed'
    const now = await readAgain(assets, ledger)
    assets = assets.filter(({ hostId }) => (now.get(hostId)?.value.seenAt ?? '') <= at)
    versions = new Map(assets.map(({ hostId }) => [hostId, now.get(hostId)?.version ?? 0]))
    return undefined
  })
}

/** The list is eventually consistent, a read by key is not. What another sync saw later stays. */
async function readAgain(assets: readonly Asset[], ledger: Ledger): Promise<Map<string, Stored<Asset> | undefined>> {
  const read = assets.map(async ({ hostId }) => [hostId, await ledger.read(AssetRecord, keys.asset(hostId))] as const)
  return new Map(await Promise.all(read))
}

const moveOf = (asset: Asset, from: number): Move => ({
  kind: AssetRecord.kind,
  key: keys.asset(asset.hostId),
  from,
  value: asset,
  list: { pk: lists.assets, sk: asset.hostId },
})
