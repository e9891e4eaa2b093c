/** What an organisation would have set up before the first finding: catalogue, policy, inventory, feeds. */
import { readFileSync } from 'node:fs'
import { systemIds } from '../../functions/aws/runtime.ts'
import { type Catalogue, loadCatalogue, loadPolicy } from '../../functions/catalogue/index.ts'
import { DrydockError } from '../../functions/kit/errors.ts'
import { keys } from '../../functions/kit/keys.ts'
import { isoInstant } from '../../functions/kit/time.ts'
import type { LocalCloud } from '../../simulator/cloud.ts'

const file = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

export interface Freeze {
  readonly startMs: number
  readonly endMs: number
}

/** The catalogue of the scenario with the freeze and the probes' addresses filled in. */
export function scenarioCatalogue(fleetAddress: string, freeze: Freeze): Catalogue {
  const text = file('catalogue.yaml')
    .replaceAll('http://127.0.0.1:9/', `${fleetAddress}/`)
    .replace('${FREEZE_START}', isoInstant(freeze.startMs))
    .replace('${FREEZE_END}', isoInstant(freeze.endMs))
  const loaded = loadCatalogue(text)
  if ('problems' in loaded)
    throw new DrydockError(
      'DD2431',
      `the scenario's catalogue: ${loaded.problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`,
    )
  return loaded.value
}

export function scenarioPolicy() {
  const loaded = loadPolicy(file('policy.yaml'))
  if ('problems' in loaded)
    throw new DrydockError(
      'DD2431',
      `the scenario's policy: ${loaded.problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`,
    )
  return loaded.value
}

/** Writes catalogue and policy, reads the inventory, fetches the feeds. */
export async function seed(cloud: LocalCloud, fleetAddress: string, nowMs: number): Promise<void> {
  const at = isoInstant(nowMs)
  const catalogue = scenarioCatalogue(fleetAddress, { startMs: nowMs - 86_400_000, endMs: nowMs + 7 * 86_400_000 })
  const policy = scenarioPolicy()
  const result = await cloud.ledger.commit({
    moves: [
      { kind: 'catalogue', key: keys.catalogue(), from: 0, value: catalogue },
      { kind: 'policy', key: keys.policy(), from: 0, value: policy },
    ],
    evidence: [
      {
        leafId: systemIds.next(),
        at,
        type: 'catalogue.loaded',
        account: '123456789012',
        changeId: 'none',
        actor: 'olivia',
        body: { services: catalogue.services.map(({ name }) => name) },
      },
      {
        leafId: systemIds.next(),
        at,
        type: 'policy.loaded',
        account: '123456789012',
        changeId: 'none',
        actor: 'chloe',
        body: { tables: policy.risk.tables },
      },
    ],
  })
  if (!('committed' in result))
    throw new DrydockError('DD2432', 'the local cloud holds a catalogue already; stop it and start again')
  await Promise.all([
    cloud.trigger('inventory/sync-assets', {}),
    cloud
      .trigger('intel/refresh-feed', { feed: 'kev' })
      .then(() => cloud.trigger('intel/refresh-feed', { feed: 'epss' })),
  ])
}
