import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { patience, type RunningServer, startServer } from '../../src/http/server.ts'
import { fakeDependencies, type Overrides } from './fake-dependencies.ts'

/** Short enough to wait for, long enough for a busy machine to send a whole request in. */
const impatient = {
  headersTimeout: 200,
  requestTimeout: 200,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 20,
}

const running: RunningServer[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map(server => server.stop()))
})

async function start(overrides?: Overrides, timeouts?: typeof impatient) {
  const dependencies = fakeDependencies(overrides)
  const server = await startServer({
    app: createApp(dependencies),
    host: '127.0.0.1',
    port: 0,
    ...(timeouts && { timeouts }),
  })
  running.push(server)
  return { ...server, dependencies }
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

/** Sends `request` as it stands and reads until the server closes the connection. */
async function exchange(port: number, request: string) {
  const socket = await open(port)
  socket.write(request)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  return { head, problem: body.startsWith('{') ? JSON.parse(body) : undefined }
}

const post = (headers: string, body = '') =>
  `POST /payments HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nContent-Type: application/json\r\n${headers}\r\n${body}`

const chunk = (bytes: number) => `${bytes.toString(16)}\r\n${' '.repeat(bytes)}\r\n`

describe('a request that is no good', () => {
  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'INVALID_ARGUMENT'],
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'INVALID_ARGUMENT'],
    ['a bad Host', 'GET /livez HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400, 'INVALID_ARGUMENT'],
    ['a bad target', 'GET ///:::/ HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n', 400, 'INVALID_ARGUMENT'],
    [
      'headers of 17 KiB',
      `GET /livez HTTP/1.1\r\nHost: shop\r\nX: ${'x'.repeat(17 * 1024)}\r\n\r\n`,
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'a URL of 5 KiB',
      `GET /products?q=${'x'.repeat(5 * 1024)} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n`,
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'two lengths',
      post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
      400,
      'INVALID_ARGUMENT',
    ],
    ['an announced body of 64 KiB and one', post('Content-Length: 65537\r\n'), 413, 'BODY_TOO_LARGE'],
    [
      'a chunked body of 65 KiB',
      post('Transfer-Encoding: chunked\r\n', chunk(65 * 1024)),
      413,
      'BODY_TOO_LARGE',
    ],
    [
      'a chunked order of 257 KiB',
      post('Transfer-Encoding: chunked\r\n', chunk(257 * 1024)).replace('/payments', '/orders'),
      413,
      'BODY_TOO_LARGE',
    ],
    [
      'JSON of 33 levels',
      post('Transfer-Encoding: chunked\r\n', `42\r\n${'['.repeat(33)}${']'.repeat(33)}\r\n0\r\n\r\n`),
      400,
      'INVALID_ARGUMENT',
    ],
    ['a length that is none', post('Content-Length: -1\r\n'), 400, 'INVALID_ARGUMENT'],
    [
      'a header without an end',
      `GET /livez HTTP/1.1\r\nHost: shop\r\nX${' '.repeat(9)}\r\n\r\n`,
      400,
      'INVALID_ARGUMENT',
    ],
    ['a broken chunk', post('Transfer-Encoding: chunked\r\n', 'xyz\r\n'), 400, 'INVALID_ARGUMENT'],
  ])('answers a problem to %s', async (_what, request, status, code) => {
    const { port, dependencies } = await start()
    const answer = await exchange(port, request)
    expect(answer.head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer.head).toMatch(/content-type: application\/problem\+json/i)
    expect(answer.head).toMatch(/x-content-type-options: nosniff/i)
    expect(answer.head).not.toMatch(/^(?:server|x-powered-by|via):/im)
    expect(answer.problem).toMatchObject({ status, code })
    expect(dependencies.faults).toEqual([])
  })

  test('of a good chunked body is none', async () => {
    const { port, dependencies } = await start({
      reply: () => ({
        type: 'PayOrderRejected',
        refusal: { code: 'PAYMENT_CANCELLED', facts: { orderId: 7001 } },
      }),
    })
    const chunks = '8\r\n{"orderI\r\n8\r\nd":7001}\r\n0\r\n\r\n'
    const answer = await exchange(port, post('Transfer-Encoding: chunked\r\n', chunks))
    expect(answer.problem).toMatchObject({ status: 409, code: 'PAYMENT_CANCELLED' })
    expect(dependencies.asked).toHaveLength(1)
  })
})

describe('a slow client', () => {
  test.each([
    ['headers', 'GET /livez HTTP/1.1\r\nHost: shop\r\n'],
    ['body', post('Content-Length: 20\r\n', '{"orderId"')],
  ])('is cut off in the middle of its %s', async (_what, request) => {
    const { port, dependencies } = await start({}, impatient)
    const answer = await exchange(port, request)
    expect(answer.head).toMatch(/^HTTP\/1.1 408 /)
    expect(answer.problem).toMatchObject({ code: 'REQUEST_TIMEOUT' })
    expect(dependencies.asked).toEqual([])
    expect(dependencies.faults).toEqual([])
  })

  test.each([
    ['headers', 'GET /livez HTTP/1.1\r\nHost: shop\r\nX: '],
    ['body', post('Content-Length: 100000\r\n', ' ')],
  ])(
    'that sends its %s byte by byte is cut off all the same: each byte is no new beginning',
    async (_what, begin) => {
      const { port, dependencies } = await start({}, impatient)
      const socket = await open(port)
      socket.write(begin)
      const dripping = setInterval(() => socket.writable && socket.write('x'), 10)
      const [head = ''] = (await text(socket).catch(() => 'HTTP/1.1 408 cut off')).split('\r\n')
      clearInterval(dripping)
      expect(head).toMatch(/^HTTP\/1.1 (?:408|413) /)
      expect(dependencies.faults).toEqual([])
    },
  )

  test('that keeps its connection open and asks nothing is let go after a while', async () => {
    const { port } = await start({}, { ...impatient, keepAliveTimeout: 50 })
    const socket = await open(port)
    socket.write('GET /livez HTTP/1.1\r\nHost: shop\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /)
  })

  test('does not keep others waiting', async () => {
    const { url, port } = await start({}, { ...impatient, headersTimeout: 60_000, requestTimeout: 60_000 })
    const slow = await Promise.all(Array.from({ length: 200 }, () => open(port)))
    for (const socket of slow) socket.write(post('Content-Length: 20\r\n', '{"orderId"'))
    expect((await fetch(`${url}/orders/7001`)).status).toBe(200)
    for (const socket of slow) socket.destroy()
  })

  test('that goes away in the middle of its body is no fault of ours', async () => {
    const { port, stop, dependencies } = await start()
    const socket = await open(port)
    socket.write(post('Content-Length: 20\r\n', '{"orderId"'))
    socket.end()
    await text(socket)
    await stop()
    running.pop()
    expect(dependencies.faults).toEqual([])
  })
})

describe('a limit', () => {
  test('lets in what is just within it: headers, URL, body, an order', async () => {
    const { port, dependencies } = await start({
      reply: () => ({
        type: 'PayOrderRejected',
        refusal: { code: 'PAYMENT_CANCELLED', facts: { orderId: 7001 } },
      }),
    })
    const padded = (length: number) => '{"orderId":7001}'.padEnd(length)
    const get = (rest: string) => `GET /products${rest}Connection: close\r\n\r\n`
    const answers = [
      await exchange(port, get(`?unknown=${'x'.repeat(4_000)} HTTP/1.1\r\nHost: shop\r\n`)),
      await exchange(port, get(` HTTP/1.1\r\nHost: shop\r\nX: ${'x'.repeat(16_000)}\r\n`)),
      await exchange(port, post('Content-Length: 65536\r\n', padded(65_536))),
      await exchange(port, post('Transfer-Encoding: chunked\r\n', `10000\r\n${padded(65_536)}\r\n0\r\n\r\n`)),
    ]
    expect(answers.map(({ head }) => head.slice(9, 12))).toEqual(['200', '200', '409', '409'])
    expect(dependencies.asked).toHaveLength(2)
  })

  test('is as long in time as the contract says', () => {
    expect(patience).toEqual({
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
    })
  })
})

describe('startServer', () => {
  test('says in one sentence that the port is in use', async () => {
    const { port } = await start()
    const app = createApp(fakeDependencies())
    await expect(startServer({ app, host: '127.0.0.1', port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the port is in use.`,
    )
  })

  test('names the address that was taken', async () => {
    const { url, port } = await start()
    expect(url).toBe(`http://127.0.0.1:${port}`)
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'ok' })
  })
})

describe('stop', () => {
  test('lets a running request end, closes the idle and the half sent, and takes in nothing more', async () => {
    const { promise, resolve } = Promise.withResolvers<object>()
    const { url, port, stop, dependencies } = await start({ reply: () => promise })
    running.pop()
    const idle = await open(port)
    const halfSent = await open(port)
    halfSent.write('GET /livez HTTP/1.1\r\n')
    const answer = fetch(`${url}/payments`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"orderId":7001}',
    })
    await expect.poll(() => dependencies.asked).toHaveLength(1)

    const stopped = stop()
    await expect(fetch(`${url}/livez`)).rejects.toThrow()
    resolve({ type: 'PayOrderRejected', refusal: { code: 'PAYMENT_CANCELLED', facts: { orderId: 7001 } } })
    expect((await answer).status).toBe(409)
    await stopped
    await Promise.all([text(idle), text(halfSent).catch(() => undefined)])
  })

  test('cuts off whoever never sends the rest of a request', async () => {
    const { port, stop } = await start({}, { ...impatient, connectionsCheckingInterval: 60_000 })
    running.pop()
    const socket = await open(port)
    socket.write(post('Content-Length: 20\r\n', '{"orderId"'))
    const cut = text(socket).catch(() => 'cut off')
    await expect.poll(() => socket.bytesWritten).toBeGreaterThan(0)
    await stop()
    await cut
  })
})
