/**
 * Uses thousands of idempotency keys, each many times at the same moment, on a server that is killed meanwhile, and shows
 * that each has one effect and one answer. Progress goes to stderr, the summary to stdout; ends with status 1 when
 * something was wrong or when the run was blind, and then leaves the data directory where it is.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Storm } from './storm.ts'
import { blindSpots, renderStormReport } from './storm-report.ts'

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '10000' },
    duplicates: { type: 'string', default: '20' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [keys = 0, duplicates = 0, kills = 0, seed = 0] = [
  values.keys,
  values.duplicates,
  values.kills,
  values.seed,
].map(Number)
if (values.help || !(keys > 0 && duplicates > 1 && kills >= 0) || !Number.isSafeInteger(seed)) {
  console.error(
    'usage: node test/storm/run.ts [--keys 10000] [--duplicates 20] [--kills 20] [--seed N] [--json]',
  )
  process.exit(values.help ? 0 : 2)
}

const directory = mkdtempSync(join(tmpdir(), 'recoup-storm-'))
console.error(`seed ${seed}, data directory ${directory}`)
const storm = new Storm({ directory, keys, duplicates, kills, seed, say: line => console.error(line) })
await storm.run()
console.log(values.json ? JSON.stringify(storm.report) : renderStormReport(storm.report))
if (storm.report.faults.length > 0 || blindSpots(storm.report).length > 0) process.exitCode = 1
else rmSync(directory, { recursive: true })
