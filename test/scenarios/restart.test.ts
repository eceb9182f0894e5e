import { describe, expect, test } from 'vitest'
import { refuse } from '../../src/refusal.ts'
import type { Interceptor } from '../../src/runtime/transport.ts'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { lost, refused } from '../support/message-tap.ts'
import { openScenario, reopenScenario } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const saleRefused = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))

const states = [
  { state: 'paying.claimingOrder', silent: 'BeginPayment', ends: 'COMPLETED' },
  { state: 'paying.decreasingStock', silent: 'DecreaseStock', ends: 'COMPLETED' },
  { state: 'paying.usingCoupon', silent: 'UseCoupon', ends: 'COMPLETED' },
  { state: 'paying.deductingBalance', silent: 'DeductBalance', ends: 'COMPLETED' },
  { state: 'paying.recordingPayment', silent: 'CompletePayment', ends: 'COMPLETED' },
  { state: 'paying.recordingStatistics', silent: 'RecordSale', ends: 'COMPLETED' },
  { state: 'compensating.voidingPayment', silent: 'VoidPayment', ends: 'FAILED' },
  { state: 'compensating.refundingBalance', silent: 'RefundBalance', ends: 'FAILED' },
  { state: 'compensating.restoringCoupon', silent: 'RestoreCoupon', ends: 'FAILED' },
  { state: 'compensating.restoringStock', silent: 'RestoreStock', ends: 'FAILED' },
  { state: 'compensating.releasingOrder', silent: 'ReleaseOrder', ends: 'FAILED' },
]

/** A shop on a directory with one customer's order and coupon, and the shop that it is after some time of being down. */
async function shopOnDisk() {
  const directory = dataDirectory()
  const shop = await openScenario({ dataDirectory: directory })
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012), line(1023)])).body
  return {
    ...shop,
    orderId,
    async restart(downMs: number) {
      await shop.close()
      const clock = new SimulatedClock(shop.clock.now() + downMs)
      return reopenScenario({ dataDirectory: directory, clock })
    },
  }
}

describe('a restart', () => {
  test('within the same millisecond, or with the clock set back, gives no return the number of another', async () => {
    const directory = dataDirectory()
    const first = await openScenario({ dataDirectory: directory })
    const { orderId } = (await first.placeOrder(1, [line(1012, 3)])).body
    await first.pay(orderId)
    const part = [{ productOptionId: 1012, quantity: 1 }]
    const returned = await first.returnItems(orderId, part, { 'Idempotency-Key': 'the-first-of-three' })
    await first.close()
    const clock = () => new SimulatedClock(first.clock.now() - 3_600_000)
    const second = reopenScenario({ dataDirectory: directory, clock: clock() })
    second.messages.rule = lost('RefundReturn')
    const underWay = await second.returnItems(orderId, part, {
      'Idempotency-Key': 'the-second-of-three',
      Prefer: 'respond-async',
    })
    await second.close()
    const third = reopenScenario({ dataDirectory: directory, clock: clock() })
    await third.pass(70_000)
    const last = await third.returnItems(orderId, undefined, { 'Idempotency-Key': 'the-third-of-three' })
    expect([returned.status, underWay.status, last.status]).toEqual([201, 202, 201])
    const ids = [returned, underWay, last].map(({ body }) =>
      Number((body as unknown as { returnId: number }).returnId),
    )
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b))
    expect(third.questions.payment(orderId)).toMatchObject({ status: 'RETURNED' })
    await third.close()
  })

  test('loses nothing that was acknowledged', async () => {
    const before = await shopOnDisk()
    await before.pay(before.orderId, 201)
    await before.charge(2, 5)
    const paths = [
      `/orders/${before.orderId}`,
      `/orders/${before.orderId}/events`,
      `/payments/${before.orderId}`,
      `/payments/${before.orderId}/timeline`,
      '/balances/1/balance-histories',
      '/balances/2',
      '/coupons/customer/1',
      '/products/101',
      '/products/popular?days=1',
    ]
    const answers = await Promise.all(paths.map(path => before.get(path)))

    const after = await before.restart(1_000)
    for (const [at, path] of paths.entries()) expect((await after.get(path)).body).toEqual(answers[at]?.body)
    expect((await after.pay(before.orderId)).body.code).toBe('ORDER_NOT_PAYABLE')
  })

  test.each([
    { when: 'before its deadline', downMs: 1_000 },
    { when: 'long after its deadline', downMs: 3_600_000 },
  ])('$when lets a waiting step be asked again at its original time', async ({ downMs }) => {
    const before = await shopOnDisk()
    before.messages.rule = lost('DeductBalance')
    const answer = before.pay(before.orderId, 201)
    await before.pass(0)
    const after = await before.restart(downMs)
    expect((await answer).body.code).toBe('UNAVAILABLE')

    const leftMs = Math.max(0, 2_000 - downMs)
    if (leftMs > 0) {
      await after.pass(leftMs - 500)
      expect(after.messages.ofType('DeductBalance')).toEqual([])
    }
    await after.pass(leftMs === 0 ? 0 : 500)
    expect(after.messages.ofType('DeductBalance')).toHaveLength(1)
    expect((await after.get(`/payments/${before.orderId}`)).body).toMatchObject({ status: 'COMPLETED' })
  })
})

describe.each(states)('a payment in $state when the process ends', ({ state, silent, ends }) => {
  test(`goes on by itself after a restart and is ${ends}`, async () => {
    const before = await shopOnDisk()
    const books = before.books()
    const isLost = lost(silent)
    const rule: Interceptor = ends === 'FAILED' ? saleRefused : () => 'deliver'
    before.messages.rule = envelope => (isLost(envelope) === 'drop' ? 'drop' : rule(envelope))
    const answer = before.pay(before.orderId, 201)
    await before.pass(0)
    expect((await before.get(`/payments/${before.orderId}`)).body).toMatchObject({ step: state })

    const after = await before.restart(5_000)
    after.messages.rule = rule
    await after.pass(0)
    expect((await answer).body.code).toBe('UNAVAILABLE')
    expect((await after.get(`/payments/${before.orderId}`)).body).toMatchObject({ status: ends, attempt: 1 })
    expect(after.paymentTimers()).toEqual([])
    if (ends === 'FAILED') expect(after.books()).toEqual(books)
    else expect(after.questions.balanceAmount(1)).toBe(150_000 - 68_000)
  })
})
