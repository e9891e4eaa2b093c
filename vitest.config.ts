import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Every core: vitest leaves one free, which is half of a machine with two.
    maxWorkers: '100%',
    projects: [
      { test: { name: 'unit', isolate: false, setupFiles: ['test/aws/setup.ts', 'test/setup.ts'], include: ['test/**/*.test.ts'], testTimeout: 60_000, exclude: ['test/e2e/**', 'test/infra/**', 'test/house/**', 'test/contract/**', 'test/statemachines/**', 'test/hosts/**'] } },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], globalSetup: 'test/contract/emulator.ts', testTimeout: 60_000 } },
      { test: { name: 'machines', include: ['test/statemachines/**/*.test.ts'] } },
      { test: { name: 'house', include: ['test/house/**/*.test.ts'] } },
      { test: { name: 'infra', include: ['test/infra/**/*.test.ts'], globalSetup: 'test/infra/bundles.ts', testTimeout: 120_000 } },
      { test: { name: 'hosts', include: ['test/hosts/**/*.test.ts'], maxConcurrency: 2, testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 900_000, fileParallelism: false } },
    ],
  },
})
