/**
 * Takes the data platform away under load and shows that payments go on, nothing is lost and the backlog drains by itself.
 * Progress goes to stderr, the figures to stdout; ends with status 1 when they fall short or say nothing.
 */

import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { blindSpots, renderOutageReport, shortfalls } from './outage-report.ts'
import { outageRun } from './outage-run.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '200' },
    way: { type: 'string', default: 'gone' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [seconds, pairsPerSecond] = [Number(values.seconds), Number(values.rate)]
const { way } = values
if (
  values.help ||
  !(Number.isInteger(seconds) && seconds >= 1) ||
  !(pairsPerSecond >= 1) ||
  (way !== 'gone' && way !== 'hangs')
) {
  console.error(
    'usage: npm run data-platform -- [--seconds 5] [--rate PAYMENTS-PER-SECOND] [--way gone|hangs] [--json]',
  )
  process.exit(values.help ? 0 : 2)
}

using directory = mkdtempDisposableSync(join(tmpdir(), 'recoup-platform-'))
const say = (line: string) => console.error(line)
const report = await outageRun({ directory: directory.path, seconds, pairsPerSecond, way, say })
console.log(values.json ? JSON.stringify(report) : renderOutageReport(report))
if (shortfalls(report).length > 0 || blindSpots(report).length > 0) process.exitCode = 1
