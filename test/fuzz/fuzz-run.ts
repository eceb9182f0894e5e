import { Random } from '../crash/random.ts'
import { blockMsMax, count, emptyReport, type FuzzReport } from './fuzz-report.ts'
import { type FuzzRequest, RequestMaker } from './fuzz-request.ts'
import { type FuzzShop, openFuzzShop } from './fuzz-shop.ts'

export interface FuzzOptions {
  readonly requests: number
  readonly seed: number
  /** Stands between the requests and the app: a control puts its fault there. */
  readonly altered?: (shop: FuzzShop) => (request: Request) => Response | Promise<Response>
  readonly say?: (line: string) => void
}

const turn = () => new Promise(setImmediate)

/**
 * Sends requests into the app of a whole shop, one after the other, until something happens that must not: a 5xx, an
 * exception, a row of the shop's state changed by a refusal, a request that computes for longer than the event loop may
 * be held up, or a prototype that somebody wrote to.
 */
export async function fuzz({ requests, seed, altered, say = () => {} }: FuzzOptions): Promise<FuzzReport> {
  const shop = await openFuzzShop()
  const report = emptyReport(seed)
  const maker = new RequestMaker(shop.operations, shop.known, new Random(seed))
  const fetch = altered?.(shop) ?? ((request: Request) => shop.app.fetch(request))
  const prototypes = protoNames()
  const begun = performance.now()
  try {
    while (report.requests < requests && report.violation === undefined) {
      const request = maker.next()
      const made = requestOf(request)
      // Some of what can be written over a socket cannot be said here at all.
      if (made === undefined) continue
      const what = await sendOne(shop, request, () => fetch(made), report)
      const broken = what ?? (protoNames() === prototypes ? undefined : 'a prototype was written to')
      if (broken !== undefined) report.violation = { what: broken, request: JSON.stringify(request) }
      if (report.requests % 100_000 === 0) say(`${report.requests} requests`)
    }
    const [reported] = shop.reports
    if (reported !== undefined) report.violation ??= { what: `it was reported: ${reported}`, request: '' }
  } finally {
    report.durationMs = performance.now() - begun
    await shop.close()
  }
  return report
}

/** Where nothing of a refusal is noted; what staff do and try is, and so are logins. */
const customersRoute =
  /^(?:GET (?!\/operator)|PATCH \/balances\/charge|POST \/(?:orders|payments|coupons\/issue|orders\/\{id\}\/(?:cancel|returns))$)/

/** Sends one request and says what is wrong with what came of it. */
async function sendOne(
  shop: FuzzShop,
  request: FuzzRequest,
  send: () => Response | Promise<Response>,
  report: FuzzReport,
): Promise<string | undefined> {
  const before = shop.written()
  const paying = request.route === 'POST /payments'
  const balancesBefore = paying ? shop.balances() : ''
  const cpuBefore = process.threadCpuUsage()
  let answer: Response
  let text: string
  try {
    answer = await send()
    text = await answer.text()
  } catch (error) {
    return `it was thrown: ${String(error)}`
  }
  // Time that this thread computed: on a busy machine the clock on the wall says more about others.
  const { user, system } = process.threadCpuUsage(cpuBefore)
  const tookMs = (user + system) / 1_000
  const { status } = answer
  report.requests += 1
  report.longestMs = Math.max(report.longestMs, tookMs)
  count(report.statuses, String(status))
  count(report.routes, request.route)

  if (status >= 500) return `status ${status}: ${text}`
  if (tookMs > blockMsMax) return `it computed for ${tookMs.toFixed(0)} ms`
  // What was accepted, or turned away at a door of the staff, may still have something to write.
  if (status < 400 || status === 401 || status === 403) await turn()
  if (status < 400) {
    const placed =
      status === 201 && request.route === 'POST /orders'
        ? (JSON.parse(text) as { orderId: number })
        : undefined
    if (placed !== undefined) shop.known.orderId.push(placed.orderId)
    return undefined
  }
  report.compared += 1
  const after = shop.written()
  const wrote = `it was refused with ${status}, and yet`
  if (paying && shop.balances() !== balancesBefore) return `${wrote} a wallet has changed`
  if (isAttempt(request, status, text)) return undefined
  if (after.state !== before.state) return `${wrote} ${after.state - before.state} rows were written: ${text}`
  const mayNote =
    status === 409 || request.headers['Idempotency-Key'] !== undefined || !customersRoute.test(request.route)
  if (after.notes !== before.notes && !mayNote) return `${wrote} something was noted: ${text}`
  return undefined
}

/** An order that is there was tried to be paid: why that came to nothing is on disk, with all of it undone. */
function isAttempt({ route }: FuzzRequest, status: number, answer: string): boolean {
  return route === 'POST /payments' && (status === 409 || answer.includes('"CUSTOMER_COUPON_NOT_FOUND"'))
}

/** `undefined` where the fetch standard does not let it be said. */
function requestOf({ method, target, headers, body }: FuzzRequest): Request | undefined {
  try {
    return new Request(`http://shop${target}`, {
      method,
      headers,
      ...(body !== undefined && { body: Buffer.from(body, 'latin1') }),
    })
  } catch {
    return undefined
  }
}

function protoNames(): string {
  return [Object.prototype, Array.prototype, Function.prototype]
    .map(prototype => Object.getOwnPropertyNames(prototype).length)
    .join()
}
