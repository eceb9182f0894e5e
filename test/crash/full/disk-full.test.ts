import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../cli/temporary-directory.ts'
import { fillDiskUnderLoad } from './disk-full-run.ts'
import { fullControl, fullReport } from './full-command.ts'

it('A server on a full disk answers questions, refuses the rest, and goes on when there is space', async context => {
  using directory = temporaryDirectory()
  const seed = 3
  const figures = await fillDiskUnderLoad({ directory: `${directory.path}/real`, rounds: 2, seed })
  const control = await fullControl(`${directory.path}/control`, seed)
  const report = fullReport(seed, figures, control)
  if (figures === undefined) {
    process.stderr.write(`Skipped: ${report.blindSpots}\n`)
    context.skip()
  }
  expect(report.faults).toEqual([])
  expect(report.blindSpots).toEqual([])
  expect(figures?.reads).toBe(8)
}, 120_000)
