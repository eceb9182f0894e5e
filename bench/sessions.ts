/**
 * `npm run bench:sessions`: what it costs that customers show their sessions, and what a flood of logins does to those who
 * pay. Two servers with the same data, one behind a gateway, one with sessions, are given the same orders in turns, in
 * changing order; then the one with sessions as many with and without the flood. Prints medians and quartiles.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLoginFlood } from './login-flood.ts'
import { type OrderLoadResult, orderLoad } from './order-load.ts'
import { peers, type RunningServer, runNode, startServer } from './peer.ts'
import { median, percentile } from './percentile.ts'
import { addSessions, tokenOf } from './session-rows.ts'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '20' },
    orders: { type: 'string', default: '600' },
    strangers: { type: 'string', default: '32' },
    help: { type: 'boolean', default: false },
  },
})
const pairs = Number(values.pairs)
const orders = Number(values.orders)
if (values.help || !(pairs > 0) || !(orders > 0)) {
  console.error('usage: npm run bench:sessions -- [--pairs 20] [--orders 600] [--strangers 32]')
  process.exit(values.help ? 0 : 2)
}

const clients = 16
const directory = mkdtempSync(join(tmpdir(), 'recoup-sessions-'))
const running: RunningServer[] = []

async function open(auth: 'gateway' | 'session'): Promise<RunningServer> {
  const data = join(directory, auth)
  const [recoup] = peers
  if (recoup === undefined) throw new Error('There is nothing to measure')
  for (const command of recoup.prepare) await runNode([...command, '--data', data])
  addSessions(data)
  const environment = {
    RECOUP_AUTH: auth,
    RECOUP_RATE_LIMITS: 'off',
    // Strangers may come from anywhere.
    ...(auth === 'session' && { RECOUP_TRUSTED_PROXIES: '127.0.0.1' }),
  }
  const server = await startServer({ ...recoup, prepare: [], environment }, data)
  running.push(server)
  return server
}

const withSession = (customerId: number) => `Authorization: Bearer ${tokenOf(customerId)}\r\n`

/** `orders` orders, placed and paid. */
async function slice(
  { port, pid }: RunningServer,
  seed: number,
  hasSessions: boolean,
): Promise<OrderLoadResult> {
  const result = await orderLoad({
    ...{ port, pid, clients, warmUpMs: 0, measureMs: 60_000, hot: false, ordersMax: orders, seed },
    ...(hasSessions && { headersOf: withSession }),
  })
  if (Object.keys(result.errors).length > 0)
    throw new Error(`It went wrong: ${JSON.stringify(result.errors)}`)
  return result
}

const spread = (numbers: readonly number[], digits: number) =>
  `${median(numbers).toFixed(digits)} (${percentile(numbers, 25).toFixed(digits)} to ${percentile(numbers, 75).toFixed(digits)})`

try {
  const gateway = await open('gateway')
  const session = await open('session')
  const modes = [
    { server: gateway, hasSessions: false, cpu: [] as number[] },
    { server: session, hasSessions: true, cpu: [] as number[] },
  ]
  for (let pair = -2; pair < pairs; pair += 1) {
    for (const { server, hasSessions, cpu } of pair % 2 === 0 ? modes : modes.toReversed()) {
      const { cpuMicrosecondsPerPayment } = await slice(server, pair + 100, hasSessions)
      // The first of each only warm up.
      if (pair >= 0) cpu.push(cpuMicrosecondsPerPayment)
    }
  }
  const [without = [], having = []] = modes.map(({ cpu }) => cpu)
  const ratios = having.map((cpu, pair) => cpu / (without[pair] ?? Number.NaN))
  console.log(`CPU µs per payment over ${pairs} pairs of ${orders} orders, median and quartiles`)
  console.log(`  gateway  ${spread(without, 0)}`)
  console.log(`  session  ${spread(having, 0)}`)
  console.log(`  ratio    ${spread(ratios, 3)}`)

  const calm: number[] = []
  const flooded: number[] = []
  let compared = 0
  let sentAway = 0
  for (let pair = 0; pair < pairs; pair += 1) {
    calm.push((await slice(session, pair + 200, true)).payP99Ms)
    const flood = startLoginFlood(session.port, Number(values.strangers))
    flooded.push((await slice(session, pair + 300, true)).payP99Ms)
    const tried = flood.stop()
    compared += tried.compared
    sentAway += tried.sentAway
  }
  console.log(
    `p99 of a payment in ms with ${clients} clients, without and with ${values.strangers} who try passwords`,
  )
  console.log(`  calm     ${spread(calm, 1)}`)
  console.log(`  flooded  ${spread(flooded, 1)}; ${compared} passwords compared, ${sentAway} tries sent away`)
  console.log(
    `  ratio    ${spread(
      flooded.map((ms, pair) => ms / (calm[pair] ?? Number.NaN)),
      2,
    )}`,
  )
  console.log(`load average ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`)
} finally {
  await Promise.all(running.map(server => server.stop()))
  rmSync(directory, { recursive: true })
}
