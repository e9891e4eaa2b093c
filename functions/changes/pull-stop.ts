/** Pulls the kill switch, or lifts it. */
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys } from '../kit/keys.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import type { MovePorts } from './move-change.ts'
import { type Stop, StopRecord } from './stop.ts'

/** A request to pull or lift the kill switch, with who asks and why. */
export interface PullStop {
  /** A change's id, or `all`. */
  readonly scope: string
  readonly isLifted: boolean
  readonly because: string
  readonly by: string
}

/**
 * Pulls or lifts the stop. Lifting `all` lifts every stop.
 *
 * @throws DrydockError DD1502 when every try met another writer.
 */
export async function pullStop({ scope, isLifted, because, by }: PullStop, ports: MovePorts): Promise<Stop> {
  const { ledger, clock } = ports
  return retried({ code: 'DD1502', what: 'the stop', advice: 'pull it again' }, async () => {
    const read = await ledger.read(StopRecord, keys.stop())
    const at = isoInstant(clock.nowMs())
    const before = read?.value ?? { all: false, changeIds: [] }
    const others = before.changeIds.filter((changeId) => changeId !== scope)
    const stop: Stop =
      scope === 'all'
        ? { all: !isLifted, changeIds: isLifted ? [] : before.changeIds, because, by, at }
        : { all: before.all, changeIds: isLifted ? others : [...others, scope], because, by, at }
    const result = await ledger.commit({
      moves: [{ kind: 'stop', key: keys.stop(), from: read?.version ?? 0, value: stop }],
      evidence: [
        {
          ...evidenceBy(ports, at, by),
          type: isLifted ? 'stop.lifted' : 'stop.pulled',
          changeId: scope === 'all' ? 'none' : scope,
          body: { scope, because },
        },
      ],
    })
    return 'committed' in result ? stop : undefined
  })
}
