/** What follows a committed decision: the driver of its change runs, and the findings of its host are looked at again. */
import type { Finding } from '../finding/index.ts'
import type { Nudges } from '../kit/ports.ts'
import type { Decision } from './decide-finding.ts'
import { isHostFinding } from './exposure.ts'
import { type StartDriverPorts, startDriver } from './start-driver.ts'
import { undoIfEnded } from './undo-join.ts'
import { wakeHost } from './wake-host.ts'

/** What settling needs from outside. */
export interface SettlePorts extends StartDriverPorts {
  readonly nudges: Nudges
}

/**
 * Idempotent: a message that is delivered again finishes what a crash left undone.
 *
 * A change that many findings join is not asked for its driver by each: the one that opened it started it, and the
 * reconciler sees to it.
 */
export async function settleFinding(
  finding: Finding,
  { change, isCovered }: Pick<Decision, 'change' | 'isCovered'>,
  ports: SettlePorts,
): Promise<void> {
  if (finding.type === 'network-reachability' && isHostFinding(finding)) await wakeHost(finding.resource.id, ports)
  if (change && isCovered) await undoIfEnded(change.changeId, finding.findingId, ports)
  // A running driver is left alone, so this also repairs a crash between commit and start, and a driver that has died.
  if (change?.state === 'assessed' && !isCovered)
    await startDriver(
      change.changeId,
      // The driver of a deferred change that now has a due date waits for a day that no longer counts.
      {
        because: 'a finding was assessed',
        ...(change.deferred && change.dueAt !== undefined ? { isReplaced: true } : {}),
      },
      ports,
    )
}
