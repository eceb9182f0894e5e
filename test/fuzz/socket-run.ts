import { once } from 'node:events'
import { connect } from 'node:net'
import { Random } from '../crash/random.ts'
import { blockMsMax, count, emptyReport, type FuzzReport } from './fuzz-report.ts'
import { RequestMaker } from './fuzz-request.ts'
import { openFuzzShop } from './fuzz-shop.ts'
import { watchLoop } from './loop-watch.ts'
import { type RawRequest, rawOf } from './raw-request.ts'

/** Few enough that a batch is often nothing but refusals. */
const connectionsAtOnce = 16

/** How long a server that may wait for more is waited for before the connection is ended, in milliseconds. */
const patienceMs = 25

/**
 * Sends bytes that are nearly HTTP to a listening server, many connections at once, until one is answered with a 5xx, a
 * batch of refusals changes a row, or the event loop is held up. Whatever came, the server has to answer in the end.
 */
export async function fuzzSockets(options: {
  requests: number
  seed: number
  say?: (line: string) => void
}): Promise<FuzzReport> {
  const { requests, seed, say = () => {} } = options
  const shop = await openFuzzShop()
  const server = await shop.listen('127.0.0.1', 0)
  const port = Number(new URL(server.url).port)
  const report = emptyReport(seed)
  const random = new Random(seed)
  const maker = new RequestMaker(shop.operations, shop.known, random)
  const begun = performance.now()
  const loop = watchLoop()
  try {
    while (report.requests < requests && report.violation === undefined) {
      const batch = Array.from({ length: Math.min(connectionsAtOnce, requests - report.requests) }, () => {
        const request = maker.next()
        return { route: request.route, raw: rawOf(request, random) }
      })
      const before = shop.written().state
      const answers = await Promise.all(batch.map(({ raw }) => exchange(port, raw)))
      let refusedOnly = true
      for (const [at, { route, raw }] of batch.entries()) {
        const statuses = answers[at] ?? []
        report.requests += 1
        count(report.routes, route)
        count(report.statuses, statuses[0] ?? 'none')
        if (raw.whole && statuses.length === 0) note('it was not answered', raw)
        if (statuses.some(status => status >= '500')) note(`status ${statuses}`, raw)
        if (statuses.some(status => mayWrite(route, status))) refusedOnly = false
      }
      const wrote = shop.written().state - before
      if (refusedOnly) report.compared += batch.length
      if (refusedOnly && wrote > 0)
        note(`${wrote} rows were written by refusals`, ...batch.map(({ raw }) => raw))
      if (report.requests % 32_000 === 0) say(`${report.requests} requests over sockets`)
    }
    report.longestMs = loop.stop()
    if (report.longestMs > blockMsMax)
      note(`the event loop was held up for ${report.longestMs.toFixed(0)} ms`)
    const answer = await fetch(`${server.url}/livez`)
    if (answer.status !== 200) note(`in the end /livez answers ${answer.status}`)
    if (shop.reports.length > 0) note(`it was reported: ${shop.reports[0]}`)
  } finally {
    report.durationMs = performance.now() - begun
    await server.stop()
    await shop.close()
  }
  return report

  function note(what: string, ...sent: RawRequest[]): void {
    report.violation ??= { what, request: sent.map(({ text }) => JSON.stringify(text)).join('\n') }
  }
}

/** A command that succeeded; or a payment that an actor refused, which was tried, and that is on disk. */
function mayWrite(route: string, status: string): boolean {
  if (route === 'POST /payments') return status !== '400'
  return status < '400' && !route.startsWith('GET ')
}

/** Sends the bytes over a connection of their own; the statuses that came back until it was closed. */
async function exchange(port: number, { text, whole }: RawRequest): Promise<string[]> {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.on('data', chunk => {
    received += chunk.toString('latin1')
    if (!whole) socket.end()
  })
  // A server that refuses in the middle of what is sent may cut the connection off.
  socket.on('error', () => {})
  const closed = once(socket, 'close').catch(() => {})
  socket.write(text, 'latin1')
  const ending = whole ? undefined : setTimeout(() => socket.end(), patienceMs)
  await closed
  clearTimeout(ending)
  return [...received.matchAll(/(?:^|\r\n|\})HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status ?? '')
}
