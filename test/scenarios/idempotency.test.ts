import { describe, expect, test } from 'vitest'
import type { Interceptor } from '../../src/runtime/transport.ts'
import { type Client, line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { lost } from '../support/message-tap.ts'
import { openScenario, reopenScenario } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const key = { 'Idempotency-Key': 'a-key-of-16-chars' }

async function shopWithOrder(options: Parameters<typeof openScenario>[0] = {}) {
  const shop = await openScenario(options)
  const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
  return { ...shop, orderId }
}

/** The same as after some seconds of being down. */
function restarted({ clock }: { clock: SimulatedClock }, directory: string) {
  return reopenScenario({ dataDirectory: directory, clock: new SimulatedClock(clock.now() + 5_000) })
}

/** Whatever actors answer to requests is lost. */
const lostAnswers: Interceptor = ({ to, inReplyTo }) =>
  to.startsWith('request/') && inReplyTo !== undefined ? 'drop' : 'deliver'

const order = { customerId: 1, items: [line(1012)] }

const commands: { command: string; send(client: Client, orderId: number): ReturnType<Client['request']> }[] =
  [
    {
      command: 'ChargeBalance',
      send: client => client.request('PATCH', '/balances/charge', { customerId: 1, amount: 5 }, key),
    },
    { command: 'CreateOrder', send: client => client.request('POST', '/orders', order, key) },
    { command: 'PayOrder', send: (client, orderId) => client.pay(orderId, null, key) },
    { command: 'PayOrder, refused', send: (client, orderId) => client.pay(orderId, 202, key) },
    {
      command: 'CancelOrder',
      send: (client, orderId) => client.request('POST', `/orders/${orderId}/cancel`, {}, key),
    },
    {
      command: 'IssueCoupon',
      send: client => client.request('POST', '/coupons/issue', { couponId: 201, customerId: 1 }, key),
    },
  ]

describe('the same Idempotency-Key', () => {
  test.each(commands)('with the same $command is given the first answer again', async ({ send }) => {
    const shop = await shopWithOrder()
    const first = await send(shop, shop.orderId)
    const books = shop.books()
    const again = await send(shop, shop.orderId)

    expect(first.headers.get('Idempotency-Replayed')).toBeNull()
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body })
    expect(shop.books()).toEqual(books)
  })

  test('with another body is refused and changes nothing', async () => {
    const shop = await shopWithOrder()
    await shop.request('PATCH', '/balances/charge', { customerId: 1, amount: 5 }, key)

    expect(await shop.request('PATCH', '/balances/charge', { customerId: 1, amount: 6 }, key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    })
    expect(shop.questions.balanceAmount(1)).toBe(150_005)
  })

  test('on another route, or of another caller, is another key', async () => {
    const shop = await shopWithOrder()
    const charge = (caller: number) =>
      shop.request(
        'PATCH',
        '/balances/charge',
        { customerId: caller, amount: 5 },
        { ...key, 'X-Customer-Id': `${caller}` },
      )

    expect([await charge(1), await charge(2), await shop.pay(shop.orderId, null, key)]).toMatchObject([
      { status: 200 },
      { status: 200 },
      { status: 201 },
    ])
  })

  test('at the same moment is given the same answer, which only one of them has for the first time', async () => {
    const shop = await shopWithOrder()
    const answers = await Promise.all([1, 2, 3].map(() => shop.pay(shop.orderId, null, key)))

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    const replayed = answers.map(({ headers }) => headers.get('Idempotency-Replayed'))
    expect(replayed).toEqual([null, 'true', 'true'])
    expect(shop.questions.balanceAmount(1)).toBe(110_000)
  })

  test('while the first request runs is told to come again', async () => {
    const shop = await shopWithOrder()
    shop.messages.rule = lost('DeductBalance')
    const first = shop.pay(shop.orderId, null, key)
    await shop.until(() => shop.messages.ofType('DeductBalance').length > 0)
    await shop.pass(0)

    const second = await shop.pay(shop.orderId, null, key)
    expect(second).toMatchObject({ status: 409, body: { code: 'REQUEST_IN_FLIGHT' } })
    expect(second.headers.get('Retry-After')).toBe('1')

    shop.messages.rule = () => 'deliver'
    await shop.pass(2_000)
    expect((await first).status).toBe(201)
    expect((await shop.pay(shop.orderId, null, key)).status).toBe(201)
  })

  test('after a 202 is given the 202 again, and its Location tells the rest', async () => {
    const shop = await shopWithOrder()
    shop.messages.rule = lost('DeductBalance')
    const first = shop.pay(shop.orderId, null, key)
    await shop.pass(10_000)
    expect((await first).status).toBe(202)
    shop.messages.rule = () => 'deliver'
    await shop.pass(10_000)

    const again = await shop.pay(shop.orderId, null, key)
    expect(again).toMatchObject({ status: 202, body: { paymentId: shop.orderId } })
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect((await shop.get(again.headers.get('Location') ?? '')).body).toMatchObject({ status: 'COMPLETED' })
  })

  test('after a step that timed out is a first request again', async () => {
    const environment = { RECOUP_PAYMENT_WAIT_MS: '200000' }
    const shop = await shopWithOrder({ environment })
    shop.messages.rule = lost('DeductBalance')
    const first = shop.pay(shop.orderId, null, key)
    await shop.pass(130_000)
    expect((await first).status).toBe(503)

    shop.messages.rule = () => 'deliver'
    const again = await shop.pay(shop.orderId, null, key)
    expect(again.status).toBe(201)
    expect(again.headers.get('Idempotency-Replayed')).toBeNull()
  })

  test('after a restart is given the first answer again', async () => {
    const directory = dataDirectory()
    const before = await shopWithOrder({ dataDirectory: directory })
    const first = await before.pay(before.orderId, null, key)
    await before.close()

    const again = await restarted(before, directory).pay(before.orderId, null, key)
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
    expect({ status: again.status, body: again.body }).toEqual({ status: 201, body: first.body })
  })

  test('of a request that ran when the process ended is given the answer of the payment that went on', async () => {
    const directory = dataDirectory()
    const before = await shopWithOrder({ dataDirectory: directory })
    before.messages.rule = lost('DeductBalance')
    const first = before.pay(before.orderId, null, key)
    await before.pass(0)
    await before.close()
    expect((await first).body.code).toBe('UNAVAILABLE')

    const after = restarted(before, directory)
    await after.pass(0)
    const again = await after.pay(before.orderId, null, key)
    expect(again).toMatchObject({ status: 201, body: { orderId: before.orderId } })
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
  })

  test.each(commands)('passes $command on once, also when the message comes twice', async ({ send }) => {
    const shop = await shopWithOrder()
    shop.messages.rule = ({ from }) => (from.startsWith('request/') ? { duplicates: 1 } : 'deliver')
    const twice = await send(shop, shop.orderId)
    const once = await shopWithOrder()
    expect(twice.status).toBe((await send(once, once.orderId)).status)
    expect(shop.books().balances).toEqual(once.books().balances)
  })

  test.each(commands)('asks again when the answer to $command was lost', async ({ send }) => {
    const shop = await shopWithOrder()
    shop.messages.rule = lostAnswers
    const answer = send(shop, shop.orderId)
    await shop.pass(1_500)
    shop.messages.rule = () => 'deliver'
    await shop.pass(1_000)
    const once = await shopWithOrder()
    expect((await answer).status).toBe((await send(once, once.orderId)).status)
    expect(shop.books().balances).toEqual(once.books().balances)
  })

  test('asks again when the answer to CancelOrder of an order that is being paid was lost', async () => {
    const shop = await shopWithOrder()
    shop.messages.rule = lost('DeductBalance')
    const payer = shop.pay(shop.orderId, null)
    await shop.pass(0)
    shop.messages.rule = lostAnswers
    const canceller = shop.request('POST', `/orders/${shop.orderId}/cancel`, {}, key)
    await shop.pass(2_500)
    expect((await payer).body.code).toBe('PAYMENT_CANCELLED')
    shop.messages.rule = () => 'deliver'
    await shop.pass(4_000)
    expect(await canceller).toMatchObject({ status: 200, body: { status: 'CANCELLED' } })
  })

  test('asks again after a restart when the answer was lost in the crash', async () => {
    const directory = dataDirectory()
    const before = await shopWithOrder({ dataDirectory: directory })
    before.messages.rule = lostAnswers
    const first = before.pay(before.orderId, null, key)
    await before.pass(0)
    await before.close()
    expect((await first).body.code).toBe('UNAVAILABLE')

    const after = restarted(before, directory)
    await after.pass(3_000)
    expect(await after.pay(before.orderId, null, key)).toMatchObject({ status: 201 })
  })

  test.each(commands)('asks again when the message of $command was lost', async ({ command, send }) => {
    const shop = await shopWithOrder()
    shop.messages.rule = ({ from }) => (from.startsWith('request/') ? 'drop' : 'deliver')
    const answer = send(shop, shop.orderId)
    await shop.pass(1_500)
    shop.messages.rule = () => 'deliver'
    await shop.pass(1_000)
    expect((await answer).status).toEqual(
      command === 'PayOrder, refused' ? 404 : expect.toBeOneOf([200, 201]),
    )
  })
})
