import { describe, expect, test } from 'vitest'
import { refuse } from '../../src/refusal.ts'
import type { Interceptor } from '../../src/runtime/transport.ts'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { lost, refused } from '../support/message-tap.ts'
import { openScenario, reopenScenario, type Scenario } from '../support/open-scenario.ts'

const token = 'a-token-of-operators'
const environment = { RECOUP_OPERATOR_TOKEN: token }
const asOperator = { Authorization: `Bearer ${token}` }
const reason = 'The warehouse answered by phone.'

function operatorOf(shop: Scenario) {
  return {
    see: (path: string) => shop.request('GET', `/operator/${path}`, undefined, asOperator),
    act: (path: string, body: object = {}, headers = {}) =>
      shop.request('POST', `/operator/${path}`, { reason, ...body }, { ...asOperator, ...headers }),
  }
}

/** A shop where an order of 79,000 is being paid and a command of the payment is silent. */
async function stuckAt(command: string, options: Parameters<typeof openScenario>[0] = {}) {
  const shop = await openScenario({ environment, ...options })
  const { orderId } = (await shop.placeOrder(1, [line(1012, 2)])).body
  const books = shop.books()
  shop.messages.rule = lost(command)
  const payer = shop.pay(orderId)
  await shop.until(() => shop.messages.ofType(command).length > 0)
  return { shop, orderId, payer, books, ...operatorOf(shop) }
}

describe('Operator routes', () => {
  test('are not there where no token is set', async () => {
    const shop = await openScenario()
    expect(await operatorOf(shop).see('payments')).toMatchObject({
      status: 404,
      body: { code: 'ROUTE_NOT_FOUND' },
    })
  })

  test.each([{}, { Authorization: 'Bearer wrong' }, { Authorization: token }])(
    'are for who shows the token, not for %o',
    async headers => {
      const shop = await openScenario({ environment })
      const answer = await shop.request('GET', '/operator/payments', undefined, headers)
      expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    },
  )

  test('ask for a reason', async () => {
    const { act, orderId, shop } = await stuckAt('DeductBalance')
    expect(await act(`payments/${orderId}/retry`, { reason: ' ' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT', path: 'reason' },
    })
    shop.messages.rule = () => 'deliver'
    await shop.pass(2_000)
  })

  test('answer for payments and messages there are none of', async () => {
    const shop = await openScenario({ environment })
    const { see, act } = operatorOf(shop)
    expect((await see('nothing')).body).toMatchObject({ code: 'ROUTE_NOT_FOUND' })
    const headers = (await shop.request('DELETE', '/operator/payments')).headers
    expect(headers.get('Allow')).toBe('GET, HEAD')
    expect(await see('payments/999')).toMatchObject({ status: 404, body: { code: 'PAYMENT_NOT_FOUND' } })
    expect(await act('payments/999/skip')).toMatchObject({ status: 404 })
    expect(await act('dead-letters/999/skip')).toMatchObject({
      status: 404,
      body: { code: 'DEAD_LETTER_NOT_FOUND' },
    })
  })
})

describe('A payment whose step is silent', () => {
  test('is listed until it ends', async () => {
    const { shop, orderId, see } = await stuckAt('DeductBalance')
    expect((await see('payments')).body).toMatchObject([
      { paymentId: orderId, step: 'paying.deductingBalance', resends: 0, attention: [] },
    ])
    shop.messages.rule = () => 'deliver'
    await shop.pass(2_000)
    expect((await see('payments')).body).toEqual([])
    expect((await see(`payments/${orderId}`)).body).toMatchObject({ status: 'COMPLETED', nextResendAt: null })
  })

  test('goes on at once when it is retried, and the deed is in the audit log', async () => {
    const { shop, orderId, payer, see, act } = await stuckAt('DeductBalance')
    shop.messages.rule = () => 'deliver'
    expect(await act(`payments/${orderId}/retry`)).toMatchObject({
      status: 200,
      body: { status: 'COMPLETED' },
    })
    expect((await payer).status).toBe(201)
    expect((await see('audit')).body).toMatchObject([
      {
        operator: 'operator',
        action: 'RetryStep',
        subject: `payment/${orderId}`,
        reason,
        outcome: 'StepRetried',
      },
    ])
  })

  test('is retried once however often the same request comes', async () => {
    const { shop, orderId, see, act } = await stuckAt('DeductBalance')
    const key = { 'Idempotency-Key': 'one-retry-and-no-more' }
    const sent = () => shop.messages.ofType('DeductBalance').length
    await act(`payments/${orderId}/retry`, {}, key)
    const after = sent()
    await act(`payments/${orderId}/retry`, {}, key)
    expect(sent()).toBe(after)
    expect((await see('audit')).body).toHaveLength(1)
    shop.messages.rule = () => 'deliver'
    await shop.pass(4_000)
  })

  test.each(['BeginPayment', 'DecreaseStock', 'DeductBalance', 'CompletePayment'])(
    'at %s is undone when it is compensated',
    async command => {
      const { shop, orderId, payer, books, act } = await stuckAt(command)
      expect(await act(`payments/${orderId}/compensate`)).toMatchObject({ status: 200 })
      expect(await payer).toMatchObject({ status: 409, body: { code: 'PAYMENT_CANCELLED' } })
      expect(shop.books()).toEqual(books)
      shop.messages.rule = () => 'deliver'
      expect((await shop.pay(orderId)).status).toBe(201)
    },
  )

  test('completes when the statistics are skipped, which stay owed', async () => {
    const { shop, orderId, payer, act } = await stuckAt('RecordSale')
    expect(await act(`payments/${orderId}/skip`)).toMatchObject({
      status: 200,
      body: { status: 'COMPLETED' },
    })
    expect((await payer).status).toBe(201)
    shop.messages.rule = () => 'deliver'
    await shop.pass(1_000)
    expect((await shop.get('/products/popular?days=1')).body).toMatchObject([{ salesCount: 2 }])
  })

  test('cannot be skipped where money or stock would be left hanging, and the try is in the audit log', async () => {
    const { shop, orderId, see, act } = await stuckAt('DeductBalance')
    expect(await act(`payments/${orderId}/skip`)).toMatchObject({
      status: 409,
      body: { code: 'OPERATION_NOT_APPLICABLE', paymentId: orderId, operation: 'skip' },
    })
    expect((await see('audit')).body).toMatchObject([{ outcome: 'OPERATION_NOT_APPLICABLE' }])
    shop.messages.rule = () => 'deliver'
    await shop.pass(2_000)
  })

  test.each(['retry', 'skip', 'compensate'])('has nothing to %s once it has completed', async operation => {
    const { shop, orderId, act } = await stuckAt('DeductBalance')
    shop.messages.rule = () => 'deliver'
    await shop.pass(2_000)
    const answer = await act(`payments/${orderId}/${operation}`)
    expect(answer).toMatchObject({ status: 409, body: { code: 'OPERATION_NOT_APPLICABLE' } })
    expect((await shop.get(`/payments/${orderId}`)).body).toMatchObject({ status: 'COMPLETED' })
  })
})

describe('/metrics', () => {
  const numbersOf = async (shop: Scenario) =>
    Object.fromEntries(
      (await (await shop.app.request('/metrics')).text())
        .split('\n')
        .filter(line => line.startsWith('recoup_'))
        .map(line => line.split(' ')),
    )

  test('counts what was handled, what changed nothing, and what waits for an operator', async () => {
    const { shop, act } = await suspendedPayment()
    const suspended = await numbersOf(shop)
    expect(suspended).toMatchObject({ recoup_actors_suspended: '1', recoup_payments_waiting: '1' })
    expect(Number(suspended['recoup_messages_handled_total'])).toBeGreaterThan(10)
    await act('dead-letters/1/skip')
    await shop.pass(2_000)
    const unchanged = Number((await numbersOf(shop))['recoup_messages_unchanged_total'])
    await shop.charge(999, 1)
    expect(await numbersOf(shop)).toMatchObject({
      recoup_actors_suspended: '0',
      recoup_payments_waiting: '0',
      recoup_messages_unchanged_total: String(unchanged + 1),
    })
  })
})

describe('An undo that goes unanswered', () => {
  test('stands in the operator queue after five resends, and ends when it is retried', async () => {
    const reported = ['1 payment waits for an operator; GET /operator/payments says why.']
    const shop = await openScenario({ environment, reported })
    const { see, act } = operatorOf(shop)
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    const saleRefused = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))
    shop.messages.rule = envelope =>
      lost('RefundBalance')(envelope) === 'drop' ? 'drop' : saleRefused(envelope)
    const payer = shop.pay(orderId)
    await shop.pass(62_000)
    expect(await see(`payments/${orderId}`)).toMatchObject({
      body: { step: 'compensating.refundingBalance', attention: ['UNDO_UNANSWERED'] },
    })
    await shop.pass(60_000)

    shop.messages.rule = saleRefused
    expect(await act(`payments/${orderId}/retry`)).toMatchObject({ status: 200, body: { status: 'FAILED' } })
    expect((await payer).status).toBe(202)
  })
})

/** A reply that the payment machine cannot bear: a refusal without a reason. */
const senseless: Interceptor = envelope =>
  envelope.message.type === 'DeductBalance' ? { answer: { type: 'DeductBalanceRejected' } } : 'deliver'

const setAside = expect.stringMatching(/^A message to payment\/\d+ of order\/\d+ was set aside/)
const needsOperator = '1 payment waits for an operator; GET /operator/payments says why.'

async function suspendedPayment(options: Parameters<typeof openScenario>[0] = {}) {
  const shop = await openScenario({ environment, reported: [setAside], ...options })
  const { orderId } = (await shop.placeOrder(1, [line(1012, 2)])).body
  shop.messages.rule = senseless
  const payer = shop.pay(orderId)
  await shop.until(() => shop.reports.length > 0)
  shop.messages.rule = () => 'deliver'
  return { shop, orderId, payer, ...operatorOf(shop) }
}

describe('A payment that was told something it cannot handle', () => {
  test('is suspended, and shown with the message, the error and the stack', async () => {
    const { orderId, see, act, shop } = await suspendedPayment()
    expect((await see('payments')).body).toMatchObject([
      { paymentId: orderId, attention: ['SUSPENDED'], deadLetterIds: [1] },
    ])
    expect((await see('dead-letters')).body).toMatchObject([
      {
        id: 1,
        actor: `payment/${orderId}`,
        saga: `order/${orderId}`,
        message: { type: 'DeductBalanceRejected' },
        error: 'DeductBalanceRejected carries no refusal',
        stack: expect.stringContaining('payment-machine'),
        resolution: null,
      },
    ])
    expect(await shop.pay(orderId)).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    expect(await act(`payments/${orderId}/retry`)).toMatchObject({ status: 503 })
    await act('dead-letters/1/skip')
    await shop.pass(2_000)
  })

  test('goes on when the message is skipped: the step is asked again in time', async () => {
    const { shop, payer, see, act } = await suspendedPayment()
    expect(await act('dead-letters/1/skip')).toMatchObject({ status: 200, body: { resolution: 'SKIPPED' } })
    await shop.pass(2_000)
    expect((await payer).status).toBe(201)
    expect((await see('dead-letters')).body).toEqual([])
    expect((await see('dead-letters?all=true')).body).toMatchObject([{ id: 1, resolution: 'SKIPPED' }])
    expect((await see('audit')).body).toMatchObject([
      { action: 'ResolveDeadLetter', subject: 'deadLetter/1' },
    ])
  })

  test('takes an edited message in its place', async () => {
    const { orderId, payer, act, shop } = await suspendedPayment()
    const refusal = { code: 'BALANCE_INSUFFICIENT', facts: { available: 0, requested: 80_000 } }
    const message = { type: 'DeductBalanceRejected', refusal }
    expect(await act('dead-letters/1/edit', { message })).toMatchObject({ body: { resolution: 'EDITED' } })
    expect(await payer).toMatchObject({ status: 409, body: { code: 'BALANCE_INSUFFICIENT' } })
    expect((await shop.get(`/payments/${orderId}`)).body).toMatchObject({ status: 'FAILED' })
  })

  test('is suspended again when the message is retried in vain', async () => {
    const { act, see, shop } = await suspendedPayment({ reported: [setAside, setAside] })
    expect(await act('dead-letters/1/retry')).toMatchObject({ body: { resolution: 'RETRIED' } })
    expect((await see('dead-letters')).body).toMatchObject([{ id: 2, resolution: null }])
    await act('dead-letters/2/skip')
    await shop.pass(2_000)
  })

  test('is resolved by one operator', async () => {
    const { act, shop } = await suspendedPayment()
    const answers = await Promise.all([act('dead-letters/1/skip'), act('dead-letters/1/skip')])
    expect(answers.map(({ status }) => status)).toEqual([200, 409])
    expect((await act('dead-letters/1/edit', { message: { type: 'X' } })).body).toMatchObject({
      code: 'DEAD_LETTER_RESOLVED',
    })
    await shop.pass(2_000)
  })

  test('is still suspended after a restart, and goes on where it was', async () => {
    const directory = dataDirectory()
    const first = await suspendedPayment({ dataDirectory: directory })
    await first.shop.close()
    const shop = reopenScenario({
      environment,
      dataDirectory: directory,
      clock: first.shop.clock,
      reported: [needsOperator],
    })
    const { see, act } = operatorOf(shop)
    await shop.pass(60_000)
    expect((await see('payments')).body).toMatchObject([{ attention: ['SUSPENDED'] }])
    await act('dead-letters/1/skip')
    await shop.pass(2_000)
    expect((await see('payments')).body).toEqual([])
    expect((await shop.get(`/payments/${first.orderId}`)).body).toMatchObject({ status: 'COMPLETED' })
  })
})
