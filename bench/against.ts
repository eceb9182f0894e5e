/**
 * `npm run bench:against -- CHECKOUT`: CPU per payment of this checkout beside another one of the same product, in gateway
 * mode. Prints medians and quartiles; whoever reads them decides what they mean.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { pairedCpu, spread } from './paired.ts'
import { peers, type RunningServer, startServer } from './peer.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '20' },
    orders: { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
})
const pairs = Number(values.pairs)
const orders = Number(values.orders)
const [other] = positionals
if (values.help || other === undefined || !(pairs > 0) || !(orders > 0)) {
  console.error('usage: npm run bench:against -- CHECKOUT [--pairs 20] [--orders 1000]')
  process.exit(values.help ? 0 : 2)
}

const directory = mkdtempSync(join(tmpdir(), 'recoup-against-'))
const running: RunningServer[] = []

async function open(root: string, name: string) {
  const [recoup] = peers
  if (recoup === undefined) throw new Error('There is nothing to measure')
  const server = await startServer({ ...recoup, root: resolve(root) }, join(directory, name))
  running.push(server)
  return { server }
}

try {
  const theirs = await open(other, 'theirs')
  const ours = await open('.', 'ours')
  const { first, second, ratios } = await pairedCpu([theirs, ours], pairs, orders)
  console.log(`CPU µs per payment over ${pairs} pairs of ${orders} orders, median and quartiles
  ${other}  ${spread(first, 0)}
  here  ${spread(second, 0)}
  ratio ${spread(ratios, 3)}
load average ${loadavg()[0]?.toFixed(1)}`)
} finally {
  for (const server of running) await server.stop()
  rmSync(directory, { recursive: true })
}
