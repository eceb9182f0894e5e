import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { client } from './fake-client.ts'
import { fakeDependencies } from './fake-dependencies.ts'

const allowed = 'https://shop.example'
const refusal = {
  type: 'PayOrderRejected',
  refusal: { code: 'PAYMENT_CANCELLED', facts: { orderId: 7001 } },
}

function shop(allowedOrigins: readonly string[] = []) {
  const { settings } = fakeDependencies()
  return client({ reply: () => refusal, settings: { ...settings, allowedOrigins } })
}

/** Tests ask for `http://localhost/…`, so that is whom they talk to. */
const pay = (headers: Record<string, string>, allowedOrigins?: readonly string[]) =>
  shop(allowedOrigins).send('POST', '/payments', { orderId: 7001 }, headers)

const letIn = { status: 409, body: { code: 'PAYMENT_CANCELLED' } }
const forbidden = { status: 403, body: { code: 'FORBIDDEN' } }

describe('a command', () => {
  test.each([
    ['no browser', {}],
    ['a page of its own', { Origin: 'http://localhost', 'Sec-Fetch-Site': 'same-origin' }],
    ['a page of its own behind a proxy that ends TLS', { Origin: 'https://localhost' }],
    ['a browser that was told to by its user', { 'Sec-Fetch-Site': 'none' }],
  ])('of %s is let in', async (_who, headers) => {
    expect(await pay(headers)).toMatchObject(letIn)
  })

  test.each([
    ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['another site, by a browser that says no more', { Origin: 'https://evil.example' }],
    ['another site that sends no Origin', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a neighbour on the same site', { Origin: 'http://blog.localhost', 'Sec-Fetch-Site': 'same-site' }],
    ['another port', { Origin: 'http://localhost:3000' }],
    ['a sandbox, a file or a redirect', { Origin: 'null' }],
    [
      'an own name that the browser does not believe',
      { Origin: 'http://localhost', 'Sec-Fetch-Site': 'cross-site' },
    ],
    ['nobody', { Origin: '' }],
    ['a name that begins like its own', { Origin: 'http://localhost.evil.example' }],
    ['something that is no origin', { Origin: 'localhost' }],
    ['something the browser never says', { 'Sec-Fetch-Site': 'friendly' }],
  ])('of a page of %s is forbidden', async (_whose, headers) => {
    expect(await pay(headers)).toMatchObject(forbidden)
  })

  test('of a form on another site is forbidden, whatever type the form gives it', async () => {
    const { send, dependencies } = shop()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { 'Content-Type': type, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
      expect(await send('POST', '/payments', '{"orderId":7001}', headers)).toMatchObject(forbidden)
    }
    expect(dependencies.asked).toEqual([])
  })

  test('of a form without Origin is refused for its type, and so is one of no type', async () => {
    expect(await pay({ 'Content-Type': 'text/plain' })).toMatchObject({ status: 415 })
    const app = createApp(fakeDependencies())
    const body = new Blob(['{"orderId":7001}'])
    expect(await app.request('/payments', { method: 'POST', body })).toMatchObject({ status: 415 })
  })

  test('of a page of an allowed origin is let in, and of one that is only like it is not', async () => {
    const from = (Origin: string) => pay({ Origin, 'Sec-Fetch-Site': 'cross-site' }, [allowed])
    expect(await from(allowed)).toMatchObject(letIn)
    for (const other of [
      'http://shop.example',
      'https://shop.example:444',
      'https://a.shop.example',
      'null',
    ]) {
      expect(await from(other)).toMatchObject(forbidden)
    }
  })

  test('is refused on every route that has one', async () => {
    const app = createApp(fakeDependencies())
    const commands = app.routes.filter(({ method }) => !['GET', 'ALL'].includes(method))
    expect(commands.length).toBeGreaterThan(5)
    for (const { method, path } of commands) {
      const headers = { Origin: 'https://evil.example', 'Content-Type': 'application/json' }
      const answer = await app.request(path.replace(/:\w+/g, '1'), { method, headers, body: '{}' })
      expect(answer.status, `${method} ${path}`).toBe(403)
      expect(await answer.json(), `${method} ${path}`).toMatchObject({ code: 'FORBIDDEN' })
    }
  })
})

describe('a question', () => {
  test('may come from any page: it changes nothing, and the page cannot read the answer', async () => {
    const answer = await shop().get('/orders/7001', { Origin: 'https://evil.example' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('of an allowed page may be read by it, answered or refused', async () => {
    for (const path of ['/orders/7001', '/orders/7002', '/orders/x', '/nothing']) {
      const { headers } = await shop([allowed]).get(path, { Origin: allowed })
      expect(headers.get('access-control-allow-origin')).toBe(allowed)
      expect(headers.get('access-control-allow-credentials')).toBe('true')
      expect(headers.get('vary')).toBe('Origin')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
    const other = await shop([allowed]).get('/orders/7001', { Origin: 'https://evil.example' })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('a preflight', () => {
  const preflight = (Origin: string, allowedOrigins: readonly string[]) =>
    createApp(fakeDependencies({ settings: { ...fakeDependencies().settings, allowedOrigins } })).request(
      '/payments',
      { method: 'OPTIONS', headers: { Origin, 'Access-Control-Request-Method': 'POST' } },
    )

  test('is no method of any path unless an origin is allowed', async () => {
    expect((await preflight(allowed, [])).status).toBe(405)
  })

  test('tells an allowed page what it may send, and another nothing of it', async () => {
    const answer = await preflight(allowed, [allowed])
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed)
    expect(answer.headers.get('access-control-allow-headers')).toContain('Idempotency-Key')
    expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH')
    const other = await preflight('https://evil.example', [allowed])
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('leaves a path that is not there, and a method it does not have, as they were', async () => {
    expect(await shop([allowed]).get('/nothing')).toMatchObject({ status: 404 })
    const answer = await shop([allowed]).send('DELETE', '/payments', {})
    expect(answer).toMatchObject({ status: 405, body: { allowed: ['POST'] } })
  })
})
