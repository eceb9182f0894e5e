import { expect } from 'vitest'
import { temporaryDirectory } from '../../cli/temporary-directory.ts'
import { itTraces } from '../it-traces.ts'
import { errorReport, failEach, failuresBelieved } from './errors-command.ts'

itTraces(
  'A server whose disk fails acknowledges nothing that failed, and recovers',
  async () => {
    using directory = temporaryDirectory()
    const runs = await failEach({ directory: directory.path, until: 2, step: 2 })
    expect(runs.flatMap(({ faults }) => faults)).toEqual([])
    expect(runs.map(({ fired }) => fired)).toEqual([2, 2, 2, 2])
    expect(runs.map(({ ended, refused }) => [ended, refused])).toEqual([
      [1, 0],
      [1, 0],
      [0, 2],
      [0, 2],
    ])
    // The second sync of a log is that of the directory it was made in.
    expect(runs.map(({ directory: ofDirectory }) => ofDirectory)).toEqual([1, 1, 0, 0])
  },
  120_000,
)

itTraces(
  'A server that believes in failed commits is found out',
  async () => {
    using directory = temporaryDirectory()
    const control = await failuresBelieved(directory.path)
    expect(errorReport([], control).blindSpots).toEqual([])
    expect(errorReport(control, []).faults.length).toBeGreaterThan(0)
  },
  120_000,
)
