import { describe, expect, test } from 'vitest'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { late, lost } from '../support/message-tap.ts'
import { openScenario, reopenScenario } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const dayMs = 86_400_000
const soon = { RECOUP_ORDER_EXPIRY_MS: '5000', RECOUP_PAYMENT_WAIT_MS: '200000' }

describe('an unpaid order', () => {
  test('expires at its time and takes no transition after it', async () => {
    const shop = await openScenario()
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    const status = async () => (await shop.get(`/orders/${orderId}`)).body.status

    await shop.pass(dayMs - 1, dayMs - 1)
    expect(await status()).toBe('CREATED')
    await shop.pass(1, 1)
    expect(await status()).toBe('EXPIRED')
    expect(await shop.pay(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_PAYABLE' } })
    expect(await shop.cancel(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_CANCELLABLE' } })
    expect((await shop.get(`/orders/${orderId}/events`)).body).toMatchObject([
      { sequence: 1, type: 'OrderCreated', status: 'CREATED' },
      { sequence: 2, type: 'OrderExpired', status: 'EXPIRED' },
    ])
  })

  test('expires also when its time passes while the process is down', async () => {
    const directory = dataDirectory()
    const before = await openScenario({ dataDirectory: directory })
    const { orderId } = (await before.placeOrder(1, [line(1012)])).body
    await before.close()

    const clock = new SimulatedClock(before.clock.now() + 2 * dayMs)
    const after = reopenScenario({ dataDirectory: directory, clock })
    await after.pass(0)
    expect((await after.get(`/orders/${orderId}`)).body.status).toBe('EXPIRED')
  })

  test('expires at its first time after an attempt that failed before', async () => {
    const shop = await openScenario({ environment: soon })
    const { orderId } = (await shop.placeOrder(1, [line(1041, 3)])).body
    expect((await shop.pay(orderId)).body.code).toBe('BALANCE_INSUFFICIENT')

    await shop.pass(4_500)
    expect((await shop.get(`/orders/${orderId}`)).body.status).toBe('CREATED')
    await shop.pass(500)
    expect((await shop.get(`/orders/${orderId}`)).body.status).toBe('EXPIRED')
  })
})

describe('an order whose time passes while it is being paid', () => {
  test('is EXPIRED when the attempt fails', async () => {
    const shop = await openScenario({ environment: soon })
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    const books = shop.books()
    shop.messages.rule = lost('DeductBalance')

    const answer = shop.pay(orderId)
    await shop.pass(10_000)
    expect((await shop.get(`/orders/${orderId}`)).body.status).toBe('PAYING')
    await shop.pass(120_000)

    expect((await answer).body.code).toBe('PAYMENT_STEP_TIMED_OUT')
    expect((await shop.get(`/orders/${orderId}`)).body.status).toBe('EXPIRED')
    expect(shop.books()).toEqual(books)
  })

  test('is PAID when the attempt completes, and stays so', async () => {
    const shop = await openScenario({ environment: soon })
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    shop.messages.rule = late('CompletePayment', 10_000)

    const answer = shop.pay(orderId)
    await shop.pass(60_000)

    expect((await answer).status).toBe(201)
    expect((await shop.get(`/orders/${orderId}`)).body.status).toBe('PAID')
  })
})
