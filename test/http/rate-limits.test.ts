import { afterEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { rateOf } from '../../src/http/rate-limits.ts'
import { type RunningServer, startServer } from '../../src/http/server.ts'
import { networksOf } from '../../src/networks.ts'
import { createEmbeddedRateLimiter } from '../../src/persistence/rate-limits/embedded-rate-limiter.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { client } from './fake-client.ts'
import { fakeDependencies, type Overrides } from './fake-dependencies.ts'

const issue = { couponId: 4001, customerId: 1001 }
const reply = () => ({
  type: 'IssueCouponRejected',
  refusal: { code: 'COUPON_INSUFFICIENT', facts: { couponId: 4001 } },
})

function limited(overrides: Overrides = {}, clock = new SimulatedClock()) {
  return { rateLimiter: createEmbeddedRateLimiter(clock), reply, ...overrides }
}

/** The statuses of `times` requests, each different one with its count, in the order they came. */
async function statuses(times: number, request: (time: number) => Promise<{ status: number }>) {
  const counts = new Map<number, number>()
  for (let time = 0; time < times; time += 1) {
    const { status } = await request(time)
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return Object.fromEntries(counts)
}

describe('a customer', () => {
  const as = (customerId: number) => ({ 'X-Customer-Id': String(customerId) })

  test('who asks a route too often is told when to ask again, before the body is read', async () => {
    const clock = new SimulatedClock()
    const shop = client(limited({}, clock))
    const ask = (body: unknown = issue) => shop.send('POST', '/coupons/issue', body, as(1001))
    expect(await statuses(21, () => ask())).toEqual({ 409: 20, 429: 1 })

    const refused = await ask('{')
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', retryAfterS: 3 } })
    expect(refused.headers.get('retry-after')).toBe('3')
    expect(shop.dependencies.asked).toHaveLength(20)

    clock.advance(3_000)
    expect(await statuses(2, () => ask())).toEqual({ 409: 1, 429: 1 })
  })

  test('is counted alone, and on each route alone', async () => {
    const shop = client(limited())
    const ask = (customerId: number) =>
      shop.send('POST', '/coupons/issue', { ...issue, customerId }, as(customerId))
    await statuses(21, () => ask(1001))
    expect((await ask(1002)).status).toBe(409)
    expect((await shop.get('/orders/7001', as(1001))).status).toBe(200)
  })

  test('is counted on a route whatever it names there, and by HEAD as by GET', async () => {
    const app = createApp(fakeDependencies(limited()))
    const look = (time: number) =>
      app.request(`/orders/${time + 1}`, { headers: as(1001), method: time % 2 ? 'HEAD' : 'GET' })
    expect((await statuses(601, async time => look(time)))[429]).toBe(1)
  })
})

describe('a caller whom nobody knows', () => {
  const running: RunningServer[] = []
  afterEach(async () => {
    await Promise.all(running.splice(0).map(server => server.stop()))
  })

  async function serve(trustedProxies: string[]) {
    const settings = { ...fakeDependencies().settings, trustedProxies: networksOf(trustedProxies) }
    const app = createApp(fakeDependencies(limited({ settings })))
    const server = await startServer({ app, host: '127.0.0.1', port: 0 })
    running.push(server)
    return (forwardedFor: string) =>
      fetch(`${server.url}/coupons/issue`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': forwardedFor },
        body: JSON.stringify(issue),
      })
  }

  test('is counted by address, and a forged X-Forwarded-For changes nothing', async () => {
    const ask = await serve([])
    expect(await statuses(30, time => ask(`198.51.100.${time}`))).toEqual({ 409: 20, 429: 10 })
  })

  test('behind a trusted proxy is the one who came to it, whatever stands further left', async () => {
    const ask = await serve(['127.0.0.1'])
    expect(await statuses(21, time => ask(`198.51.100.${time}, 203.0.113.9`))).toEqual({ 409: 20, 429: 1 })
    expect((await ask('203.0.113.10')).status).toBe(409)
  })
})

describe('the rates', () => {
  const rateOfPath = (method: string, path: string) => rateOf(`${method} ${path}`, 'customer')

  test('do not bind what supervises the process, and bind every other route', async () => {
    const free = createApp(fakeDependencies()).routes.filter(
      ({ method, path }) => rateOfPath(method, path) === undefined,
    )
    expect(free.map(({ path }) => path)).toEqual(['/livez', '/readyz', '/metrics'])
    const shop = client(limited())
    expect(await statuses(700, () => shop.get('/readyz'))).toEqual({ 200: 700 })
  })

  test('are off where there is no limiter', async () => {
    const shop = client({ reply })
    expect(await statuses(30, () => shop.send('POST', '/coupons/issue', issue))).toEqual({ 409: 30 })
  })

  test('may be counted elsewhere, and a caller waits for the count', async () => {
    const takes: unknown[] = []
    const rateLimiter = {
      async take(...taken: unknown[]) {
        takes.push(taken)
        return 61_000
      },
    }
    const answer = await client({ reply, rateLimiter }).get('/orders/7001', { 'X-Customer-Id': '1001' })
    expect(answer).toMatchObject({ status: 429, body: { retryAfterS: 61 } })
    expect(takes).toEqual([['GET /orders/:id 1001', { uses: 600, perMs: 60_000 }]])
  })
})
