import { expect } from 'vitest'
import { temporaryDirectory } from '../../cli/temporary-directory.ts'
import { itTraces } from '../it-traces.ts'
import { sagaPathOf } from './saga-paths.ts'
import { killAtSyncs, syncReport } from './syncs-command.ts'

itTraces(
  'A server that is killed at a sync, and again at one of its recovery, loses nothing it acknowledged',
  async () => {
    using directory = temporaryDirectory()
    const runs = await killAtSyncs(
      [sagaPathOf('completed')],
      [{ directory: directory.path, tickSteps: 20, recoverySyncsMax: 1 }],
    )
    const report = syncReport(runs, 1)
    expect(report.faults).toEqual([])
    expect(report.blindSpots).toEqual([])
    expect(runs[0]?.recoveryKills).toBeGreaterThan(0)
  },
  120_000,
)

itTraces('A run of kills whose control is not found out says that it was blind', async () => {
  expect(syncReport([], 0).blindSpots).toContain('A server that answers before it commits was not found out.')
})
