import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Harness } from './harness.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface VitestReport {
  readonly numTotalTests: number
  readonly success: boolean
  readonly testResults: readonly {
    readonly name: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** The tests of the product that run it within their own process. */
export const testsHarness: Harness = {
  name: 'tests',
  unit: 'tests',
  timeoutMs: 600_000,
  command: (_bug, directory) => [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    join(root, 'test/planted/vitest.config.ts'),
    '--reporter=json',
    `--outputFile=${join(directory, 'report.json')}`,
  ],
  verdictOf({ status }, directory) {
    const report = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8')) as VitestReport
    const after = report.numTotalTests
    if (report.success !== (status === 0)) throw new Error(`Vitest ended with ${status}`)
    if (report.success) return { after }
    for (const file of report.testResults) {
      const failed = file.assertionResults.find(test => test.status === 'failed')
      if (failed !== undefined)
        return { broken: failed.fullName, what: failed.failureMessages[0] ?? '', after }
      if (file.message) return { broken: relative(root, file.name), what: file.message, after }
    }
    return { broken: 'an error outside of the tests', after }
  },
}
