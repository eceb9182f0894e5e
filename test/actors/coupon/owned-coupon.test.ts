import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CouponTerms } from '../../../src/actors/coupon/coupon-messages.ts'
import { discountOf, ownedCoupon } from '../../../src/actors/coupon/owned-coupon.ts'
import { orderTotalMax } from '../../../src/money.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { openTestRuntime, type Sent, type TestRuntime } from '../../runtime/open-test-runtime.ts'
import { dayMs, fixed, rate } from './coupon-terms.ts'

const owned = 'ownedCoupon/71:11'
const keyOf = (orderId: number) => ({ scope: `${orderId}/1`, name: 'useCoupon' })
const use = (orderId = 1001, totalPrice = 3_000): Sent => ({
  to: owned,
  message: { type: 'UseCoupon', orderId, totalPrice },
  key: keyOf(orderId),
  resent: true,
})
const restore = (orderId = 1001): Sent => ({
  to: owned,
  message: { type: 'RestoreCoupon', orderId },
  key: { scope: `${orderId}/1`, name: 'restoreCoupon' },
  undoes: keyOf(orderId),
  resent: true,
})
const used = { type: 'CouponUsed', discountAmount: 300 }
const rejected = (code: string, facts: object = {}) => ({
  type: 'UseCouponRejected',
  refusal: { code, facts: { couponId: 71, ...facts } },
})

async function ownedCouponOf(terms: CouponTerms = fixed): Promise<TestRuntime> {
  const runtime = openTestRuntime({ actors: [erased(ownedCoupon)] })
  await runtime.tell({ to: owned, message: { type: 'GrantCoupon', couponId: 71, customerId: 11, terms } })
  return runtime
}

const statusOf = ({ stored }: TestRuntime) => stored(owned) as { status: string; orderId: number | null }

describe('UseCoupon', () => {
  it('uses it for one order and tells the discount', async () => {
    const runtime = await ownedCouponOf()
    expect(await runtime.tell(use())).toEqual([used])
    expect(statusOf(runtime)).toMatchObject({ status: 'USED', orderId: 1001 })
  })

  it('of three orders at once serves the first', async () => {
    const runtime = await ownedCouponOf()
    expect(await runtime.tell(use(1001), use(1002), use(1003))).toEqual([
      used,
      rejected('COUPON_ALREADY_USED'),
      rejected('COUPON_ALREADY_USED'),
    ])
  })

  it('repeated answers the same, also after a restart', async () => {
    const first = await ownedCouponOf()
    expect([...(await first.tell(use(), use())), ...(await first.crash().tell(use()))]).toEqual([
      used,
      used,
      used,
    ])
  })

  it.each([
    ['before its period', -1, rejected('COUPON_INVALID_PERIOD')],
    ['as its period begins', 0, used],
    ['as its period ends', 7 * dayMs, used],
    ['after its period, though no job has run', 7 * dayMs + 1, rejected('COUPON_EXPIRED')],
  ])('%s', async (_when, afterMs, answer) => {
    const startedAt = fixed.startedAt + 1_000
    const { tell, clock } = await ownedCouponOf({ ...fixed, startedAt, expiredAt: startedAt + 7 * dayMs })
    clock.advance(1_000 + afterMs)
    expect(await tell(use())).toEqual([answer])
  })

  it.each([
    [999, rejected('COUPON_MIN_ORDER_NOT_MET', { minOrderAmount: 1_000, requested: 999 })],
    [1_000, used],
  ])('for %d, of at least 1,000', async (total, answer) => {
    const { tell } = await ownedCouponOf({ ...fixed, minOrderAmount: 1_000 })
    expect(await tell(use(1001, total))).toEqual([answer])
  })

  it('of a coupon that was never granted is refused', async () => {
    const { tell } = openTestRuntime({ actors: [erased(ownedCoupon)] })
    expect(await tell(use())).toEqual([rejected('CUSTOMER_COUPON_NOT_FOUND', { customerId: 11 })])
  })
})

describe('RestoreCoupon', () => {
  it('makes it available again, for another order', async () => {
    const runtime = await ownedCouponOf()
    await runtime.tell(use())
    expect(await runtime.tell(restore(), restore())).toEqual([
      { type: 'CouponRestored' },
      { type: 'CouponRestored' },
    ])
    expect(statusOf(runtime)).toMatchObject({ status: 'AVAILABLE', orderId: null })
    expect(await runtime.tell(use(1002))).toEqual([used])
  })

  it('finds it EXPIRED when its period is over by then', async () => {
    const runtime = await ownedCouponOf()
    await runtime.tell(use())
    runtime.clock.advance(8 * dayMs)
    await runtime.tell(restore())
    expect(statusOf(runtime)).toMatchObject({ status: 'EXPIRED', orderId: null })
    expect(await runtime.tell(use(1002))).toEqual([rejected('COUPON_EXPIRED')])
  })

  it('of an order that did not use it changes nothing', async () => {
    const runtime = await ownedCouponOf()
    await runtime.tell(use(1001), use(1002))
    expect(await runtime.tell(restore(1002), restore(1003))).toHaveLength(2)
    expect(statusOf(runtime)).toMatchObject({ status: 'USED', orderId: 1001 })
  })
})

describe('GrantCoupon', () => {
  it('a second time changes nothing', async () => {
    const runtime = await ownedCouponOf()
    await runtime.tell(use())
    await runtime.tell({
      to: owned,
      message: { type: 'GrantCoupon', couponId: 71, customerId: 11, terms: rate(50) },
    })
    expect(statusOf(runtime)).toMatchObject({ status: 'USED', terms: fixed })
  })
})

describe('A discount', () => {
  it.each([
    ['FIXED 300', 1_000, 300, fixed],
    ['FIXED 300', 300, 300, fixed],
    ['FIXED 300', 299, 299, fixed],
    ['FIXED 300', 0, 0, fixed],
    ['10 %', 1_000, 100, rate(10)],
    ['10 %', 999, 99, rate(10)],
    ['10 %', 9, 0, rate(10)],
    ['1 %', 99, 0, rate(1)],
    ['100 %', 1_234, 1_234, rate(100)],
    ['10 %, at most 50', 500, 50, rate(10, 50)],
    ['10 %, at most 50', 501, 50, rate(10, 50)],
    ['10 %, at most 50', 499, 49, rate(10, 50)],
    ['33 %', orderTotalMax, 330_000_000_000, rate(33)],
    ['99 %', Number.MAX_SAFE_INTEGER, 8_917_127_262_193_581, rate(99)],
  ])('of %s off %d is %d', (_terms, total, discount, terms) => {
    expect(discountOf(terms, total)).toBe(discount)
  })

  it('of a percentage is the exact product rounded down, at most its limit, and never above the total', () => {
    const total = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    const percent = fc.integer({ min: 1, max: 100 })
    const limit = fc.option(fc.integer({ min: 0, max: orderTotalMax }))
    fc.assert(
      fc.property(total, percent, limit, (total, percent, limit) => {
        const exact = (BigInt(total) * BigInt(percent)) / 100n
        const discount = discountOf(rate(percent, limit), total)
        expect(BigInt(discount)).toBe(limit !== null && BigInt(limit) < exact ? BigInt(limit) : exact)
        expect(discount).toBeLessThanOrEqual(total)
      }),
    )
  })
})

describe('ExpireCoupon', () => {
  const overMs = 7 * dayMs + 1
  const timers = ({ database }: TestRuntime) => database.prepare('SELECT actor, name FROM timers').all()

  it('comes by itself when the period is over, and not before', async () => {
    const runtime = await ownedCouponOf()
    runtime.pass(overMs - 1)
    expect(statusOf(runtime)).toMatchObject({ status: 'AVAILABLE' })
    runtime.pass(1)
    expect(statusOf(runtime)).toMatchObject({ status: 'EXPIRED', orderId: null })
    expect(timers(runtime)).toEqual([])
  })

  it('catches up after the process was down at that time', async () => {
    const first = await ownedCouponOf()
    first.cutPower()
    first.clock.advance(30 * dayMs)
    const second = first.crash()
    second.pass(0)
    expect(statusOf(second)).toMatchObject({ status: 'EXPIRED' })
  })

  it('of a coupon that is granted late, its period being over, comes at once', async () => {
    const runtime = await ownedCouponOf({
      ...fixed,
      startedAt: fixed.startedAt - dayMs,
      expiredAt: fixed.startedAt - 1,
    })
    runtime.pass(0)
    expect(statusOf(runtime)).toMatchObject({ status: 'EXPIRED' })
  })

  it('leaves a used coupon as it is; given back later it is expired', async () => {
    const runtime = await ownedCouponOf()
    await runtime.tell(use())
    runtime.pass(overMs)
    expect(statusOf(runtime)).toMatchObject({ status: 'USED', orderId: 1001 })
    await runtime.tell(restore())
    expect(statusOf(runtime)).toMatchObject({ status: 'EXPIRED', orderId: null })
    expect(timers(runtime)).toEqual([])
  })

  it('still comes to one that was used and given back before', async () => {
    const runtime = await ownedCouponOf()
    await runtime.tell(use(), restore())
    expect(statusOf(runtime)).toMatchObject({ status: 'AVAILABLE' })
    runtime.pass(overMs)
    expect(statusOf(runtime)).toMatchObject({ status: 'EXPIRED' })
  })

  it('that comes out of turn, or again, changes nothing', async () => {
    const runtime = await ownedCouponOf()
    const expire = { to: owned, message: { type: 'ExpireCoupon' } }
    await runtime.tell(expire)
    expect(statusOf(runtime)).toMatchObject({ status: 'AVAILABLE' })
    runtime.pass(overMs)
    await runtime.tell(expire)
    expect(statusOf(runtime)).toMatchObject({ status: 'EXPIRED' })
  })

  it('never comes between a use at the last moment and the payment: it is used or expired, whichever was first', async () => {
    for (const first of ['use', 'expiry'] as const) {
      const runtime = await ownedCouponOf()
      runtime.clock.advance(first === 'use' ? overMs - 1 : overMs)
      const answers = await runtime.tell(use())
      runtime.pass(1)
      expect(answers).toEqual([first === 'use' ? used : rejected('COUPON_EXPIRED')])
      expect(statusOf(runtime)).toMatchObject({ status: first === 'use' ? 'USED' : 'EXPIRED' })
    }
  })
})
