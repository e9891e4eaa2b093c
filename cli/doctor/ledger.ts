/** What the ledger says about the hub: catalogue, nodes, feeds, the pull from Inspector, evidence, the kill switch. */

import { CatalogueRecord, PolicyRecord } from '../../functions/catalogue/index.ts'
import { StopRecord } from '../../functions/changes/index.ts'
import { EvidenceHeadRecord } from '../../functions/evidence/index.ts'
import { FindingPullRecord } from '../../functions/intake/index.ts'
import { FeedRecord } from '../../functions/intel/index.ts'
import { AssetRecord } from '../../functions/inventory/index.ts'
import { keys, lists } from '../../functions/kit/keys.ts'
import type { Ledger } from '../../functions/kit/ledger.ts'
import { readPage } from '../../functions/kit/list-page.ts'
import { MigrationsRecord, migrations, pendingOf } from '../../functions/migrations/index.ts'
import { type Check, fail, ok, warn } from './check.ts'

const hourMs = 3_600_000
const feeds = ['kev', 'epss', 'vulnrichment'] as const
/** Without a policy. */
const feedAgeHoursDefault = 72
/** The schedule pulls every ten minutes and records a pull without news every six hours. */
const pullAgeHoursMax = 7

/** Nodes whose tags are looked at. */
const nodesLookedAt = 500

const hoursSince = (iso: string, nowMs: number) => (nowMs - Date.parse(iso)) / hourMs
const shownHours = (hours: number) => `${hours.toFixed(1)} h ago`

export async function checkLedger(ledger: Ledger, nowMs: number): Promise<readonly Check[]> {
  const [shapes, settings, nodes, feedChecks, pull, evidence, stop] = await Promise.all([
    checkShapes(ledger),
    checkSettings(ledger),
    checkNodes(ledger),
    checkFeeds(ledger, nowMs),
    checkPull(ledger, nowMs),
    checkEvidence(ledger),
    checkStop(ledger),
  ])
  return [shapes, ...settings, ...nodes, ...feedChecks, pull, evidence, stop]
}

/** Whether records are still in the shapes of an older Drydock, which this one cannot read. */
async function checkShapes(ledger: Ledger): Promise<Check> {
  const name = 'records'
  const known = (await ledger.read(MigrationsRecord, keys.migrations()))?.value
  const pending = pendingOf(known, migrations).map(({ id }) => id)
  const mend = 'drydock migrate --as YOU, docs/guides/migrating.md'
  if (known?.run) return fail(name, `a migration (${known.run.direction}) was interrupted`, mend)
  return pending.length === 0
    ? ok(name, 'in the shapes of this version')
    : warn(name, `not migrated through ${pending.join(', ')}`, mend)
}

async function checkSettings(ledger: Ledger): Promise<readonly Check[]> {
  const load = 'drydock catalogue load catalogue.yaml policy.yaml --as YOU'
  const catalogue = await ledger.read(CatalogueRecord, keys.catalogue())
  const policy = await ledger.read(PolicyRecord, keys.policy())
  return [
    catalogue ? ok('catalogue', `${catalogue.value.services.length} services`) : fail('catalogue', 'none', load),
    policy ? ok('policy', policy.value.risk.tables.join(', ')) : fail('policy', 'none', load),
  ]
}

async function checkNodes(ledger: Ledger): Promise<readonly Check[]> {
  const { values: assets, next } = await readPage(ledger, AssetRecord, lists.assets, { limit: nodesLookedAt })
  const more = next === undefined ? '' : ', the first of more'
  if (assets.length === 0)
    return [fail('nodes known', '0', 'wait for the inventory (every 30 minutes), or tag nodes patch-managed=true')]
  const untagged = assets.filter(({ services, stage }) => services.length === 0 || stage === undefined)
  const tagged = `${assets.length - untagged.length} of ${assets.length}${more}`
  const some = untagged
    .slice(0, 3)
    .map(({ hostId }) => hostId)
    .join(', ')
  return [
    ok('nodes known', `${assets.length}${more}`),
    untagged.length === 0
      ? ok('nodes with service and stage', tagged)
      : warn('nodes with service and stage', tagged, `tag ${some} with patch-service and patch-stage`),
  ]
}

async function checkFeeds(ledger: Ledger, nowMs: number): Promise<readonly Check[]> {
  const policy = await ledger.read(PolicyRecord, keys.policy())
  const hoursMax = policy?.value.risk.feedAgeHoursMax ?? feedAgeHoursDefault
  const read = await Promise.all(feeds.map((feed) => ledger.read(FeedRecord, keys.feed(feed))))
  return feeds.map((feed, index) => {
    const name = `feed ${feed}`
    const known = read[index]?.value
    const mend = `check its address, then invoke RefreshFeedFunction with {"feed":"${feed}"}`
    // Nothing can be decided without KEV; the other feeds have a rule for missing data.
    if (!known || known.version === '') return (feed === 'kev' ? fail : warn)(name, 'never loaded', mend)
    const hours = hoursSince(known.checkedAt, nowMs)
    const found = `${known.version}, confirmed ${shownHours(hours)}`
    if (hours > hoursMax) return fail(name, `${found}, more than ${hoursMax} h`, mend)
    if (known.failures > 0)
      return warn(name, `${found}, ${known.failures} failures: ${known.lastFailure ?? 'no reason'}`, mend)
    return ok(name, found)
  })
}

async function checkPull(ledger: Ledger, nowMs: number): Promise<Check> {
  const name = 'pull from Inspector'
  const pull = (await ledger.read(FindingPullRecord, keys.findingPull()))?.value
  const mend = 'docs/guides/runbook.md#intake-pull-findings, or pullFindings: false without Inspector'
  if (!pull) return warn(name, 'never ran', mend)
  const hours = hoursSince(pull.pulledAt, nowMs)
  const found = `up to ${pull.doneUntil ?? 'nothing yet'}, ran ${shownHours(hours)}`
  if (pull.failures > 0) return fail(name, `${found}, ${pull.failures} failures: ${pull.lastFailure ?? ''}`, mend)
  return hours > pullAgeHoursMax ? fail(name, found, mend) : ok(name, found)
}

async function checkEvidence(ledger: Ledger): Promise<Check> {
  const head = (await ledger.read(EvidenceHeadRecord, keys.evidenceHead()))?.value
  if (head?.lastError !== undefined)
    return fail('evidence log', head.lastError, `docs/errors/${head.lastError.slice(0, 6)}.md; rollouts are held`)
  return ok('evidence log', head ? `${head.size} leaves` : 'empty')
}

async function checkStop(ledger: Ledger): Promise<Check> {
  const stop = (await ledger.read(StopRecord, keys.stop()))?.value
  if (!stop || (!stop.all && stop.changeIds.length === 0)) return ok('kill switch', 'off')
  const scope = stop.all ? 'everything' : stop.changeIds.join(', ')
  return warn(
    'kill switch',
    `stops ${scope}: ${stop.because} (${stop.by})`,
    'drydock stop --all --lift when it is over',
  )
}
