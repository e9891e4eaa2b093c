/** The rung of the rollback ladder that a host would take: what its documents really do. */
import { counted } from '../kit/display-text.ts'
import type { Plan, PlannedHost, Rung } from './plan.ts'

/** As `is_kernel` of documents/scripts/host.sh: a kernel is added beside the old one, which is booted again. */
export const kernelPattern =
  /^(kernel[0-9.]*(-(core|modules|devel|default|default-base|azure|rt|64k|uek|debug)[a-z0-9-]*)?|linux-(image|modules|headers|aws|azure|gcp|virtual|generic|kvm|oracle).*)$/

/** The rung of a Linux host, by the packages that it gets. */
export const rungOf = (names: readonly string[]): Rung =>
  names.some((name) => kernelPattern.test(name)) ? 'previous-kernel' : 'package-downgrade'

const words: Readonly<Record<Rung, string>> = {
  'package-downgrade': 'their packages go back to the versions of before',
  'previous-kernel': 'the previous kernel boots again and the new one stays installed, other packages go back',
  none: 'NONE, approving accepts that these cannot be rolled back',
}

const rungs = ['package-downgrade', 'previous-kernel', 'none'] as const

/** What each host would come back by, one line a rung; a host of an old plan has the rung of its plan. */
export function rungLines({ rings, rollbackPlan }: Pick<Plan, 'rings' | 'rollbackPlan'>): string[] {
  const own = ({ rung }: PlannedHost): Rung => rung ?? rollbackPlan.rung
  const byRung = Map.groupBy(
    rings.flatMap(({ hosts }) => hosts),
    own,
  )
  return rungs.flatMap((rung) => {
    const hosts = byRung.get(rung)?.length ?? 0
    return hosts === 0 ? [] : [`${counted(hosts, 'host')} by ${rung}: ${words[rung]}`]
  })
}

/** Who reviews the rollback plan, by an act of theirs; `reviewedBy` is who has given it. */
export function reviewWords({ schemaVersion, rollbackPlan }: Plan, reviewedBy?: string): string {
  const { reviewer } = rollbackPlan
  if (reviewer === undefined) return 'no review: policy asks for none'
  if (schemaVersion === 1) return `${reviewer} is named as reviewer and was not asked`
  return reviewedBy === undefined
    ? `${reviewer} is asked for the review, by a vote of their own`
    : `reviewed by ${reviewedBy}, by a vote of their own`
}
