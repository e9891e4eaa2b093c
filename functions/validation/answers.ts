/** What the canary machine is told: the state of the validation, and how long to wait before the next look. */
import type { RingName } from './subject.ts'
import { secondsUntil, type Validation } from './validation.ts'

const waitSecondsOf = ({ state, nextLookAt }: Validation, at: string) =>
  state === 'soaking' ? secondsUntil(nextLookAt, at) : 0

/** `elsewhere`: the change is not validating this ring, and nothing was started. */
export function startAnswer({ changeId, ring }: RingName, validation: Validation | undefined, at: string) {
  if (validation === undefined) return { changeId, ring, state: 'elsewhere' as const, waitSeconds: 0 }
  return { changeId, ring, state: validation.state, waitSeconds: waitSecondsOf(validation, at) }
}

const verdicts = { soaking: 'continue', passed: 'pass', failed: 'fail', inconclusive: 'hold' } as const

export function judgeAnswer({ changeId, ring }: RingName, validation: Validation, at: string) {
  return { changeId, ring, verdict: verdicts[validation.state], waitSeconds: waitSecondsOf(validation, at) }
}
