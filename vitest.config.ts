import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores; every server of a test is a real one.
    maxWorkers: 2,
    // Only stops what hangs: a busy machine takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
