import { defineConfig } from 'vitest/config'

/** The tests of the target that runs (mutation/run.ts). Modules are loaded anew for each mutant, and once for all of its test files. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    include: (process.env.DRYDOCK_MUTATION_TESTS ?? 'no-tests').split(' '),
    isolate: false,
    testTimeout: 60_000,
  },
})
