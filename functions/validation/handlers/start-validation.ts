/** Starts the validation of a ring: probes the service, and says how long to let the ring soak before the first look. */

import * as z from 'zod'
import { configured, Settings } from '../../aws/configuration.ts'
import { httpProber } from '../../aws/prober.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { DrydockError } from '../../kit/errors.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { isoInstant } from '../../kit/time.ts'
import { type Prober, probeAll } from '../../rollout/index.ts'
import { startAnswer } from '../answers.ts'
import { type FilingPorts, fileValidation, triesMax } from '../file-validation.ts'
import { isValidating, readSubject, type Subject } from '../subject.ts'
import { blockedValidation, openValidation, type Validation } from '../validation.ts'

export const StartValidation = z.strictObject({ changeId: z.string().length(26), ring: z.string() })
export type StartValidation = z.infer<typeof StartValidation>

interface Ports extends FilingPorts {
  readonly prober: Prober
}

/** `state` is `elsewhere` when the change is not validating this ring, so that nothing was started. */
export async function run(input: StartValidation, ports: Ports) {
  for (let tries = 0; tries < triesMax; tries++) {
    const subject = await readSubject(input, ports.ledger)
    const at = isoInstant(ports.clock.nowMs())
    if (!mayStart(subject, input.ring)) return startAnswer(input, subject.validation?.value, at)
    const started = await start(input, subject, at, ports)
    if (await fileValidation(subject, started, at, ports)) return startAnswer(input, started, at)
  }
  throw new DrydockError('DD1902', `validation of ${input.changeId} was moved by others ${triesMax} times in a row`)
}

/** A change that was released after an inconclusive validation is validated again, from the start. */
const mayStart = ({ change, validation }: Subject, ring: string) =>
  isValidating(change.value, ring) && (validation === undefined || validation.value.state === 'inconclusive')

async function start(input: StartValidation, { facts }: Subject, at: string, { prober }: Ports): Promise<Validation> {
  if ('missing' in facts) return blockedValidation({ ...input, at, because: facts.missing })
  const { plannedRing, rules, probesBefore, service } = facts
  const probes = await probeAll(service, prober, at)
  const before = probesBefore === undefined ? {} : { probesBefore }
  return openValidation({ ...input, isCanary: plannedRing.isCanary, at, probes, ...before }, rules)
}

export const Configuration = Settings.pick(recordSettings)

export const handler = lambdaHandler(
  StartValidation,
  configured(Configuration, (settings) => ({ ...recordPorts(settings), prober: httpProber() })),
  run,
)
