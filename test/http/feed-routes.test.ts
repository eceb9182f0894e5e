import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from '../../src/http/server.ts'
import type { Writer } from '../../src/persistence/writer.ts'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { readFeed } from '../support/feed-reader.ts'
import { openScenario, reopenScenario, type Scenario, smallProfile } from '../support/open-scenario.ts'
import { openSessionShop } from '../support/session-shop.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const token = 'a-token-of-operators'
const environment = { RECOUP_OPERATOR_TOKEN: token }
const headers = { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' }

type Options = Parameters<typeof openScenario>[0]

const openShop = (options: Options = {}) => openScenario({ profile: smallProfile, environment, ...options })

/** Watches what `query` asks for, from after the first heartbeat on. */
async function watch({ app }: Pick<Scenario, 'app'>, query = '', more: object = {}) {
  const response = await app.request(`/operator/feed?${query}`, { headers: { ...headers, ...more } })
  expect(response.status).toBe(200)
  const feed = readFeed(response)
  onTestFinished(() => feed.leave())
  return feed
}

/** What there is now, without waiting for more. */
async function look({ app }: Pick<Scenario, 'app'>, query: string) {
  const { Authorization } = headers
  return readFeed(await app.request(`/operator/feed?${query}`, { headers: { Authorization } })).rest()
}

async function paidOrder(shop: Scenario, couponId: number | null = null): Promise<number> {
  const { orderId } = (await shop.placeOrder(1, [line(1011)])).body
  await shop.pay(orderId, couponId)
  return orderId
}

const journalEnd = ({ database }: Scenario) =>
  database.prepare<[], number>('SELECT max(sequence) FROM journal').pluck().get() ?? 0

describe('GET /operator/feed', () => {
  it('tells what was committed, as it happens, in order', async () => {
    const shop = await openShop()
    const before = journalEnd(shop)
    const feed = await watch(shop)
    expect(await feed.next()).toMatchObject({
      id: before,
      event: 'heartbeat',
      data: { at: '2026-01-05T03:00:00.000Z', position: before },
    })

    const { orderId } = (await shop.placeOrder(1, [line(1011)])).body
    const placed = await feed.next()
    expect(placed).toMatchObject({
      id: before + 1,
      event: 'transitions',
      data: { sequence: before + 1, saga: `order/${orderId}`, at: '2026-01-05T03:00:00.000Z' },
    })
    expect(placed?.data.entries).toHaveLength(1)
    expect(placed?.data.entries[0]).toMatchObject({
      actor: `order/${orderId}`,
      transition: 1,
      from: expect.stringMatching(/^door\//),
      message: { type: 'CreateOrder', customerId: 1 },
      state: 'CREATED',
    })

    await shop.pay(orderId)
    shop.clock.advance(100)
    const paid = await feed.next()
    expect(paid?.id).toBe(before + 2)
    const ofPayment = paid?.data.entries.filter(({ actor }) => actor === `payment/${orderId}`)
    expect(ofPayment?.map(({ message, state }) => `${message.type} ${state}`)).toEqual([
      'PayOrder paying.claimingOrder',
      'OrderPaymentBegun paying.decreasingStock',
      'StockDecreased paying.deductingBalance',
      'BalanceDeducted paying.recordingPayment',
      'OrderPaid paying.recordingStatistics',
      'SaleRecorded completed',
    ])
  })

  it('tells nothing before it is committed', async () => {
    let release = () => {}
    let held: Promise<void> | undefined
    const aroundWriter = (writer: Writer): Writer => ({
      write: calls => (held === undefined ? writer.write(calls) : held.then(() => writer.write(calls))),
      close: () => writer.close(),
    })
    const shop = await openShop({ aroundWriter })
    const feed = await watch(shop)
    await feed.next()
    held = new Promise(resolve => {
      release = resolve
    })
    const placing = shop.placeOrder(1, [line(1011)])
    await shop.pass(15_000)
    expect(await feed.next()).toMatchObject({ event: 'heartbeat' })

    held = undefined
    release()
    await placing
    expect((await feed.nextNews()).data.entries[0]).toMatchObject({ message: { type: 'CreateOrder' } })
  })

  it('reads at most ten times a second, and then everything that was committed meanwhile', async () => {
    const shop = await openShop()
    const feed = await watch(shop)
    await shop.charge(1, 1)
    const first = await feed.nextNews()
    for (let charges = 0; charges < 3; charges += 1) await shop.charge(1, 1)
    let second: unknown
    const reading = feed.nextNews().then(frame => {
      second = frame
    })
    await shop.pass(0)
    expect(second).toBeUndefined()
    shop.clock.advance(100)
    await reading
    const others = [await feed.nextNews(), await feed.nextNews()]
    expect(others.map(({ id }) => id)).toEqual([first.id + 2, first.id + 3])
  })

  it('shows a hundred entries at a time, and goes on a moment later', async () => {
    const shop = await openShop()
    const start = journalEnd(shop)
    for (let orders = 0; orders < 20; orders += 1) await paidOrder(shop)
    const feed = await watch(shop, `after=${start}`)
    // An order has a row of one entry and one of eleven. Who comes is read for at once, and again because there is more.
    for (const _read of ['first', 'second']) {
      let entries = 0
      while (entries < 100) entries += (await feed.nextNews()).data.entries.length
      expect(entries).toBe(9 * 12)
    }
    let further: { id: number } | undefined
    const reading = feed.nextNews().then(frame => {
      further = frame
    })
    await shop.pass(0)
    expect(further).toBeUndefined()
    shop.clock.advance(100)
    await reading
    expect(further?.id).toBe(start + 2 * 9 * 2 + 1)
  })

  it('says every fifteen seconds that it is there, and up to where everything was looked at', async () => {
    const shop = await openShop()
    const feed = await watch(shop, 'kind=product')
    await feed.next()
    await shop.charge(1, 1)
    shop.clock.advance(15_000)
    expect(await feed.next()).toEqual({
      id: journalEnd(shop),
      event: 'heartbeat',
      data: { at: '2026-01-05T03:00:15.000Z', position: journalEnd(shop) },
    })
  })

  it('shows no field that is not named as one that may be seen', async () => {
    const shop = await openShop()
    const body = { customerId: 1, amount: 1, reason: 'A gift for Ada.' }
    await shop.request('POST', '/operator/customers/1/credit', body, {
      Authorization: headers.Authorization,
      'Idempotency-Key': 'a-key-of-sixteen-letters',
    })
    const told = JSON.stringify(await look(shop, 'last=400'))
    expect(told).toContain('ChargeBalance')
    expect(told).not.toMatch(/minji|Ada|"username"|"by"|"reason"|"hash"/)
  })

  it('ends also where nothing of a long journal goes through the filter', async () => {
    const shop = await openShop()
    for (let order = 0; order < 30; order += 1) await shop.placeOrder(1, [line(1011)])
    const frames = await look(shop, 'customer=2&after=0')
    expect(frames.map(({ event }) => event)).toEqual(['heartbeat'])
  })

  it('ends with what there is for whoever does not say that they take an event stream', async () => {
    const shop = await openShop()
    await paidOrder(shop)
    const frames = await look(shop, 'last=2')
    expect(frames.map(({ event, id }) => [event, id - journalEnd(shop)])).toEqual([
      ['transitions', -1],
      ['transitions', 0],
      ['heartbeat', 0],
    ])
  })

  it('answers HEAD without keeping a place for anybody', async () => {
    const shop = await openShop()
    for (let asked = 0; asked < 150; asked += 1) {
      const { status, headers: answered } = await shop.app.request('/operator/feed', {
        method: 'HEAD',
        headers,
      })
      expect([status, answered.get('content-type')]).toEqual([200, 'text/event-stream'])
    }
    await watch(shop)
  })
})

describe('whoever comes back', () => {
  it('sees what was committed meanwhile, by Last-Event-ID or ?after', async () => {
    const shop = await openShop()
    const feed = await watch(shop)
    await shop.charge(1, 1)
    const { id } = await feed.nextNews()
    await feed.leave()
    for (let charges = 0; charges < 3; charges += 1) await shop.charge(1, 1)

    const again = await watch(shop, 'after=1', { 'Last-Event-ID': String(id) })
    const missed = [await again.nextNews(), await again.nextNews(), await again.nextNews()]
    expect(missed.map(frame => frame.id)).toEqual([id + 1, id + 2, id + 3])
    const byQuery = await look(shop, `after=${id}`)
    expect(byQuery.slice(0, 3)).toEqual(missed)
  })

  it('loses nothing over a restart of the server', async () => {
    const directory = dataDirectory()
    const clock = new SimulatedClock()
    const shop = await openShop({ dataDirectory: directory, clock })
    const server = await shop.listen('127.0.0.1', 0)
    const watched = await fetch(`${server.url}/operator/feed`, { headers })
    const feed = readFeed(watched)
    await shop.charge(1, 1)
    const { id } = await feed.nextNews()
    await server.stop()
    expect(await feed.rest()).toEqual([])
    // What was begun before the server stopped may end after it.
    await shop.ask('balance/1', { type: 'ChargeBalance', amount: 2 }, { correlationId: 'http/late' })
    await shop.close()

    const reopened = reopenScenario({ dataDirectory: directory, clock, environment, profile: smallProfile })
    await reopened.charge(1, 3)
    const again = await watch(reopened, '', { 'Last-Event-ID': String(id) })
    const seen = [await again.nextNews(), await again.nextNews()]
    expect(seen.map(frame => frame.id)).toEqual([id + 1, id + 2])
    expect(seen[1]?.data.entries[0]).toMatchObject({ message: { type: 'ChargeBalance', amount: 3 } })
  })

  it('is told when it was too far away, and goes on near the end', async () => {
    const shop = await openShop()
    const feed = await watch(shop)
    const { id: position } = (await feed.next()) ?? { id: -1 }
    // Nothing is taken meanwhile.
    for (let charges = 0; charges < 450; charges += 1) await shop.charge(1, 1)
    shop.clock.advance(100)
    const seen = [await feed.nextNews(), await feed.nextNews(), await feed.nextNews()]
    const gap = seen.find(({ event }) => event === 'gap')
    const end = journalEnd(shop)
    const until = gap?.data.until ?? 0
    expect(gap).toMatchObject({ id: until, data: { reason: 'BEHIND', until: end - 25 } })
    expect(gap?.data.after).toBeLessThanOrEqual(position + 25)

    const behind = await look(shop, `after=${position}`)
    expect(behind[0]?.data).toEqual({ after: position, until: end - 25, reason: 'BEHIND' })
    const rows = behind.filter(({ event }) => event === 'transitions').map(({ id }) => id)
    expect(rows).toEqual(Array.from({ length: 25 }, (_, place) => end - 24 + place))
  })

  it('sees every row of 400, in several reads', async () => {
    const shop = await openShop()
    const start = journalEnd(shop)
    for (let charges = 0; charges < 400; charges += 1) await shop.charge(1, 1)
    const frames = await look(shop, `after=${start}`)
    expect(frames.map(({ id }) => id)).toEqual([
      ...Array.from({ length: 400 }, (_, place) => start + 1 + place),
      start + 400,
    ])
  })

  it('is told when its position is not of this journal', async () => {
    const shop = await openShop()
    const end = journalEnd(shop)
    const feed = await watch(shop, `after=${end + 1_000}`)
    expect(await feed.next()).toEqual({
      id: end,
      event: 'gap',
      data: { after: end + 1_000, until: end, reason: 'UNKNOWN_POSITION' },
    })
    await shop.charge(1, 1)
    expect((await feed.nextNews()).id).toBe(end + 1)
  })

  it('is told when what follows is no longer kept', async () => {
    const shop = await openShop()
    for (let charges = 0; charges < 5; charges += 1) await shop.charge(1, 1)
    const end = journalEnd(shop)
    shop.database.prepare('DELETE FROM journal WHERE sequence <= ?').run(end - 2)
    const frames = await look(shop, 'after=3')
    expect(frames[0]).toMatchObject({ event: 'gap', data: { after: 3, until: end - 2, reason: 'DROPPED' } })
    expect(frames.slice(1, 3).map(({ id }) => id)).toEqual([end - 1, end])
  })

  it('is told of a row that was altered on disk, and sees the others', async () => {
    const shop = await openShop()
    for (let charges = 0; charges < 3; charges += 1) await shop.charge(1, 1)
    const end = journalEnd(shop)
    const alter = (from: string, to: string) =>
      shop.database
        .prepare('UPDATE journal SET entries = replace(entries, ?, ?) WHERE sequence = ?')
        .run(from, to, end - 1)
    alter('ChargeBalance', 'ChargeBalanca')
    const frames = await look(shop, 'last=3')
    expect(frames.map(({ event }) => event)).toEqual(['transitions', 'gap', 'transitions', 'heartbeat'])
    expect(frames[1]?.data).toEqual({ after: end - 2, until: end - 1, reason: 'DAMAGED' })
    alter('ChargeBalanca', 'ChargeBalance')
  })

  it.each(['-1', '1.5', 'x', '01', '99999999999999999'])('cannot come from %s', async position => {
    const shop = await openShop()
    const byHeader = await shop.app.request('/operator/feed', {
      headers: { ...headers, 'Last-Event-ID': position },
    })
    expect([byHeader.status, await byHeader.json()]).toMatchObject([400, { code: 'INVALID_ARGUMENT' }])
    const byQuery = await shop.app.request(`/operator/feed?after=${position}`, { headers })
    expect(byQuery.status).toBe(400)
  })
})

describe('a filter', () => {
  it('by kind lets the entries of these actors through', async () => {
    const shop = await openShop()
    await paidOrder(shop)
    const [frame] = await look(shop, 'last=1&kind=stock,balance')
    expect(frame?.data.entries.map(({ actor }) => actor)).toEqual(['stock/1011', 'balance/1'])
  })

  it('by state lets through what is in it, or in a state within it', async () => {
    const shop = await openShop()
    shop.messages.rule = ({ message }) =>
      message.type === 'DeductBalance'
        ? {
            answer: {
              type: 'DeductBalanceRejected',
              refusal: { code: 'BALANCE_INSUFFICIENT', facts: { available: 0, requested: 1 } },
            },
          }
        : 'deliver'
    await paidOrder(shop)
    const states = async (state: string) =>
      (await look(shop, `last=400&kind=payment&state=${state}`)).flatMap(({ data }) =>
        (data.entries ?? []).map(entry => entry.state),
      )
    expect(await states('compensating')).toEqual([
      'compensating.restoringStock',
      'compensating.releasingOrder',
    ])
    expect(await states('compensating.releasingOrder')).toEqual(['compensating.releasingOrder'])
    expect(await states('comp')).toEqual([])
  })

  it('by order finds every row of it, also by somebody who is far behind', async () => {
    const shop = await openShop()
    const start = journalEnd(shop)
    const orderId = await paidOrder(shop)
    for (let charges = 0; charges < 450; charges += 1) await shop.charge(1, 1)
    const frames = await look(shop, `after=${start}&order=${orderId}`)
    expect(frames.map(({ event }) => event)).toEqual(['transitions', 'transitions', 'heartbeat'])
    expect(new Set(frames.slice(0, 2).map(({ data }) => data.saga))).toEqual(new Set([`order/${orderId}`]))
    expect(frames[2]?.data.position).toBe(journalEnd(shop))
  })

  it('by customer finds their orders, balance and coupons, and nobody else’s', async () => {
    const shop = await openScenario({ environment })
    const start = journalEnd(shop)
    const own = await paidOrder(shop)
    await shop.placeOrder(2, [line(1012)])
    await shop.charge(2, 5)
    await shop.charge(1, 7)
    await shop.cancel((await shop.placeOrder(1, [line(1011)])).body.orderId)
    const frames = await look(shop, `after=${start}&customer=1`)
    const types = frames.flatMap(({ data }) => data.entries?.[0]?.message.type ?? [])
    // The cancellation names nobody; it is of an order of theirs.
    expect(types).toEqual(['CreateOrder', 'PayOrder', 'ChargeBalance', 'CreateOrder', 'CancelOrder'])
    expect(frames[0]?.data.saga).toBe(`order/${own}`)
  })

  it.each(['kind=pay-ment', 'kind=', 'state=a..b', 'order=x', 'customer=0', 'last=-1'])(
    'that makes no sense is refused: %s',
    async query => {
      const shop = await openShop()
      const answer = await shop.app.request(`/operator/feed?${query}`, { headers })
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'INVALID_ARGUMENT' }])
    },
  )
})

describe('who watches', () => {
  it('is an operator, and sees the end of the feed once they are none any more', async () => {
    const shop = await openSessionShop({ profile: smallProfile })
    const mallory = await shop.person('mallory')
    expect((await mallory.get('/operator/feed')).status).toBe(403)

    const olga = await shop.person('olga', 'operator')
    const feed = await watch(shop, '', { Authorization: `Bearer ${olga.token}` })
    await feed.next()
    shop.clock.advance(15_000)
    expect(await feed.next()).toMatchObject({ event: 'heartbeat' })

    await shop.setRoles(olga.customerId, [])
    await feed.nextNews()
    shop.clock.advance(15_000)
    expect(await feed.next()).toBeUndefined()
  })
})

describe('the patience of the server', () => {
  it('is with those who send slowly, and cuts no stream', async () => {
    const shop = await openShop()
    const patience = { headersTimeout: 50, requestTimeout: 50, keepAliveTimeout: 50 }
    const server = await startServer({
      ...{ app: shop.app, host: '127.0.0.1', port: 0 },
      timeouts: { ...patience, connectionsCheckingInterval: 10 },
    })
    onTestFinished(() => server.stop())
    const feed = readFeed(await fetch(`${server.url}/operator/feed`, { headers }))
    expect(await feed.next()).toMatchObject({ event: 'heartbeat' })
    // Who came later and sends nothing is sent away: so long has the stream been there.
    for (let others = 0; others < 3; others += 1) {
      expect(await text(connect(server.port, '127.0.0.1'))).toMatch(/^HTTP\/1\.1 408 /)
    }
    await shop.charge(1, 1)
    expect(await feed.nextNews()).toMatchObject({ event: 'transitions' })
    await feed.leave()
  })
})

describe('a server that stops', () => {
  it('ends every stream and is not held up by it', async () => {
    const shop = await openShop()
    const server = await shop.listen('127.0.0.1', 0)
    const feeds = await Promise.all(
      [1, 2, 3].map(async () => readFeed(await fetch(`${server.url}/operator/feed`, { headers }))),
    )
    for (const feed of feeds) expect(await feed.next()).toMatchObject({ event: 'heartbeat' })
    await server.stop()
    for (const feed of feeds) expect(await feed.next()).toBeUndefined()
    const late = await shop.app.request('/operator/feed', { headers })
    expect([late.status, await late.json()]).toMatchObject([503, { code: 'SHUTTING_DOWN' }])
  })

  it('is not held up by a viewer who takes nothing', async () => {
    const shop = await openShop()
    // Whoever is cut off for being slow would be so only after the test.
    const patience = { headersTimeout: 600_000, requestTimeout: 600_000, keepAliveTimeout: 600_000 }
    const server = await startServer({
      ...{ app: shop.app, host: '127.0.0.1', port: 0 },
      timeouts: { ...patience, connectionsCheckingInterval: 600_000 },
    })
    const socket = connect(server.port, '127.0.0.1').pause()
    onTestFinished(() => void socket.destroy())
    const lines = Object.entries({ Host: 'shop', ...headers }).map(([name, value]) => `${name}: ${value}`)
    socket.write(['GET /operator/feed HTTP/1.1', ...lines, '', ''].join('\r\n'))
    await shop.until(() => shop.feed.viewers === 1)
    for (let productId = 9_001; productId <= 9_120; productId += 1) {
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

  it('gives the place of whoever hung up to the next', async () => {
    const shop = await openShop()
    const server = await shop.listen('127.0.0.1', 0)
    for (let viewers = 0; viewers < 120; viewers += 1) {
      const feed = readFeed(await fetch(`${server.url}/operator/feed`, { headers }))
      expect(await feed.next()).toMatchObject({ event: 'heartbeat' })
      await feed.leave()
    }
    await server.stop()
  })
})
