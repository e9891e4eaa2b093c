/** Brings the assets in the ledger up to what SSM tells, and says what nobody manages. */
import { DrydockError } from '../kit/errors.ts'
import { canonicalJson } from '../kit/json.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Ledger, Move, Stored } from '../kit/ledger.ts'
import type { Clock, Ids, Metrics } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { assetOf } from './assets.ts'
import { type Asset, AssetRecord } from './catalogue.ts'
import type { Nodes } from './ports.ts'

export interface SyncPorts {
  readonly ledger: Ledger
  readonly nodes: Nodes
  readonly clock: Clock
  readonly ids: Ids
  readonly metrics: Metrics
  readonly account: string
  readonly region: string
}

/** Moves in one transaction, under DynamoDB's 100. */
const batchMax = 90

export async function syncAssets(
  packageNames: readonly string[],
  ports: SyncPorts,
): Promise<{ seen: number; moved: number; refused: number }> {
  const { ledger, nodes, clock, metrics, account, region } = ports
  const seenAt = isoInstant(clock.nowMs())
  const [facts, installed, known] = await Promise.all([
    nodes.all(),
    packageNames.length > 0 ? nodes.installed(packageNames) : new Map<string, Record<string, string>>(),
    ledger.list(AssetRecord, lists.assets),
  ])
  const knownById = new Map(known.map((asset) => [asset.value.hostId, asset]))
  const assets: Asset[] = []
  let refused = 0
  for (const node of facts) {
    const packages = {
      ...knownById.get(node.hostId)?.value.packages,
      ...withoutGone(packageNames),
      ...installed.get(node.hostId),
    }
    const asset = assetOf(node, Object.fromEntries(Object.entries(packages).filter(([, version]) => version !== '')), {
      account,
      region,
      seenAt,
    })
    if ('refused' in asset) refused++
    else assets.push(asset)
  }
  const seen = new Set(assets.map(({ hostId }) => hostId))
  const silent = known
    .filter(({ value }) => !seen.has(value.hostId) && value.isOnline)
    .map(({ value }) => ({ ...value, isOnline: false }))
  const changed = [...assets, ...silent].filter((asset) => differs(knownById.get(asset.hostId), asset))
  for (let start = 0; start < changed.length; start += batchMax)
    await commitBatch(changed.slice(start, start + batchMax), knownById, seenAt, ports)
  metrics.count(
    'NodesUnassigned',
    assets.filter(({ services, isManaged }) => services.length === 0 || !isManaged).length,
  )
  metrics.count('NodesRefused', refused)
  return { seen: assets.length, moved: changed.length, refused }
}

/** A package that is no longer reported is no longer installed. */
const withoutGone = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, '']))

function differs(known: Stored<Asset> | undefined, now: Asset): boolean {
  if (!known) return true
  const { seenAt: _, ...before } = known.value
  const { seenAt: __, ...after } = now
  return canonicalJson(before) !== canonicalJson(after)
}

async function commitBatch(
  assets: readonly Asset[],
  known: ReadonlyMap<string, Stored<Asset>>,
  at: string,
  { ledger, ids, account }: SyncPorts,
) {
  const moves = assets.map(
    (asset): Move => ({
      kind: 'asset',
      key: keys.asset(asset.hostId),
      from: known.get(asset.hostId)?.version ?? 0,
      value: asset,
      list: { pk: lists.assets, sk: asset.hostId },
    }),
  )
  const evidence = {
    leafId: ids.next(),
    at,
    type: 'asset.synced',
    account,
    changeId: 'none',
    actor: 'drydock',
    body: { hosts: assets.map(({ hostId, services, isOnline }) => ({ hostId, services, isOnline })) },
  }
  const result = await ledger.commit({ moves, evidence: [evidence] })
  if (!('committed' in result))
    throw new DrydockError(
      'DD1401',
      `asset ${result.conflict.pk} was moved by another sync at the same moment; the next one settles it`,
    )
}
