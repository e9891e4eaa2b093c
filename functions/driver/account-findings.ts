/**
 * 11.7: what became of each finding of a change that ends: closed by its scanner, explained by proof on its host, or
 * still open.
 */

import type { Finding } from '../finding/index.ts'
import { byTextOf } from '../kit/by-text.ts'
import { counted } from '../kit/display-text.ts'
import type { Ring } from '../rollout/index.ts'

/** How a host of the change ended. */
export interface HostEnd {
  readonly isProven: boolean
  /** When its ring ended; a scanner that sees the finding later contradicts the proof. */
  readonly endedAt: string
  readonly because: string
}

export interface FindingAccount {
  readonly closed: number
  /** Still active only because the scanner has not looked since the fix was proven on the host. */
  readonly explained: number
  readonly open: number
  /** The first open ones by id, 100 at most. */
  readonly named: readonly { readonly findingId: string; readonly because: string }[]
}

/** The account of no findings, to which pages are added. */
export const emptyAccount: FindingAccount = { closed: 0, explained: 0, open: 0, named: [] }

/** Most open findings named in the evidence. */
const namedMax = 100

/** How each host of the patch rings ended. */
export function endsOf(rings: readonly Ring[]): ReadonlyMap<string, HostEnd> {
  const patched = rings.filter(({ mode }) => mode === 'patch')
  return new Map(
    patched.flatMap(({ hosts, endedAt = '' }) =>
      Object.entries(hosts).map(([hostId, { step, state, because }]) => [
        hostId,
        {
          isProven: step === 'verify' && state === 'done',
          endedAt,
          because: `is ${state} at ${step}${because ? `: ${because}` : ''}`,
        },
      ]),
    ),
  )
}

/** Adds findings to an account. I19 keeps clocks out of decisions; this only reports, and there is no other clock than the scanner's. */
export function accountFindings(
  before: FindingAccount,
  findings: readonly Pick<Finding, 'findingId' | 'status' | 'resource' | 'lastObservedAt'>[],
  ends: ReadonlyMap<string, HostEnd>,
): FindingAccount {
  const open: FindingAccount['named'][number][] = []
  let { closed, explained } = before
  for (const { findingId, status, resource, lastObservedAt } of findings) {
    const end = ends.get(resource.id)
    if (status !== 'active') closed++
    else if (!end) open.push({ findingId, because: `${resource.id} was in no ring` })
    else if (!end.isProven) open.push({ findingId, because: `${resource.id} ${end.because}` })
    else if (lastObservedAt > end.endedAt)
      open.push({ findingId, because: `seen again at ${lastObservedAt}, after ${resource.id} was proven` })
    else explained++
  }
  const named = [...before.named, ...open].toSorted(byTextOf(({ findingId }) => findingId)).slice(0, namedMax)
  return { closed, explained, open: before.open + open.length, named }
}

/** One sentence for the change's outcome; empty if every finding is closed or explained. */
export function openInWords({ open, named }: FindingAccount): string {
  const [first] = named
  if (!first) return ''
  return `; ${counted(open, 'finding')} still open (${first.findingId}: ${first.because}${open > 1 ? ', and more' : ''})`
}
