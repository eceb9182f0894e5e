/**
 * The competitor: what one would write by hand for orders, payments and coupons, and nothing more. node:http in front,
 * prepared statements behind, and group commit: the requests of one turn of the event loop share one transaction, and
 * none is answered before its COMMIT. Every start makes a new database in `--data`.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { openBooks, type Reply } from './hand-written-books.ts'
import { issueRequest, orderRequest, paymentRequest } from './hand-written-requests.ts'

const bodyBytesMax = 1_048_576
const invalid: Reply = {
  status: 400,
  body: '{"type":"about:blank","title":"Bad Request","status":400,"code":"INVALID_ARGUMENT"}',
}
const missing: Reply = {
  status: 404,
  body: '{"type":"about:blank","title":"Not Found","status":404,"code":"ROUTE_NOT_FOUND"}',
}
const unavailable: Reply = {
  status: 503,
  body: '{"type":"about:blank","title":"Service Unavailable","status":503,"code":"UNAVAILABLE"}',
}

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, data: { type: 'string' } },
})
if (values.data === undefined) throw new Error('--data DIR is needed')
const books = openBooks(values.data)

let waiting: { response: ServerResponse; work: () => Reply }[] = []

/** Does everything this turn of the event loop brought in, in one transaction, and answers it. */
function flush(): void {
  const batch = waiting
  waiting = []
  let replies: readonly Reply[]
  try {
    replies = books.commit(() => batch.map(({ work }) => work()))
  } catch (error) {
    console.error(error)
    replies = batch.map(() => unavailable)
  }
  for (const [index, { response }] of batch.entries()) answer(response, replies[index] ?? unavailable)
}

function answer(response: ServerResponse, { status, body }: Reply): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  response.writeHead(status, ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(body))])
  response.end(body)
}

/** What a request asks for, ready to run in a transaction; or `undefined` when its body is not valid. */
function workOf(url: string | undefined, text: string): (() => Reply) | undefined {
  const body = JSON.parse(text) as unknown
  if (url === '/orders') {
    const request = orderRequest(body)
    return request && (() => books.order(request))
  }
  if (url === '/payments') {
    const request = paymentRequest(body)
    return request && (() => books.pay(request))
  }
  const request = issueRequest(body)
  return request && (() => books.issue(request))
}

const server = createServer((request, response) => {
  const { method, url } = request
  if (method === 'GET' && url === '/livez') return answer(response, { status: 200, body: '{"status":"ok"}' })
  if (method !== 'POST' || (url !== '/orders' && url !== '/payments' && url !== '/coupons/issue')) {
    return answer(response, missing)
  }
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    text += chunk
    if (text.length > bodyBytesMax) request.destroy()
  })
  request.on('end', () => {
    let work: (() => Reply) | undefined
    try {
      work = workOf(url, text)
    } catch {
      // Not JSON: as invalid as any other body.
    }
    if (work === undefined) return answer(response, invalid)
    if (waiting.length === 0) setImmediate(flush)
    waiting.push({ response, work })
  })
})

server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.once('SIGTERM', () => {
  server.close(() => books.close())
  server.closeIdleConnections()
})
