/**
 * Damages rows of a data directory on disk and shows who notices. Progress goes to stderr, the summary to stdout; ends
 * with status 1 when something was not noticed that has to be, or when the run was blind.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { faultsOf, renderDamageReport } from './damage-report.ts'
import { runDamage } from './damage-run.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    payments: { type: 'string', default: '3000' },
    files: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [rows, payments, files, seed] = [values.rows, values.payments, values.files, values.seed].map(Number)
const isCount = (count: number | undefined, least: number): count is number =>
  Number.isSafeInteger(count) && (count ?? 0) >= least
if (values.help || !isCount(rows, 1) || !isCount(payments, 1) || !isCount(files, 0) || !isCount(seed, 0)) {
  console.error(
    'usage: node test/damage/run.ts [--rows 10000] [--payments 3000] [--files 200] [--seed N] [--json]',
  )
  process.exit(values.help ? 0 : 2)
}

const directory = mkdtempSync(join(tmpdir(), 'recoup-damage-'))
console.error(`seed ${seed}`)
try {
  const report = await runDamage({ directory, rows, payments, files, seed, say: line => console.error(line) })
  const faults = faultsOf(report)
  console.log(values.json ? JSON.stringify({ ...report, faults }) : renderDamageReport(report))
  if (faults.length > 0) process.exitCode = 1
} finally {
  rmSync(directory, { recursive: true })
}
