/** Pulls the kill switch, or lifts it. */
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
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

const triesMax = 5

/** Pulls or lifts the stop. Lifting `all` lifts every stop. */
export async function pullStop(
  { scope, isLifted, because, by }: PullStop,
  { ledger, clock, ids, account }: MovePorts,
): Promise<Stop> {
  for (let tries = 0; tries < triesMax; tries++) {
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
          leafId: ids.next(),
          at,
          type: isLifted ? 'stop.lifted' : 'stop.pulled',
          account,
          changeId: scope === 'all' ? 'none' : scope,
          actor: by,
          body: { scope, because },
        },
      ],
    })
    if ('committed' in result) return stop
  }
  throw new DrydockError('DD1502', `the stop was changed by others ${triesMax} times in a row; pull it again`)
}
