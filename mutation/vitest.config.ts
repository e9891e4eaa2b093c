import { defineConfig } from 'vitest/config'

/** The unit tests of the rooms that are mutated, without the long simulations: they would find a mutant and say nothing of the rule. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    include: ['test/functions/{approvals,changes,evidence,people,rollout}/**/*.test.ts'],
    exclude: ['test/functions/rollout/{together,invariants,windows}.test.ts', 'test/functions/evidence/python-verifier.test.ts'],
    testTimeout: 60_000,
  },
})
