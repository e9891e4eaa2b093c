/** What is mutated, and by which tests each mutant must be killed: those that state the module's rules, not a simulation that meets it by accident. */

/** Files that are mutated together, and the tests that pin them; paths from the root of the repository. */
export interface Target {
  readonly name: string
  readonly mutate: readonly string[]
  /** Globs of vitest. */
  readonly tests: readonly string[]
}

/** Every target, in the order of their rooms' importance to a gate. */
export const targets: readonly Target[] = [
  {
    name: 'gates',
    mutate: ['approval', 'calendar', 'documents', 'evidence', 'gate', 'gates', 'plan', 'probes', 'stop'].map(
      (gate) => `functions/rollout/gates/${gate}.ts`,
    ),
    tests: ['test/functions/rollout/gates/*.test.ts'],
  },
  {
    name: 'budgets',
    mutate: ['functions/rollout/budgets.ts'],
    tests: ['test/functions/rollout/budgets*.test.ts'],
  },
  {
    name: 'ballot',
    mutate: ['functions/approvals/ballot.ts'],
    tests: ['test/functions/approvals/ballot*.test.ts'],
  },
  ...['quorum', 'counting', 'casting', 'question'].map((name) => ({
    name,
    mutate: [`functions/people/${name}.ts`],
    tests: [`test/functions/people/${name}*.test.ts`],
  })),
  {
    name: 'change',
    mutate: ['functions/changes/reducer.ts'],
    tests: ['test/functions/changes/reducer*.test.ts'],
  },
  {
    name: 'invocation',
    mutate: ['functions/rollout/invocation-outcome.ts'],
    tests: ['test/functions/rollout/invocation-outcome*.test.ts'],
  },
  {
    name: 'ring',
    mutate: ['functions/rollout/ring-reducer.ts'],
    tests: ['test/functions/rollout/ring-reducer*.test.ts'],
  },
  {
    name: 'merkle',
    mutate: ['functions/evidence/merkle.ts'],
    tests: ['test/functions/evidence/merkle*.test.ts'],
  },
  {
    name: 'proofs',
    mutate: ['functions/evidence/proofs.ts'],
    tests: ['test/functions/evidence/proofs*.test.ts'],
  },
]

/** The targets cut down to these files; a file that no target has is left out. */
export function targetsOf(files: readonly string[]): readonly Target[] {
  return targets.flatMap((target) => {
    const mutate = target.mutate.filter((file) => files.includes(file))
    return mutate.length > 0 ? [{ ...target, mutate }] : []
  })
}
