/**
 * Offers a slowed server up to ten times of what it can do and shows that it goes on paying, refuses the rest quickly and
 * is normal again soon. Progress goes to stderr, the figures to stdout; ends with status 1 when they fall short or say
 * nothing. `--overload-ms 600000`, a door that never closes, is the control: then they must fall short.
 */

import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { blindSpots, renderOverloadReport, shortfalls } from './overload-report.ts'
import { overloadRun } from './overload-run.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    'overload-ms': { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
const overloadMs = values['overload-ms'] === undefined ? undefined : Number(values['overload-ms'])
if (values.help || !(Number.isInteger(seconds) && seconds >= 3) || Number.isNaN(overloadMs)) {
  console.error('usage: node test/overload/run.ts [--seconds 60] [--overload-ms N] [--json]')
  process.exit(values.help ? 0 : 2)
}

using directory = mkdtempDisposableSync(join(tmpdir(), 'recoup-overload-'))
const report = await overloadRun({
  directory: directory.path,
  seconds,
  overloadMs,
  say: line => console.error(line),
})
console.log(values.json ? JSON.stringify(report) : renderOverloadReport(report))
if (shortfalls(report).length > 0 || blindSpots(report).length > 0) process.exitCode = 1
