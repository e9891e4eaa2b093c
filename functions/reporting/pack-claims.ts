/** What a pack has and has not proven: no more than its proofs, chains and versions show. */
import type { Verdict } from '../evidence/index.ts'
import { counted } from '../kit/display-text.ts'

type Chain = NonNullable<Verdict['chains']>[number]

const leavesOf = (count: number) => counted(count, 'leaf', 'leaves')

/** What the chain of a whole change proves. */
function chainClaims(chain: Chain): readonly string[] {
  const { changeId, unnumbered, count, after } = chain
  const ended = `change ${changeId}: its leaves 1 to ${count} stand here, the last one ends it and counts ${count}: none is left out`
  const open = `change ${changeId}: its leaves 1 to ${count} stand here without a gap`
  return [
    ...(unnumbered > 0 ? [`${leavesOf(unnumbered)} from before leaves were numbered`] : []),
    ...(count > 0 ? [chain.isEnded ? ended : open] : []),
    ...(after > 0 ? [`${leavesOf(after)} filed after it ended, numbered without a gap`] : []),
    ...(count > 0 ? ['records: no version of the records of the change is skipped between these leaves'] : []),
  ]
}

function chainDoubts(chain: Chain): readonly string[] {
  const { changeId, unnumbered, count, isEnded } = chain
  return [
    ...(unnumbered > 0 ? ['that no leaf from before leaves were numbered is left out'] : []),
    isEnded
      ? 'that nothing more was filed after the change had ended'
      : `that leaf ${count} is the last of change ${changeId}: it has not ended in these leaves`,
  ]
}

/** The claims about the leaves of a pack that verified. */
export function packClaims({ scope, leaves, chains = [], objects = 0 }: Verdict): readonly string[] {
  const what = `leaves: ${leaves} stand here, each signed by itself and each proven to be in the log`
  const named = objects > 0 ? [`files: ${objects} that leaves name stand here with the digests that they name`] : []
  if (scope.kind === 'change') return [what, ...chains.flatMap(chainClaims), ...named]
  const numbered = chains.filter(({ count, after }) => count + after > 0).length
  return [
    what,
    `chains: of ${counted(numbered, 'change')}, no leaf is left out between its first and its last here`,
    ...named,
  ]
}

/** What the leaves of a pack do not prove, however whole it is. */
export function packDoubts({ scope, chains = [] }: Verdict): readonly string[] {
  const others = 'anything about other leaves of the log: none of them is here'
  if (scope.kind === 'change') return [...chains.flatMap(chainDoubts), others]
  return [
    'that every leaf of the period is here: before the first and after the last of a change more may have been filed',
    'that no leaf of no change (a finding, a node) is left out: those have no numbers',
    others,
  ]
}
