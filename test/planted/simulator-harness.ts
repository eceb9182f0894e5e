import { fileURLToPath } from 'node:url'
import type { Harness } from './harness.ts'

const hook = new URL('./plant.ts', import.meta.url).href
const simulator = fileURLToPath(new URL('../simulation/run.ts', import.meta.url))

interface SimulatorReport {
  readonly histories: number
  readonly violations: readonly { readonly broken: string; readonly sentence: string }[]
  readonly blindSpots: readonly string[]
}

/** The simulator over so many histories, up to the first in which something is wrong. */
export function simulatorHarness({ histories, seed }: { histories: number; seed: number }): Harness {
  return {
    name: 'simulator',
    unit: 'histories',
    timeoutMs: 3_600_000,
    command: bug => [
      ...(bug === undefined ? [] : ['--import', hook]),
      simulator,
      ...[
        '--histories',
        String(histories),
        '--seed',
        String(seed),
        '--stop-at-first',
        '--no-shrink',
        '--json',
      ],
    ],
    verdictOf({ status, stdout }) {
      const report = JSON.parse(stdout) as SimulatorReport
      const [violation] = report.violations
      if (violation !== undefined && status === 1) {
        return { broken: violation.broken, what: violation.sentence, after: report.histories }
      }
      if (violation === undefined && status === 0) return { after: report.histories }
      throw new Error(`The simulator ended with ${status}. ${report.blindSpots.join(' ')}`)
    },
  }
}
