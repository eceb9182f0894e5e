import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Received, startReceiver } from '../../src/delivery/data-platform-receiver.ts'
import { createDataPlatformSink } from '../../src/delivery/data-platform-sink.ts'
import type { OwedEvent } from '../../src/runtime/outbox-relay.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const secret = 'a-secret-of-the-platform'
const paidAt = Date.UTC(2026, 0, 5, 3)

const event: OwedEvent = {
  sequence: 1,
  eventId: 'payment/1001#7#2',
  topic: 'payments',
  key: 'order/1001',
  message: {
    type: 'PaymentCompleted',
    orderId: 1001,
    discountedPrice: 68_000,
    paidAt,
  } as OwedEvent['message'],
  correlationId: 'order/1001',
  createdAt: paidAt,
  attempts: 0,
}

async function platform(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void | Promise<void>,
) {
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/events?tenant=7`
}

function sinkTo(url: string, clock = new SimulatedClock()) {
  const sink = createDataPlatformSink({ url, secret }, clock)
  onTestFinished(sink.close)
  return sink
}

async function receiver(clock = new SimulatedClock(), theSecret = secret) {
  const received: Received[] = []
  const started = await startReceiver({
    host: '127.0.0.1',
    port: 0,
    secret: theSecret,
    clock,
    onReceived: each => received.push(each),
  })
  onTestFinished(started.stop)
  return { ...started, received }
}

describe('The data platform', () => {
  it('is posted the event, with its id and times as people write them', async () => {
    let seen: { url: string | undefined; method: string | undefined; type: string | undefined } | undefined
    let body = ''
    const url = await platform(async (incoming, outgoing) => {
      const { method, headers } = incoming
      seen = { url: incoming.url, method, type: headers['content-type'] }
      body = await text(incoming)
      outgoing.writeHead(202).end('thank you')
    })
    await sinkTo(url).deliver(event)
    expect(seen).toEqual({ url: '/events?tenant=7', method: 'POST', type: 'application/json' })
    expect(JSON.parse(body)).toEqual({
      id: 'payment/1001#7#2',
      type: 'PaymentCompleted',
      createdAt: '2026-01-05T03:00:00.000Z',
      data: { orderId: 1001, discountedPrice: 68_000, paidAt: '2026-01-05T03:00:00.000Z' },
    })
  })

  it.each([301, 307, 400, 401, 404, 429, 500, 503])('that answers %d has not taken it', async status => {
    let requests = 0
    const url = await platform((_incoming, outgoing) => {
      requests += 1
      outgoing.writeHead(status, { Location: '/elsewhere' }).end()
    })
    await expect(sinkTo(url).deliver(event)).rejects.toThrow(`it answered ${status}`)
    expect(requests).toBe(1)
  })

  it('that does not answer is given up after ten seconds', async () => {
    const clock = new SimulatedClock()
    const { promise: asked, resolve } = Promise.withResolvers<void>()
    const url = await platform(() => resolve())
    const delivered = sinkTo(url, clock).deliver(event)
    delivered.catch(() => {})
    await asked
    clock.advance(9_999)
    clock.advance(1)
    await expect(delivered).rejects.toThrow('it did not answer in time')
  })

  it('that is not there has not taken it', async () => {
    const gone = await receiver()
    await gone.stop().catch(() => {})
    const sink = sinkTo(gone.url)
    await expect(sink.deliver(event)).rejects.toThrow('ECONNREFUSED')
    expect(await sink.unreachable()).toContain('ECONNREFUSED')
  })

  it('that is there is found so', async () => {
    const there = await receiver()
    expect(await sinkTo(there.url).unreachable()).toBeUndefined()
  })

  it('is not shown with what its address may hold', () => {
    expect(sinkTo('https://events.example/hook/T0KEN').host).toBe('events.example')
  })
})

describe('The receiver', () => {
  it('takes an event, and knows one that comes again', async () => {
    const { url, received } = await receiver()
    const sink = sinkTo(url)
    await sink.deliver(event)
    await sink.deliver({ ...event, attempts: 1 })
    expect(received).toMatchObject([
      { id: 'payment/1001#7#2', type: 'PaymentCompleted', data: { orderId: 1001 }, duplicate: false },
      { id: 'payment/1001#7#2', duplicate: true },
    ])
  })

  it('refuses what was signed with another secret', async () => {
    const { url, received } = await receiver(new SimulatedClock(), 'another-secret-by-far')
    await expect(sinkTo(url).deliver(event)).rejects.toThrow('it answered 401')
    expect(received).toEqual([{ refused: 'SIGNATURE_WRONG' }])
  })

  it('refuses an event that was recorded and is sent again after the window, and one from a wrong clock', async () => {
    const clock = new SimulatedClock()
    const { url, received } = await receiver(clock)
    const sender = new SimulatedClock(clock.now())
    const sink = sinkTo(url, sender)
    clock.advance(301_000)
    await expect(sink.deliver(event)).rejects.toThrow('it answered 401')
    sender.advance(900_000)
    await expect(sink.deliver(event)).rejects.toThrow('it answered 401')
    expect(received).toEqual([
      { refused: 'TIMESTAMP_OUTSIDE_WINDOW' },
      { refused: 'TIMESTAMP_OUTSIDE_WINDOW' },
    ])
  })

  it('refuses a body that is altered on the way, unsigned, too large, or another than its id says', async () => {
    const { url, received } = await receiver()
    const altering = await platform(async (incoming, outgoing) => {
      const body = (await text(incoming)).replace('68000', '68001')
      const { host: _, ...headers } = incoming.headers
      const { status } = await fetch(url, { method: 'POST', headers: headers as never, body })
      outgoing.writeHead(status).end()
    })
    await expect(sinkTo(altering).deliver(event)).rejects.toThrow('it answered 401')
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401)
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) })).status).toBe(400)
    expect(received).toEqual([
      { refused: 'SIGNATURE_WRONG' },
      { refused: 'SIGNATURE_MISSING' },
      { refused: 'BODY_TOO_LARGE' },
    ])
  })
})
