/** Makes one round of looking at a patched ring, and says whether to go on, pass, fail or hold. */
import * as z from 'zod'
import { DrydockError } from '../kit/errors.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import type { Prober } from '../rollout/index.ts'
import { judgeAnswer } from './answers.ts'
import { contention, type FilingPorts, fileValidation } from './file-validation.ts'
import type { MetricSource } from './ports.ts'
import { isValidating, readSubject } from './subject.ts'
import { takeRound } from './take-round.ts'
import { secondsUntil } from './validation.ts'

/** The ring that is looked at. */
export const JudgeCanary = z.strictObject({ changeId: z.string().length(26), ring: z.string() })
export type JudgeCanary = z.infer<typeof JudgeCanary>

export interface JudgePorts extends FilingPorts {
  readonly prober: Prober
  readonly metrics: MetricSource
}

/**
 * A round that is not due yet, or one of a change that has moved on, changes nothing.
 *
 * @throws DrydockError DD1901 without the change, DD1902 when every try met another writer, DD1903 for a ring whose validation
 * was not started.
 */
export const run = (input: JudgeCanary, ports: JudgePorts) => retried(contention(input), () => tryOnce(input, ports))

/** undefined: another writer came first. */
async function tryOnce(input: JudgeCanary, ports: JudgePorts) {
  const subject = await readSubject(input, ports.ledger)
  const validation = subject.validation?.value
  if (!validation)
    throw new DrydockError('DD1903', `ring ${input.ring} of ${input.changeId} is judged before it was started`)
  const nowMs = ports.clock.nowMs()
  const at = isoInstant(nowMs)
  if (validation.state === 'soaking' && !isValidating(subject.change.value, input.ring))
    return { ...input, verdict: 'hold' as const, waitSeconds: 0 }
  if (validation.state !== 'soaking' || secondsUntil(validation.nextLookAt, at) > 0)
    return judgeAnswer(input, validation, at)
  const next = await takeRound(validation, subject.facts, nowMs, ports)
  return (await fileValidation(subject, next, at, ports)) ? judgeAnswer(input, next, at) : undefined
}
