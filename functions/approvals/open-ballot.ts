/** Opens the ballot on a change's plan; the same plan keeps its ballot, another plan gets a new one. */
import * as z from 'zod'
import { CatalogueRecord, PolicyRecord } from '../catalogue/index.ts'
import {
  ChangeRecord,
  changeEvidence,
  changeMove,
  type MovePorts,
  moveChange,
  moveRecordedChange,
} from '../changes/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import { isoInstant } from '../kit/time.ts'
import { PlanRecord } from '../planning/index.ts'
import { ballotMove } from './ask.ts'
import { BallotRecord } from './ballot.ts'
import { openBallot } from './open.ts'

export const OpenBallot = z.strictObject({ changeId: z.string().length(26) })
export type OpenBallot = z.infer<typeof OpenBallot>

export async function run({ changeId }: OpenBallot, ports: MovePorts) {
  const { ledger, clock, ids, account } = ports
  const [change, catalogue, policy, known] = await Promise.all([
    ledger.read(ChangeRecord, keys.change(changeId)),
    ledger.read(CatalogueRecord, keys.catalogue()),
    ledger.read(PolicyRecord, keys.policy()),
    ledger.read(BallotRecord, keys.ballot(changeId)),
  ])
  if (!change) throw new DrydockError('DD1704', `change ${changeId} is not in the ledger`)
  const planHash = change.value.planHash
  const plan = planHash === undefined ? undefined : await ledger.read(PlanRecord, keys.plan(changeId, planHash))
  if (!plan || !catalogue || !policy || planHash === undefined)
    throw new DrydockError('DD1703', `the plan, catalogue or policy of ${changeId} cannot be read`)
  if (known?.value.planHash === planHash) return { changeId, outcome: known.value.outcome }
  const at = isoInstant(clock.nowMs())
  const ballot = openBallot(change.value, plan.value, planHash, catalogue.value, policy.value, at)
  if ('missingRole' in ballot) {
    await moveRecordedChange(
      changeId,
      { type: 'held', because: `nobody eligible has the role ${ballot.missingRole}` },
      ports,
    )
    return { changeId, outcome: 'held' }
  }
  const event = { type: 'approval-asked' } as const
  const moved = moveChange(change.value, event, at)
  if ('refused' in moved) return { changeId, outcome: moved.from }
  const evidence = changeEvidence(moved.change, event, { leafId: ids.next(), at, account, actor: 'drydock' })
  const result = await ledger.commit({
    moves: [ballotMove(known, ballot), changeMove(change, moved.change)],
    evidence: [evidence],
  })
  if (!('committed' in result))
    throw new DrydockError(
      'DD1702',
      `the ballot of ${changeId} was opened by someone else at the same moment; the machine asks again`,
    )
  return { changeId, outcome: 'open' }
}
