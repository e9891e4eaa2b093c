/** Starts the validation of a ring: probes the service, and says how long to let the ring soak before the first look. */
import * as z from 'zod'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { type Prober, probeAll } from '../rollout/index.ts'
import { startAnswer } from './answers.ts'
import { contention, type FilingPorts, fileValidation } from './file-validation.ts'
import { isValidating, readSubject, type Subject } from './subject.ts'
import { blockedValidation, openValidation, type Validation } from './validation.ts'

/** The ring that was deployed. */
export const StartValidation = z.strictObject({ changeId: z.string().length(26), ring: z.string() })
export type StartValidation = z.infer<typeof StartValidation>

export interface StartPorts extends FilingPorts {
  readonly prober: Prober
}

/**
 * `state` is `elsewhere` when the change is not validating this ring, so that nothing was started.
 *
 * @throws DrydockError DD1901 without the change, DD1902 when every try met another writer.
 */
export const run = (input: StartValidation, ports: StartPorts) =>
  retried(contention(input), () => tryOnce(input, ports))

/** undefined: another writer came first. */
async function tryOnce(input: StartValidation, ports: StartPorts) {
  const subject = await readSubject(input, ports.ledger)
  const at = isoInstant(ports.clock.nowMs())
  if (!mayStart(subject, input.ring)) return startAnswer(input, subject.validation?.value, at)
  const started = await start(input, subject, at, ports)
  return (await fileValidation(subject, started, at, ports)) ? startAnswer(input, started, at) : undefined
}

/** A change that was released after an inconclusive validation is validated again, from the start. */
const mayStart = ({ change, validation }: Subject, ring: string) =>
  isValidating(change.value, ring) && (validation === undefined || validation.value.state === 'inconclusive')

async function start(
  input: StartValidation,
  { facts }: Subject,
  at: string,
  { prober }: StartPorts,
): Promise<Validation> {
  if ('missing' in facts) return blockedValidation({ ...input, at, because: facts.missing })
  const { plannedRing, rules, probesBefore, service } = facts
  const probes = await probeAll(service, prober, at)
  const before = probesBefore === undefined ? {} : { probesBefore }
  return openValidation({ ...input, isCanary: plannedRing.isCanary, at, probes, ...before }, rules)
}
