/** Whether a log continues the checkpoint that a reader kept of it. */
import { checkKept, parseCheckpoint, type SignedCheckpoint } from './note.ts'
import type { Problem } from './problem.ts'
import { checkpointPath } from './tiles.ts'
import type { VerifyInput } from './verdict.ts'

export interface Continuation {
  readonly knownSize?: number
  readonly problems: readonly Problem[]
}

/** The checkpoint kept must be signed by the keys given and of no longer log; `faultAfter` then says whether it is led to. */
export function continuationOf(
  size: number,
  input: VerifyInput,
  faultAfter: (known: SignedCheckpoint) => Problem | undefined,
): Continuation {
  if (!input.knownCheckpoint) return { problems: [] }
  const refused = (kind: Problem['kind'], leaf: string, detail: string) => ({ problems: [{ kind, leaf, detail }] })
  const known = parseCheckpoint(input.knownCheckpoint)
  if (!known || checkKept(known, input.keys, input) !== 'good')
    return refused('wrong-key', 'known checkpoint', 'it is unreadable or signed by none of the keys given')
  if (known.size > size)
    return refused('rolled-back', checkpointPath, `it signs ${size} leaves, the known one ${known.size}`)
  const fault = faultAfter(known)
  return fault ? { problems: [fault] } : { knownSize: known.size, problems: [] }
}
