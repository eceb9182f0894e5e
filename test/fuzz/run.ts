/**
 * Sends malformed and half right requests into a whole shop, in process and over sockets, and shows that none of them
 * gets a 5xx, ends it, holds it up, or changes a row and is refused. Progress goes to stderr, the counts to stdout; ends
 * with status 1 when one does or when the run was blind.
 */
import { parseArgs } from 'node:util'
import { blindSpots, type FuzzReport, renderFuzzReport } from './fuzz-report.ts'
import { fuzz } from './fuzz-run.ts'
import { fuzzSockets } from './socket-run.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    sockets: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false },
  },
})
const [requests, sockets, seed] = [values.requests, values.sockets, values.seed].map(Number)
const isCount = (number: number | undefined): number is number =>
  Number.isSafeInteger(number) && (number ?? -1) >= 0
if (values.help || !isCount(requests) || !isCount(sockets) || !isCount(seed)) {
  console.error('usage: npm run fuzz -- [--requests 1000000] [--sockets 0] [--seed N]')
  process.exit(values.help ? 0 : 2)
}

function conclude(what: string, report: FuzzReport): void {
  const blind = blindSpots(report, 20)
  console.log([renderFuzzReport(what, report), ...blind.map(spot => `BLIND: ${spot}`)].join('\n'))
  if (report.violation !== undefined || blind.length > 0) process.exitCode = 1
}

console.error(`seed ${seed}`)
const say = (line: string) => console.error(line)
if (requests > 0) conclude('in process', await fuzz({ requests, seed, say }))
if (sockets > 0) conclude('over sockets', await fuzzSockets({ requests: sockets, seed, say }))
