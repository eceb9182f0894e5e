import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { createWebSocketReceiver, type StatelyInspectionEvent } from '@statelyai/inspect'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createMachine } from 'xstate'
import { patience, startServer } from '../../src/http/server.ts'
import { line } from '../support/client.ts'
import { openScenario, type Scenario, smallProfile } from '../support/open-scenario.ts'

const token = 'a-token-of-operators'
const environment = { RECOUP_OPERATOR_TOKEN: token, RECOUP_INSPECTION: 'on' }
const headers = { Authorization: `Bearer ${token}` }

const openShop = (more: Record<string, string> = {}) =>
  openScenario({ profile: smallProfile, environment: { ...environment, ...more } })

async function paidOrder(shop: Scenario): Promise<number> {
  const { orderId } = (await shop.placeOrder(1, [line(1011)])).body
  await shop.pay(orderId)
  return orderId
}

/** What there is now, without waiting for more. */
async function look({ app }: Pick<Scenario, 'app'>, query: string): Promise<StatelyInspectionEvent[]> {
  const answer = await app.request(`/operator/inspection?${query}`, { headers })
  expect(answer.status).toBe(200)
  return [...(await answer.text()).matchAll(/^data: (.*)$/gm)].map(
    ([, data = '']) => JSON.parse(data) as StatelyInspectionEvent,
  )
}

/** The tools' own receiver, which can be given nothing but an address. */
function receive(url: string) {
  const received: StatelyInspectionEvent[] = []
  let changed = () => {}
  const server = `${url.replace('http://', `ws://operator:${token}@`)}/operator/inspection?last=2`
  const { unsubscribe } = createWebSocketReceiver({ server }).subscribe(event => {
    received.push(event)
    changed()
  })
  onTestFinished(unsubscribe)
  return {
    received,
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) {
        await new Promise<void>(resolve => {
          changed = resolve
        })
      }
    },
  }
}

/** Sends a handshake and reads until the server closes the connection. */
async function shakeHands(url: string, more: readonly string[]) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const lines = [
    'GET /operator/inspection HTTP/1.1',
    'Host: shop',
    'Connection: Upgrade',
    'Upgrade: websocket',
  ]
  socket.write([...lines, 'Sec-WebSocket-Version: 13', ...more, '', ''].join('\r\n'))
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), problem: body.startsWith('{') ? JSON.parse(body) : undefined }
}

const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='

describe('the inspection', () => {
  it('is not there unless it is switched on', async () => {
    const shop = await openShop({ RECOUP_INSPECTION: 'off' })
    expect((await shop.app.request('/operator/inspection', { headers })).status).toBe(404)
  })

  it('announces every actor once, then tells each message and what became of it', async () => {
    const shop = await openShop()
    const orderId = await paidOrder(shop)
    const events = await look(shop, 'last=2')
    const ofPayment = events.filter(({ sessionId }) => sessionId === `payment/${orderId}`)
    expect(
      ofPayment.map(event => {
        if (event.type === '@xstate.actor') return `actor ${event.name}`
        if (event.type === '@xstate.event') return `event ${event.event.type} from ${event.sourceId}`
        return `snapshot ${JSON.stringify((event.snapshot as { value?: unknown }).value)}`
      }),
    ).toEqual([
      `actor payment/${orderId}`,
      expect.stringMatching(/^event PayOrder from door\//),
      'snapshot {"paying":"claimingOrder"}',
      `event OrderPaymentBegun from order/${orderId}`,
      'snapshot {"paying":"decreasingStock"}',
      'event StockDecreased from stock/1011',
      'snapshot {"paying":"deductingBalance"}',
      'event BalanceDeducted from balance/1',
      'snapshot {"paying":"recordingPayment"}',
      `event OrderPaid from order/${orderId}`,
      'snapshot {"paying":"recordingStatistics"}',
      `event SaleRecorded from statistics/${orderId}`,
      'snapshot "completed"',
    ])
    expect(ofPayment.at(-1)).toMatchObject({
      snapshot: { status: 'active', context: { orderId, customerId: 1, balance: 'done', record: 'done' } },
    })
  })

  it('describes a statechart so that XState takes it', async () => {
    const shop = await openShop()
    await paidOrder(shop)
    for (const event of await look(shop, 'last=2')) {
      if (event.type !== '@xstate.actor' || !event.name.startsWith('payment/')) continue
      const machine = createMachine(JSON.parse(event.definition ?? ''))
      expect(Object.keys(machine.states)).toContain('compensating')
      expect(machine.getStateNodeById(`${machine.id}.paying.deductingBalance`).key).toBe('deductingBalance')
      return
    }
    throw new Error('No payment was announced')
  })

  it('knows the context of an actor whose beginning it has not seen', async () => {
    const shop = await openShop()
    await shop.charge(1, 50)
    const [announced] = await look(shop, 'last=1')
    expect(announced).toMatchObject({
      type: '@xstate.actor',
      name: 'balance/1',
      snapshot: { context: { customerId: 1, amount: shop.questions.balanceAmount(1) } },
    })
  })

  it('shows nothing that the feed would not show', async () => {
    const shop = await openShop()
    const body = { amount: 1, reason: 'A gift for Ada.' }
    await shop.request('POST', '/operator/customers/1/credit', body, {
      ...headers,
      'Idempotency-Key': 'a-key-of-sixteen-letters',
    })
    const told = JSON.stringify(await look(shop, 'last=400'))
    expect(told).toMatch(/ProposeCredit.*ChargeBalance/)
    expect(told).not.toMatch(/minji|Ada|"username"|"by"|"reason"|"hash"|"payer"/)
  })

  it('takes the filters of the feed', async () => {
    const shop = await openShop()
    await paidOrder(shop)
    const events = await look(shop, 'last=1&kind=stock')
    expect(new Set(events.map(({ sessionId }) => sessionId))).toEqual(new Set(['stock/1011']))
  })
})

describe('the receiver of @statelyai/inspect', () => {
  it('is told what happens, as it happens, until the server stops', async () => {
    const shop = await openShop()
    const server = await shop.listen('127.0.0.1', 0)
    const orderId = await paidOrder(shop)
    const { received, until } = receive(server.url)
    await until(() => received.some(({ sessionId }) => sessionId === `payment/${orderId}`))
    const before = received.length
    await shop.charge(1, 7)
    await until(() => received.length >= before + 2)
    expect(received.at(-1)).toMatchObject({
      type: '@xstate.snapshot',
      sessionId: 'balance/1',
      event: { type: 'ChargeBalance', amount: 7 },
    })
    // Resolves only when every connection is closed.
    await server.stop()
  })
})

describe('a receiver that takes nothing', () => {
  it('does not hold up a server that stops', async () => {
    const shop = await openShop()
    const server = await startServer({
      ...{ app: shop.app, host: '127.0.0.1', port: 0, webSockets: true },
      // Whoever is cut off for being slow would be so only after the test.
      timeouts: { ...patience, requestTimeout: 600_000 },
    })
    const socket = connect(server.port, '127.0.0.1').pause()
    onTestFinished(() => void socket.destroy())
    const lines = [
      'GET /operator/inspection HTTP/1.1',
      'Host: shop',
      'Connection: Upgrade',
      'Upgrade: websocket',
    ]
    socket.write(
      [...lines, 'Sec-WebSocket-Version: 13', key, `Authorization: Bearer ${token}`, '', ''].join('\r\n'),
    )
    await shop.until(() => shop.feed.viewers === 1)
    for (let productId = 9_001; productId <= 9_100; productId += 1) {
      const options = Array.from({ length: 500 }, (_, place) => ({
        ...{ productOptionId: productId * 1_000 + place, optionName: `${'x'.repeat(100)}${place}` },
        extraPrice: 0,
      }))
      const product = { type: 'CreateProduct', productId, name: 'x', basePrice: 1, options }
      await shop.ask(`product/${productId}`, product, { correlationId: `http/${productId}` })
      if (productId % 20 === 0) await shop.pass(100, 100)
    }
    shop.feed.end()
    await server.stop()
    expect(shop.feed.viewers).toBe(0)
  })
})

describe('the handshake', () => {
  it.each([
    ['without a token', [key], 403, 'FORBIDDEN'],
    ['with a wrong one', [key, `Authorization: Basic ${btoa('operator:something-else')}`], 403, 'FORBIDDEN'],
    [
      'from a page of another origin',
      [key, `Authorization: Bearer ${token}`, 'Origin: https://elsewhere.example'],
      403,
      'FORBIDDEN',
    ],
    ['without a key', [`Authorization: Bearer ${token}`], 400, 'INVALID_ARGUMENT'],
  ])('%s is refused', async (_how, more, status, code) => {
    const shop = await openShop()
    const server = await shop.listen('127.0.0.1', 0)
    expect(await shakeHands(server.url, more)).toMatchObject({ status, problem: { code } })
    await server.stop()
  })

  it('at a route that is no WebSocket is refused', async () => {
    const shop = await openShop()
    const server = await shop.listen('127.0.0.1', 0)
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const lines = ['GET /livez HTTP/1.1', 'Host: shop', 'Connection: Upgrade', 'Upgrade: websocket', key]
    socket.write([...lines, 'Sec-WebSocket-Version: 13', '', ''].join('\r\n'))
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
    await server.stop()
  })
})
