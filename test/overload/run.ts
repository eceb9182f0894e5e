/**
 * Offers a slowed server up to ten times of what it can do and shows that it goes on paying, refuses the rest quickly and
 * is normal again soon. Progress goes to stderr, the figures to stdout; ends with status 1 when they fall short or say
 * nothing. `--always-open` is the control: with a door that never closes they must fall short.
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
    'always-open': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
if (values.help || !(Number.isInteger(seconds) && seconds >= 3)) {
  console.error('usage: node test/overload/run.ts [--seconds 60] [--always-open] [--json]')
  process.exit(values.help ? 0 : 2)
}

using directory = mkdtempDisposableSync(join(tmpdir(), 'recoup-overload-'))
const report = await overloadRun({
  directory: directory.path,
  seconds,
  ...(values['always-open'] && { environment: { RECOUP_OVERLOAD_MS: '600000' } }),
  say: line => console.error(line),
})
console.log(values.json ? JSON.stringify(report) : renderOverloadReport(report))
if (shortfalls(report).length > 0 || blindSpots(report).length > 0) process.exitCode = 1
