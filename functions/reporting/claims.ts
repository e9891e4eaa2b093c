/** What a verification has and has not proven, in sentences, so that no reader takes it for more. */

import type { Verdict } from '../evidence/index.ts'
import { counted } from '../kit/display-text.ts'
import { packClaims, packDoubts } from './pack-claims.ts'

/** What a verification has proven, and what it has not. */
export interface Claims {
  readonly proven: readonly string[]
  readonly notProven: readonly string[]
}

/** The claims of a verdict; one with problems proves nothing. */
export function claimsOf(verdict: Verdict): Claims {
  const { ok, size, origin, root, signedBy, knownSize } = verdict
  const notProven = [
    ...(knownSize === undefined
      ? ['that this log continues one that was seen before: keep a checkpoint and give it with --known-checkpoint']
      : []),
    'that no later checkpoint exists: ask the owner of the log, or compare with a copy of your own',
    ...(verdict.chains ? packDoubts(verdict) : logDoubts(verdict)),
    'that what a leaf says is so: it says what Drydock filed, and the time by its own clock',
  ]
  if (!ok) return { proven: [], notProven: ['anything: see the problems', ...notProven] }
  return {
    proven: [
      `checkpoint: ${origin}, tree size ${size}, root ${root}, signed by ${signedBy.join(' and ')}`,
      ...(verdict.chains ? packClaims(verdict) : logClaims(verdict)),
      ...(knownSize === undefined ? [] : [`history: it continues the known log of tree size ${knownSize}, unchanged`]),
    ],
    notProven,
  }
}

/** A log with every entry: whole, or in an export of one change from before packs. */
function logClaims({ size, leaves, changes, scope }: Verdict): readonly string[] {
  const what =
    scope.kind === 'change'
      ? `all ${leaves} of change ${scope.changeId} stand here, each signed by itself, and none is left out`
      : `all ${leaves}, of ${counted(changes, 'change')}, stand here with the bytes that the log names, and no other leaf does`
  return [`log: its ${size} entries lead to that root, and its files are complete`, `leaves: ${what}`]
}

const logDoubts = ({ size, leaves, scope }: Verdict): readonly string[] =>
  scope.kind === 'change'
    ? [`the content of the other leaves (${size - leaves}): only their paths and digests are here`]
    : ['the signature of each leaf by itself: the signed root stands for them']
