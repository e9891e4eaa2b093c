/** The faults of the scenario, written into the fleet before it starts. */
import type { Fleet } from '../../simulator/fleet/fleet.ts'
import { storyFindings } from './stories.ts'

/** The nodes that the scenario hurts, by service and stage, counted in name order so that every run hurts the same ones. */
function nodesOf(fleet: Fleet, service: string, stage: string) {
  return fleet
    .describeNodes()
    .filter((node) => node.tags['patch-service'] === service && node.tags['patch-stage'] === stage)
    .map(({ hostId }) => hostId)
    .sort()
}

/** Two transient faults, one delivery timeout and one node that never comes back for the first change; a bad patch for the second. */
export function scriptFaults(fleet: Fleet): void {
  // Steps take a quarter of a second here, not minutes: timeouts pass as much faster.
  fleet.timeoutSecondMs = 150
  const production = nodesOf(fleet, storyFindings.patched.service, 'production')
  const [first, second, third, fourth] = production
  if (!first || !second || !third || !fourth) throw new Error('the fleet has too few production nodes for the scenario')
  fleet.script({ hostId: first, step: 'install', fault: 'transient-failure', times: 1 })
  fleet.script({ hostId: second, step: 'precheck', fault: 'transient-failure', times: 1 })
  fleet.script({ hostId: third, step: 'restore-point', fault: 'delivery-timeout', times: 1 })
  fleet.script({ hostId: fourth, step: 'reboot', fault: 'never-returns-from-reboot', times: 1 })
  fleet.script({
    fault: 'bad-patch',
    packageName: storyFindings.rolledBack.packageName,
    version: storyFindings.rolledBack.fixedVersion,
  })
}
