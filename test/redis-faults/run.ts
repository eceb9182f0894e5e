/**
 * Runs a server under load while its Redis is killed, stopped, slow, flushed, lost by the network and full, each for a
 * while, and shows that payments, coupons, sessions and the ranking go on right and that Redis is in use again within 5 s
 * of its return. Progress goes to stderr, the figures to stdout; ends with status 1 when they fall short, or when a server
 * that waits for Redis for seconds, or one that believes sessions after their logout, is not found out.
 */
import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Alteration, alteredBy } from '../crash/alterations.ts'
import { faults, line, redisFaultsRun } from './redis-faults-run.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
if (values.help || !(seconds >= 2)) {
  console.error('usage: node test/redis-faults/run.ts [--seconds 5] [--json]')
  process.exit(values.help ? 0 : 2)
}

using directory = mkdtempDisposableSync(join(tmpdir(), 'recoup-redis-faults-'))
const report = await redisFaultsRun({ directory: directory.path, seconds, say: text => console.error(text) })

/** What a server is found out by that has `alteration` in its source, during the fault of this name. */
async function foundOut(name: string, alteration: Alteration): Promise<readonly string[]> {
  using controlDirectory = mkdtempDisposableSync(join(tmpdir(), 'recoup-redis-faults-'))
  const control = await redisFaultsRun({
    directory: controlDirectory.path,
    seconds: 3,
    chosen: faults.filter(fault => fault.name === name),
    environment: alteredBy([alteration]),
  })
  return control.faults.flatMap(fault => fault.shortfalls)
}

const waiting = await foundOut('stopped', {
  file: 'src/persistence/redis/redis-connection.ts',
  from: 'const commandTimeoutMs = 250',
  to: 'const commandTimeoutMs = 8_000',
})
const believing = await foundOut('nothing', {
  file: 'src/persistence/sessions/redis-sessions.ts',
  from: 'ended.add(tokenHash)',
  to: 'return',
})
const shortfalls = [
  ...report.shortfalls,
  ...(waiting.length > 0 ? [] : ['the server that waits for Redis was not found out']),
  ...(believing.some(shortfall => shortfall.endsWith('wrong sessions'))
    ? []
    : ['the server that believes ended sessions was not found out']),
]

console.log(
  values.json
    ? JSON.stringify({ ...report, controls: { waiting, believing }, shortfalls })
    : [
        ...report.faults.map(line),
        `control, waits for Redis: ${waiting.join('; ')}`,
        `control, believes ended sessions: ${believing.join('; ')}`,
        ...(shortfalls.length === 0 ? ['as it should be'] : shortfalls),
      ].join('\n'),
)
if (shortfalls.length > 0) process.exitCode = 1
