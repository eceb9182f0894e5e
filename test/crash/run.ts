/**
 * Kills the server a hundred times on one data directory and shows that nothing acknowledged is lost. Progress goes to
 * stderr, the summary to stdout; ends with status 1 when something was lost or when the run was blind, and then leaves
 * the data directory where it is.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { blindSpots, renderCrashReport } from './crash-report.ts'
import { CrashRun } from './crash-run.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false },
  },
})
const kills = Number(values.kills)
const seed = Number(values.seed)
if (values.help || !(kills > 0) || !Number.isSafeInteger(seed)) {
  console.error('usage: node test/crash/run.ts [--kills 100] [--seed N]')
  process.exit(values.help ? 0 : 2)
}

const directory = mkdtempSync(join(tmpdir(), 'recoup-crash-'))
console.error(`seed ${seed}, data directory ${directory}`)
const run = new CrashRun({ directory, kills, seed, say: line => console.error(line) })
await run.run()
console.log(renderCrashReport(run.report))
if (run.report.faults.length > 0 || blindSpots(run.report).length > 0) process.exitCode = 1
else rmSync(directory, { recursive: true })
