/** What is mutated, and by which tests each mutant must be killed: those that state the module's rules, not a simulation that meets it by accident. */

import { matchesGlob } from 'node:path'

/** Files that are mutated together, and the tests that pin them; paths from the root of the repository. */
export interface Target {
  readonly name: string
  readonly mutate: readonly string[]
  /** Globs of vitest. */
  readonly tests: readonly string[]
  /** What it takes at concurrency 1 on a quiet machine, with a margin. */
  readonly seconds: number
}

/** Every target, the one whose fault would do most harm first: where time is short, the last are left out. */
export const targets: readonly Target[] = [
  {
    name: 'gates',
    mutate: ['approval', 'calendar', 'documents', 'evidence', 'gate', 'gates', 'plan', 'probes', 'stop'].map(
      (gate) => `functions/rollout/gates/${gate}.ts`,
    ),
    tests: ['test/functions/rollout/gates/*.test.ts'],
    seconds: 330,
  },
  {
    name: 'budgets',
    mutate: ['functions/rollout/budgets.ts'],
    tests: ['test/functions/rollout/budgets*.test.ts'],
    seconds: 150,
  },
  {
    name: 'ballot',
    mutate: ['functions/approvals/ballot.ts'],
    tests: ['test/functions/approvals/ballot*.test.ts'],
    seconds: 45,
  },
  ...Object.entries({ quorum: 30, counting: 45, casting: 65, question: 40 }).map(([name, seconds]) => ({
    name,
    mutate: [`functions/people/${name}.ts`],
    tests: [`test/functions/people/${name}*.test.ts`],
    seconds,
  })),
  {
    name: 'change',
    mutate: ['functions/changes/reducer.ts'],
    tests: ['test/functions/changes/reducer*.test.ts'],
    seconds: 240,
  },
  {
    name: 'invocation',
    mutate: ['functions/rollout/invocation-outcome.ts'],
    tests: ['test/functions/rollout/invocation-outcome*.test.ts'],
    seconds: 200,
  },
  {
    name: 'ring',
    mutate: ['functions/rollout/ring-reducer.ts'],
    tests: ['test/functions/rollout/ring-reducer*.test.ts'],
    seconds: 180,
  },
  {
    name: 'merkle',
    mutate: ['functions/evidence/merkle.ts'],
    tests: ['test/functions/evidence/merkle*.test.ts'],
    seconds: 90,
  },
  {
    name: 'proofs',
    mutate: ['functions/evidence/proofs.ts'],
    tests: ['test/functions/evidence/proofs*.test.ts'],
    seconds: 360,
  },
]

/** How long some targets take, one after the other. */
export const secondsOf = (some: readonly Target[]): number => some.reduce((sum, { seconds }) => sum + seconds, 0)

/** The files of some targets, as a command line takes them. */
export const filesOf = (some: readonly Target[]): string => some.flatMap(({ mutate }) => mutate).join(' ')

/** What was not mutated and why, a line each reason: it was not asked for, or there was no time. */
export function leftOutOf(
  asked: readonly Target[],
  started: readonly Target[],
  minutes: string,
  all: readonly Target[] = targets,
): readonly string[] {
  const files = asked.flatMap(({ mutate }) => mutate)
  const notAsked = all.flatMap(({ mutate }) => mutate).filter((file) => !files.includes(file))
  const late = asked.filter((target) => !started.includes(target))
  return [
    ...(notAsked.length > 0 ? [`not mutated, neither asked for nor touched: ${notAsked.join(' ')}`] : []),
    ...(late.length > 0 ? [`not mutated, ${minutes} min were too few: npm run mutation -- ${filesOf(late)}`] : []),
  ]
}

/** The targets that a change touches: cut down to the files it touches, whole where it touches the tests that pin them. */
export function targetsTouchedBy(files: readonly string[]): readonly Target[] {
  return targets.flatMap((target) =>
    files.some((file) => target.tests.some((glob) => matchesGlob(file, glob))) ? [target] : cutDown(target, files),
  )
}

function cutDown(target: Target, files: readonly string[]): readonly Target[] {
  const mutate = target.mutate.filter((file) => files.includes(file))
  if (mutate.length === 0) return []
  return [{ ...target, mutate, seconds: Math.ceil((target.seconds * mutate.length) / target.mutate.length) }]
}

/** The targets cut down to these files; a file that no target has is left out. */
export const targetsOf = (files: readonly string[]): readonly Target[] =>
  targets.flatMap((target) => cutDown(target, files))
