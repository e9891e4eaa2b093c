/** What an organisation would have set up before the first finding: catalogue, policy, inventory, feeds. */
import { readFileSync } from 'node:fs'
import { type Catalogue, loadCatalogue, loadPolicy, type Policy } from '../../functions/catalogue/index.ts'
import { DrydockError } from '../../functions/kit/errors.ts'
import { isoInstant } from '../../functions/kit/time.ts'
import type { LocalCloud } from '../../simulator/cloud.ts'
import { frozen } from '../../simulator/ports/frozen.ts'
import { loadSettings } from '../../simulator/settings.ts'

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

let policy: Policy | undefined

/** The policy of the scenario, read once in a process and frozen. */
export function scenarioPolicy(): Policy {
  policy ??= frozen(readPolicy())
  return policy
}

function readPolicy(): Policy {
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
  const catalogue = scenarioCatalogue(fleetAddress, { startMs: nowMs - 86_400_000, endMs: nowMs + 7 * 86_400_000 })
  await loadSettings(cloud, { catalogue, policy: scenarioPolicy() })
  await Promise.all([
    cloud.trigger('inventory/sync-assets', {}),
    cloud
      .trigger('intel/refresh-feed', { feed: 'kev' })
      .then(() => cloud.trigger('intel/refresh-feed', { feed: 'epss' })),
  ])
}
