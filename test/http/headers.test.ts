import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { windowPaths } from '../support/window-paths.ts'
import { fakeDependencies } from './fake-dependencies.ts'

const guarded = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
const json = { ...guarded, 'content-type': 'application/json' }
const problem = { ...guarded, 'content-type': 'application/problem+json' }

/** Nobody says who asks. */
const challenged = { ...problem, 'www-authenticate': 'Bearer realm="recoup"' }

/** It may load what is served here, and nothing else. */
const page = {
  ...guarded,
  'cache-control': 'no-cache',
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

/** Every header of an answer, by route, where there is more to it than JSON. Whoever adds such a route says so here. */
const others: Record<string, object> = {
  'POST /orders/:id/cancel': { ...json, location: '/orders/7001' },
  'GET /customers/me': challenged,
  'PATCH /customers/me': challenged,
  'GET /metrics': { ...guarded, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  'GET /docs': {
    ...guarded,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
      "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  },
  'GET /docs/standalone.js': {
    ...guarded,
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=3600',
  },
}

for (const path of windowPaths) others[`GET ${path}`] = page
others['GET /'] = { ...guarded, location: '/console' }
others['GET /console/assets/*'] = problem

const routes = createApp(fakeDependencies()).routes.map(({ method, path }) => ({ method, path }))

async function headersOf(path: string, init: RequestInit = {}) {
  const { status, headers } = await createApp(fakeDependencies()).request(path, init)
  return { status, headers: Object.fromEntries(headers) }
}

describe('the headers of an answer', () => {
  test.each(routes)('are these and no others: $method $path', async ({ method, path }) => {
    const target = path.replace(/:\w+/g, '7001')
    const body = method === 'GET' ? {} : { body: '{}', headers: { 'Content-Type': 'application/json' } }
    const { status, headers } = await headersOf(target, { method, ...body })
    const expected = others[`${method} ${path}`] ?? (status < 400 ? json : problem)
    expect(headers).toEqual(expected)
  })

  test('are these where there is no route', async () => {
    expect((await headersOf('/nothing')).headers).toEqual(problem)
    expect((await headersOf('/payments')).headers).toEqual({ ...problem, allow: 'POST' })
  })

  test('are these when something goes wrong here', async () => {
    const app = createApp(fakeDependencies({ questions: { order: () => raise(new Error('secret')) } }))
    const { status, headers } = await app.request('/orders/7001')
    expect(status).toBe(500)
    expect(Object.fromEntries(headers)).toEqual(problem)
  })

  test('were looked at on every route', () => {
    expect(routes.length).toBeGreaterThan(25)
    for (const name of Object.keys(others)) {
      expect(routes.map(({ method, path }) => `${method} ${path}`)).toContain(name)
    }
  })
})

function raise(error: Error): never {
  throw error
}
