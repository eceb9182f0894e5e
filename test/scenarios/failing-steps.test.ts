import { describe, expect, test } from 'vitest'
import { refuse } from '../../src/refusal.ts'
import type { Message } from '../../src/runtime/envelope.ts'
import { line } from '../support/client.ts'
import { late, lost, refused, unanswered } from '../support/message-tap.ts'
import { openScenario } from '../support/open-scenario.ts'

const stock = ['RestoreStock 1012', 'RestoreStock 1023']

/** What is undone, in this order, when a step refuses and when it stays silent. Without a coupon none is restored. */
const steps = [
  {
    step: 'claimingOrder',
    command: 'BeginPayment',
    refusal: refuse('ORDER_NOT_PAYABLE', { orderId: 1, status: 'PAYING' }),
    whenRefused: [],
    whenSilent: ['ReleaseOrder'],
  },
  {
    step: 'decreasingStock',
    command: 'DecreaseStock',
    refusal: refuse('STOCK_INSUFFICIENT', { productOptionId: 1012, available: 0, requested: 1 }),
    refusing: 'stock/1012',
    whenRefused: ['RestoreStock 1023', 'ReleaseOrder'],
    whenSilent: [...stock, 'ReleaseOrder'],
  },
  {
    step: 'usingCoupon',
    command: 'UseCoupon',
    refusal: refuse('COUPON_EXPIRED', { couponId: 201 }),
    whenRefused: [...stock, 'ReleaseOrder'],
    whenSilent: ['RestoreCoupon', ...stock, 'ReleaseOrder'],
  },
  {
    step: 'deductingBalance',
    command: 'DeductBalance',
    refusal: refuse('BALANCE_INSUFFICIENT', { available: 0, requested: 71_000 }),
    whenRefused: ['RestoreCoupon', ...stock, 'ReleaseOrder'],
    whenSilent: ['RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'],
  },
  {
    step: 'recordingPayment',
    command: 'CompletePayment',
    refusal: refuse('ORDER_NOT_PAYABLE', { orderId: 1, status: 'CREATED' }),
    whenRefused: ['RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'],
    whenSilent: ['VoidPayment', 'RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'],
  },
  {
    step: 'recordingStatistics',
    command: 'RecordSale',
    refusal: refuse('PRODUCT_NOT_FOUND', { productId: 101 }),
    whenRefused: ['VoidPayment', 'RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'],
  },
]

/** A step may be silent in three ways that its payment cannot tell apart. */
const silences = [
  { how: 'never hears of it', rule: lost, refusedLate: [] },
  { how: 'has done it and nobody hears', rule: unanswered, refusedLate: [] },
  {
    how: 'hears of it after its undo',
    rule: (command: string) => late(command, 10_000),
    refusedLate: ['COMMAND_UNDONE'],
  },
]

/** Seven seconds of silence are past the resends; the payer waits for all of it. */
const environment = {
  RECOUP_STEP_DEADLINE_MS: '1000',
  RECOUP_STEP_RESENDS: '2',
  RECOUP_PAYMENT_WAIT_MS: '60000',
}

const codeOf = (message: Message) => (message as { refusal?: { code: string } }).refusal?.code

async function shopWithOrder(couponId: number | null) {
  const shop = await openScenario({ environment })
  if (couponId !== null) await shop.issueCoupon(couponId, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012), line(1023)])).body
  const orderStatus = async () => (await shop.get(`/orders/${orderId}`)).body.status

  return {
    ...shop,
    orderId,
    async expectUndone(books: unknown, undos: readonly string[]) {
      expect(shop.messages.undos()).toEqual(undos)
      expect(shop.books()).toEqual(books)
      expect(await orderStatus()).toBe('CREATED')
      expect((await shop.get(`/payments/${orderId}`)).body).toMatchObject({ status: 'FAILED', attempt: 1 })
      expect(shop.paymentTimers()).toEqual([])
    },
    async expectPayableAgain() {
      shop.messages.rule = () => 'deliver'
      expect((await shop.pay(orderId, couponId)).status).toBe(201)
      expect((await shop.get(`/payments/${orderId}`)).body).toMatchObject({ status: 'COMPLETED', attempt: 2 })
      expect(await orderStatus()).toBe('PAID')
    },
  }
}

describe.each([
  { payment: 'a payment with a coupon', couponId: 201 },
  { payment: 'a payment without a coupon', couponId: null },
])('PayOrder for $payment', ({ couponId }) => {
  const reached = steps.filter(({ command }) => couponId !== null || command !== 'UseCoupon')
  const undone = (undos: readonly string[]) =>
    couponId === null ? undos.filter(undo => undo !== 'RestoreCoupon') : undos

  test.each(reached)('undoes what was done before $step refused', async failing => {
    const { command, refusal, refusing, whenRefused } = failing
    const shop = await shopWithOrder(couponId)
    const books = shop.books()
    shop.messages.rule = refused(command, refusal, refusing)

    expect((await shop.pay(shop.orderId, couponId)).body.code).toBe(refusal.code)

    await shop.expectUndone(books, undone(whenRefused))
    await shop.expectPayableAgain()
  })

  const silent = reached.flatMap(({ whenSilent = [], ...failing }) =>
    whenSilent.length === 0 ? [] : silences.map(silence => ({ ...failing, ...silence, whenSilent })),
  )

  test.each(silent)('undoes what may have been done when $step $how', async failing => {
    const { command, step, rule, whenSilent, refusedLate } = failing
    const shop = await shopWithOrder(couponId)
    const books = shop.books()
    shop.messages.rule = rule(command)

    const answer = shop.pay(shop.orderId, couponId)
    await shop.pass(20_000)
    expect(await answer).toMatchObject({ status: 503, body: { code: 'PAYMENT_STEP_TIMED_OUT', step } })

    const refusals = shop.messages.ofType(`${command}Rejected`)
    expect(new Set(refusals.map(({ message }) => codeOf(message)))).toEqual(new Set(refusedLate))
    await shop.expectUndone(books, undone(whenSilent))
    await shop.expectPayableAgain()
  })
})

test('a customer whose balance did not suffice tops up and pays the same order', async () => {
  const shop = await openScenario()
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1041, 3)])).body
  const books = shop.books()

  expect(await shop.pay(orderId, 201)).toMatchObject({
    status: 409,
    body: { code: 'BALANCE_INSUFFICIENT', available: 150_000, requested: 204_000 },
  })
  expect(shop.books()).toEqual(books)
  await shop.charge(1, 54_000)
  expect((await shop.pay(orderId, 201)).status).toBe(201)
  expect(shop.questions.balanceAmount(1)).toBe(0)
})

describe('DecreaseStock of two options', () => {
  test('waits for the silent one when the other has refused, and undoes only that', async () => {
    const shop = await shopWithOrder(null)
    const books = shop.books()
    const refusal = refuse('STOCK_INSUFFICIENT', { productOptionId: 1023, available: 0, requested: 1 })
    shop.messages.rule = envelope =>
      envelope.to === 'stock/1012' && envelope.message.type === 'DecreaseStock'
        ? 'drop'
        : refused('DecreaseStock', refusal)(envelope)

    const answer = shop.pay(shop.orderId)
    await shop.pass(500)
    expect(shop.messages.undos()).toEqual([])
    await shop.pass(500)

    expect(await answer).toMatchObject({
      status: 409,
      body: { code: 'STOCK_INSUFFICIENT', productOptionId: 1023 },
    })
    await shop.expectUndone(books, ['RestoreStock 1012', 'ReleaseOrder'])
    await shop.expectPayableAgain()
  })

  test('tells the payer the first refusal in line order, whichever comes first', async () => {
    const shop = await shopWithOrder(null)
    await shop.charge(2, 10_000_000)
    const everything = await shop.placeOrder(2, [line(1012, 100), line(1023, 100)])
    expect((await shop.pay(everything.body.orderId)).status).toBe(201)
    const books = shop.books()
    shop.messages.rule = envelope => (envelope.to === 'stock/1012' ? { delayMs: 500 } : 'deliver')

    const answer = shop.pay(shop.orderId)
    await shop.pass(500)

    expect(await answer).toMatchObject({
      status: 409,
      body: { code: 'STOCK_INSUFFICIENT', productOptionId: 1012, available: 0, requested: 1 },
    })
    await shop.expectUndone(books, ['ReleaseOrder'])
  })
})
