/**
 * `npm run bench`: every load on both servers in turns, each turn on a fresh data directory, and the table of both.
 * Progress goes to stderr, the result to stdout. Ends with status 1 only when the run itself was faulty (answers a load
 * must not get, coupons that do not add up); a goal that is not met is said, not punished.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { CouponSpikeResult } from './coupon-spike.ts'
import { fsyncProbe } from './fsync-probe.ts'
import { faults, goals } from './goals.ts'
import { type Load, orderLoads, spikeLoad } from './loads.ts'
import type { OrderLoadResult } from './order-load.ts'
import { type Peer, peers, runNode, startServer } from './peer.ts'
import { percentile } from './percentile.ts'
import { resultsTable } from './results-table.ts'
import type { Turn } from './turn.ts'

const usage = `usage: npm run bench -- [--rounds 3] [--seconds 5] [--only recoup|hand-written] [--data DIR] [--json]`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string' },
    data: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const chosen = peers.filter(peer => values.only === undefined || peer.name === values.only)
if (values.help || !(rounds > 0) || !(Number(values.seconds) > 0) || chosen.length === 0) {
  console.error(usage)
  process.exit(values.help ? 0 : 2)
}

// When others use the machine too, even the ratios are rough.
const loadAverage = loadavg()[0]?.toFixed(1)
const turns: Turn[] = []
const fsyncs: number[] = []
const directory = mkdtempSync(join(resolve(values.data), 'recoup-bench-'))
try {
  for (let round = 1; round <= rounds; round += 1) {
    fsyncs.push(...fsyncProbe(directory))
    for (const load of [...orderLoads, spikeLoad]) {
      // Who goes first changes from round to round, so that neither always finds the disk the other left.
      for (const peer of round % 2 === 1 ? chosen : chosen.toReversed()) {
        const result = await measure(peer, load, round)
        turns.push({ round, peer: peer.name, load: load.name, result })
        console.error(`round ${round} of ${rounds}: ${load.name}, ${peer.name}: ${outline(result)}`)
      }
    }
  }
} finally {
  rmSync(directory, { recursive: true })
}

const fsync = { p50Ms: percentile(fsyncs, 50), p99Ms: percentile(fsyncs, 99) }
const environment = {
  date: new Date().toISOString(),
  commit: commit(),
  node: process.version,
  cpu: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
  'load average before': loadAverage,
}
const found = faults(turns)
if (values.json) {
  console.log(
    JSON.stringify({ environment, fsync, turns, goals: goals(turns, fsync.p50Ms), faults: found }, null, 2),
  )
} else {
  console.log(`
${Object.entries(environment)
  .map(([name, value]) => `${name}: ${value}`)
  .join('\n')}
fsync: p50 ${fsync.p50Ms.toFixed(2)} ms, p99 ${fsync.p99Ms.toFixed(2)} ms

${resultsTable(turns)}

${[...goals(turns, fsync.p50Ms), ...found.map(fault => `FAULTY  ${fault}`)].join('\n')}`)
}
process.exitCode = found.length === 0 ? 0 : 1

async function measure(peer: Peer, load: Load, round: number): Promise<OrderLoadResult | CouponSpikeResult> {
  const data = mkdtempSync(join(directory, `${peer.name}-`))
  const server = await startServer(peer, data)
  try {
    const target = ['--port', String(server.port), '--pid', String(server.pid)]
    const pace = ['--seconds', values.seconds, '--seed', String(round)]
    return JSON.parse(await runNode(['bench/load.ts', ...target, ...pace, ...load.args]))
  } finally {
    await server.stop()
    rmSync(data, { recursive: true })
  }
}

function outline(result: OrderLoadResult | CouponSpikeResult): string {
  return 'payments' in result
    ? `${result.paymentsPerSecond.toFixed(0)} payments/s, p99 ${result.p99Ms.toFixed(1)} ms`
    : `${result.issued} issued, p95 ${result.p95Ms.toFixed(1)} ms`
}

/** The commit that is measured, with a plus when the tree differs from it. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', ['--no-optional-locks', ...args], {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    }).trim()
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}
