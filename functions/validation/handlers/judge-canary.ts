/** Makes one round of looking at a patched ring, and says whether to go on, pass, fail or hold. */

import * as z from 'zod'
import { configured, Settings } from '../../aws/configuration.ts'
import { cloudWatchMetrics } from '../../aws/metric-source.ts'
import { httpProber } from '../../aws/prober.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { DrydockError } from '../../kit/errors.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { isoInstant } from '../../kit/time.ts'
import type { Prober } from '../../rollout/index.ts'
import { judgeAnswer } from '../answers.ts'
import { type FilingPorts, fileValidation, triesMax } from '../file-validation.ts'
import type { MetricSource } from '../ports.ts'
import { isValidating, readSubject } from '../subject.ts'
import { takeRound } from '../take-round.ts'
import { secondsUntil } from '../validation.ts'

export const JudgeCanary = z.strictObject({ changeId: z.string().length(26), ring: z.string() })
export type JudgeCanary = z.infer<typeof JudgeCanary>

interface Ports extends FilingPorts {
  readonly prober: Prober
  readonly metrics: MetricSource
}

/** A round that is not due yet, or one of a change that has moved on, changes nothing. */
export async function run(input: JudgeCanary, ports: Ports) {
  for (let tries = 0; tries < triesMax; tries++) {
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
    if (await fileValidation(subject, next, at, ports)) return judgeAnswer(input, next, at)
  }
  throw new DrydockError('DD1902', `validation of ${input.changeId} was moved by others ${triesMax} times in a row`)
}

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(
  JudgeCanary,
  configured(Configuration, (settings) => ({
    ...recordPorts(settings),
    prober: httpProber(),
    metrics: cloudWatchMetrics(),
  })),
  run,
)
