/** Makes the record of a newly opened ring from the plan alone. */

import { type Change, terminalStates } from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { ownValue } from '../kit/table.ts'
import { type Plan, type PlannedHost, packagesFor } from '../planning/index.ts'
import { occupancyRecordsMax, occupiedServices } from './occupancy.ts'
import { type HostProgress, type Ring, ringHostsMax } from './ring.ts'

const first: HostProgress = { step: 'precheck', state: 'waiting', attempt: 1 }

/**
 * A change may end between its gates and its ring: superseded by an emergency, or cancelled by a person.
 *
 * @throws DrydockError DD1804 when it has ended.
 */
export function refuseEnded({ changeId, state }: Change, ring: string): void {
  if (terminalStates.includes(state))
    throw new DrydockError('DD1804', `change ${changeId} is ${state}; its ring ${ring} is not opened`)
}

/**
 * The ring's record: new, or the existing one with the new token.
 *
 * A stopped ring resumes where it was; a ring that ended otherwise keeps its end, and the dispatcher answers the new
 * token at once.
 * @throws DrydockError DD1803 when the plan has no such ring, DD1805 when it is too large for one record,
 * DD1806 when its services depend on more services than one transaction can hold.
 */
export function openedRing(
  plan: Plan,
  planHash: string,
  name: string,
  known: Ring | undefined,
  taskToken: string,
  at: string,
): Ring {
  if (known) {
    if (known.state !== 'stopped') return { ...known, taskToken }
    const { endedAt: _, because: __, doubtedSince: ___, ...rest } = known
    return { ...rest, state: 'open', taskToken }
  }
  const planned = plan.rings.find((ring) => ring.name === name)
  if (!planned) throw new DrydockError('DD1803', `the plan of ${plan.changeId} has no ring ${name}`)
  if (planned.hosts.length > ringHostsMax)
    throw new DrydockError(
      'DD1805',
      `ring ${name} has ${planned.hosts.length} hosts; a ring record holds at most ${ringHostsMax}: split the ring in the catalogue`,
    )
  const services = occupiedServices(plan)
  if (services.length > occupancyRecordsMax)
    throw new DrydockError(
      'DD1806',
      `the hosts of ${plan.changeId} serve or depend on ${services.length} services; at most ${occupancyRecordsMax} can be kept apart`,
    )
  return {
    changeId: plan.changeId,
    name,
    mode: 'patch',
    planHash,
    state: 'open',
    taskToken,
    openedAt: at,
    failureBudget: planned.failureBudget,
    packagesByHost: Object.fromEntries(planned.hosts.map((host) => [host.hostId, packagesOn(host, plan)])),
    hosts: Object.fromEntries(planned.hosts.map(({ hostId }) => [hostId, first])),
    commands: {},
  }
}

/** What the plan changes on this host, which may lack other packages of the manifest or have them newer. */
function packagesOn({ hostId, platform }: PlannedHost, { manifest, rollbackPlan }: Plan): string {
  const own = ownValue(rollbackPlan.previousVersions, hostId)
  return packagesFor(manifest.packages, platform)
    .filter(({ name }) => own === undefined || Object.hasOwn(own, name))
    .map(({ name, version }) => `${name}=${version}`)
    .join(' ')
}
