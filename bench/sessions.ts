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
import { pairedCpu, slice, spread } from './paired.ts'
import { peers, type RunningServer, runNode, startServer } from './peer.ts'
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

const headersOf = (customerId: number) => `Authorization: Bearer ${tokenOf(customerId)}\r\n`

try {
  const gateway = { server: await open('gateway') }
  const session = { server: await open('session'), headersOf }
  const { first, second, ratios } = await pairedCpu([gateway, session], pairs, orders)
  console.log(`CPU µs per payment over ${pairs} pairs of ${orders} orders, median and quartiles`)
  console.log(`  gateway  ${spread(first, 0)}`)
  console.log(`  session  ${spread(second, 0)}`)
  console.log(`  ratio    ${spread(ratios, 3)}`)

  const calm: number[] = []
  const flooded: number[] = []
  let compared = 0
  let sentAway = 0
  for (let pair = 0; pair < pairs; pair += 1) {
    calm.push((await slice(session, orders, pair + 200)).payP99Ms)
    const flood = startLoginFlood(session.server.port, Number(values.strangers))
    flooded.push((await slice(session, orders, pair + 300)).payP99Ms)
    const tried = flood.stop()
    compared += tried.compared
    sentAway += tried.sentAway
  }
  console.log(`p99 of a payment in ms without and with ${values.strangers} who try passwords`)
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
