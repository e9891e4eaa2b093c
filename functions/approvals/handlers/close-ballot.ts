/** Looks at a ballot whose machine stopped waiting: expired, decided meanwhile, or to be asked again. */
import * as z from 'zod'
import { dynamoLedger } from '../../aws/ledger.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { ChangeRecord, changeEvidence, changeMove, type MovePorts, moveChange } from '../../changes/index.ts'
import { DrydockError } from '../../kit/errors.ts'
import { keys } from '../../kit/keys.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { isoInstant } from '../../kit/time.ts'
import { ballotMove } from '../ask.ts'
import { BallotRecord } from '../ballot.ts'

export const CloseBallot = z.strictObject({ changeId: z.string().length(26) })
export type CloseBallot = z.infer<typeof CloseBallot>

export async function run({ changeId }: CloseBallot, { ledger, clock, ids, account }: MovePorts) {
  const [read, change] = await Promise.all([
    ledger.read(BallotRecord, keys.ballot(changeId)),
    ledger.read(ChangeRecord, keys.change(changeId)),
  ])
  if (!read || !change) throw new DrydockError('DD1701', `change ${changeId} has no ballot`)
  const at = isoInstant(clock.nowMs())
  if (read.value.outcome !== 'open' || at < read.value.deadlineAt) return { changeId, outcome: read.value.outcome }
  const event = { type: 'expired' } as const
  const moved = moveChange(change.value, event, at)
  const by = { leafId: ids.next(), at, account, actor: 'drydock' }
  const result = await ledger.commit({
    moves: [
      ballotMove(read, { ...read.value, outcome: 'expired', decidedAt: at }),
      ...('change' in moved ? [changeMove(change, moved.change)] : []),
    ],
    evidence: [
      'change' in moved
        ? changeEvidence(moved.change, event, by)
        : { ...by, type: 'approval.expired', changeId, body: { planHash: read.value.planHash } },
    ],
  })
  if (!('committed' in result))
    throw new DrydockError(
      'DD1702',
      `the ballot of ${changeId} was decided at the same moment; the machine looks again`,
    )
  return { changeId, outcome: 'expired' }
}

export const handler = lambdaHandler(
  CloseBallot,
  () => ({ ledger: dynamoLedger(), clock: systemClock, ids: systemIds, account: hubAccount() }),
  run,
)
