import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import { freePort } from '../support/redis-server.ts'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { refusesConnections } from './refuses-connections.ts'
import { temporaryDirectory } from './temporary-directory.ts'

describe.concurrent('recoup serve', () => {
  it('says in one line where it listens, and ends on SIGTERM with status 0', async () => {
    using directory = temporaryDirectory()
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path])
    const url = await server.listening
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect(await server.end('SIGTERM')).toMatchObject({
      status: 0,
      output: `listening on ${url}\n`,
      errors: '',
    })
  })

  it('on SIGTERM takes nothing new in, and answers what is running', async () => {
    using directory = temporaryDirectory()
    await recoup(['seed', '--data', directory.path])
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path])
    const url = await server.listening
    const body = JSON.stringify({ customerId: 1, amount: 500 })
    const charge = request(`${url}/balances/charge`, {
      method: 'PATCH',
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        Expect: '100-continue',
      },
    })
    charge.flushHeaders()
    await once(charge, 'continue')

    const ended = server.end('SIGTERM')
    await vi.waitUntil(() => refusesConnections(url), { timeout: 5_000 })
    charge.end(body)
    const [response] = await once(charge, 'response')
    expect(response.statusCode).toBe(200)
    expect(JSON.parse(await text(response))).toEqual({ customerId: 1, amount: 150_500 })
    expect(await ended).toMatchObject({ status: 0, errors: '' })
  })

  it('prefers a flag to its variable', async () => {
    using directory = temporaryDirectory()
    using other = temporaryDirectory()
    const environment = { RECOUP_PORT: '1', RECOUP_HOST: '203.0.113.1', RECOUP_DATA: other.path }
    const words = ['serve', '--port', '0', '--host', '127.0.0.1', '--data', directory.path]
    await using server = new RecoupProcess(words, { environment })
    expect(await server.listening).toMatch(/^http:\/\/127\.0\.0\.1:\d{2,}$/)
    expect((await recoup(['check'], { environment: { RECOUP_DATA: directory.path } })).status).toBe(0)
    expect((await recoup(['check'], { environment: { RECOUP_DATA: other.path } })).status).toBe(1)
  })

  it('refuses a port that is in use in one sentence', async () => {
    using directory = temporaryDirectory()
    using other = temporaryDirectory()
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path])
    const { port } = new URL(await server.listening)
    expect(await recoup(['serve', '--port', port, '--data', other.path])).toMatchObject({
      status: 1,
      output: '',
      errors: `Cannot listen on 127.0.0.1:${port}: the port is in use.\n`,
    })
  })

  it('refuses an address that others can reach, unless the gateway is named', async () => {
    using directory = temporaryDirectory()
    const words = ['serve', '--port', '0', '--host', '0.0.0.0', '--data', directory.path]
    const { status, errors } = await recoup(words)
    expect(status).toBe(2)
    expect(errors).toMatch(
      /^--host 0\.0\.0\.0 is reachable from outside, [^\n]*RECOUP_TRUSTED_PROXIES[^\n]*\n$/,
    )

    const environment = { RECOUP_TRUSTED_PROXIES: '203.0.113.1' }
    await using server = new RecoupProcess(words, { environment })
    expect(await server.listening).toMatch(/^http:\/\/0\.0\.0\.0:/)
  })

  it('starts without its Redis, with one warning, unless it is required', async () => {
    using directory = temporaryDirectory()
    const words = ['serve', '--port', '0', '--data', directory.path]
    const environment = { RECOUP_REDIS_URL: `redis://:secret@127.0.0.1:${await freePort()}` }
    {
      await using server = new RecoupProcess(words, { environment })
      const ready = await fetch(`${await server.listening}/readyz`)
      expect(await ready.json()).toEqual({ status: 'degraded', degraded: ['redis'] })
      const { errors } = await server.end('SIGTERM')
      expect(errors).toMatch(
        /^\{"level":"warn",[^\n]*"msg":"Redis at 127\.0\.0\.1:\d+ cannot be used: [^\n]*ECONNREFUSED[^\n]*\n$/,
      )
      expect(errors).not.toContain('secret')
    }
    const refused = await recoup(words, { environment: { ...environment, RECOUP_REDIS_REQUIRED: '1' } })
    expect(refused).toMatchObject({ status: 1, output: '' })
    expect(refused.errors).toMatch(/^Redis at \S+ cannot be used: .*\.\n$/)
    expect(refused.errors).not.toContain('secret')
  })
})
