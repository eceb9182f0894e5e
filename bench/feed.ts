/**
 * `npm run bench:feed`: what it costs payments that somebody watches the live feed. Two servers with the same data are
 * given the same orders in turns, in changing order; one of them has a viewer who sees everything. Then many watch, and
 * the memory of both is compared. Prints medians and quartiles.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startFeedViewer } from './feed-viewer.ts'
import { pairedCpu, slice, spread } from './paired.ts'
import { peers, type RunningServer, startServer } from './peer.ts'
import { residentBytes } from './process-usage.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '20' },
    orders: { type: 'string', default: '1000' },
    viewers: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
})
const pairs = Number(values.pairs)
const orders = Number(values.orders)
const viewers = Number(values.viewers)
if (values.help || !(pairs > 0) || !(orders > 0) || !(viewers > 0)) {
  console.error('usage: npm run bench:feed -- [--pairs 20] [--orders 1000] [--viewers 20]')
  process.exit(values.help ? 0 : 2)
}

const operatorToken = 'a-token-of-the-bench'
const directory = mkdtempSync(join(tmpdir(), 'recoup-feed-'))
const running: RunningServer[] = []

async function open(name: string) {
  const [recoup] = peers
  if (recoup === undefined) throw new Error('There is nothing to measure')
  const environment = { RECOUP_OPERATOR_TOKEN: operatorToken }
  const server = await startServer({ ...recoup, environment }, join(directory, name))
  running.push(server)
  return { server }
}

const megabytes = (bytes: number) => bytes / 1_000_000

try {
  const unseen = await open('unseen')
  const watched = await open('watched')
  const viewer = await startFeedViewer(watched.server.port, operatorToken)
  const { first, second, ratios } = await pairedCpu([unseen, watched], pairs, orders)
  console.log(`CPU µs per payment over ${pairs} pairs of ${orders} orders, median and quartiles`)
  console.log(`  nobody watches  ${spread(first, 0)}`)
  console.log(`  one viewer      ${spread(second, 0)}`)
  console.log(`  ratio           ${spread(ratios, 3)}`)
  const { rows, gaps, bytes } = viewer.seen
  console.log(`  the viewer saw ${rows} rows in ${megabytes(bytes).toFixed(1)} MB, and ${gaps} gaps`)

  const contenders = [unseen, watched]
  const before = contenders.map(({ server }) => residentBytes(server.pid))
  const crowd = await Promise.all(
    Array.from({ length: viewers - 1 }, () => startFeedViewer(watched.server.port, operatorToken)),
  )
  const growths: number[][] = [[], []]
  for (let round = 0; round < pairs; round += 1) {
    for (const [place, contender] of contenders.entries()) {
      await slice(contender, orders, round + 500)
      growths[place]?.push(megabytes(residentBytes(contender.server.pid) - (before[place] ?? 0)))
    }
  }
  console.log(`memory in MB more than before, over ${pairs} times ${orders} orders`)
  console.log(`  nobody watches  ${spread(growths[0] ?? [], 1)}`)
  console.log(`  ${viewers} viewers      ${spread(growths[1] ?? [], 1)}`)
  for (const { leave } of [viewer, ...crowd]) leave()
  console.log(`load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`)
} finally {
  await Promise.all(running.map(server => server.stop()))
  rmSync(directory, { recursive: true })
}
