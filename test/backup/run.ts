/**
 * Takes two hundred backups of busy servers and shows that each restores to what its customers had been told. Progress
 * goes to stderr, the summary to stdout; ends with status 1 when something was lost or invented or when the run was
 * blind, and then leaves what it worked on where it is.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { blindSpots, renderBackupReport } from './backup-report.ts'
import { BackupRun } from './backup-run.ts'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false },
  },
})
const backups = Number(values.count)
const seed = Number(values.seed)
if (values.help || !(Number.isSafeInteger(backups) && backups > 0) || !Number.isSafeInteger(seed)) {
  console.error('usage: node test/backup/run.ts [--count 200] [--seed N]')
  process.exit(values.help ? 0 : 2)
}

const directory = mkdtempSync(join(tmpdir(), 'recoup-backups-'))
console.error(`seed ${seed}, working in ${directory}`)
const run = new BackupRun({ directory, backups, seed, say: line => console.error(line) })
await run.run()
console.log(renderBackupReport(run.report))
if (run.report.faults.length > 0 || blindSpots(run.report).length > 0) process.exitCode = 1
else rmSync(directory, { recursive: true })
