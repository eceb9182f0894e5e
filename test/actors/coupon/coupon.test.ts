import { describe, expect, it } from 'vitest'
import { coupon } from '../../../src/actors/coupon/coupon.ts'
import { ownedCoupon } from '../../../src/actors/coupon/owned-coupon.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { everyRow, openTestRuntime, type TestRuntime } from '../../runtime/open-test-runtime.ts'
import { dayMs, fixed, now } from './coupon-terms.ts'

const campaign = 'coupon/71'
const issueTo = (customerId: number) => ({ type: 'IssueCoupon', customerId })
const rejected = (code: string, facts: object) => ({ type: 'IssueCouponRejected', refusal: { code, facts } })

async function campaignOf(totalQuantity: number, terms = fixed): Promise<TestRuntime> {
  const runtime = openTestRuntime({ actors: [erased(coupon), erased(ownedCoupon)] })
  await runtime.run(campaign, { type: 'CreateCoupon', couponId: 71, totalQuantity, terms })
  return runtime
}

const issues = ({ database }: TestRuntime) =>
  database.prepare('SELECT customer_id FROM coupon_issues ORDER BY customer_id').pluck().all()

describe('CreateCoupon', () => {
  it('opens the campaign; a second time changes nothing', async () => {
    const runtime = await campaignOf(2)
    await runtime.run(campaign, issueTo(11))
    expect(
      await runtime.run(campaign, { type: 'CreateCoupon', couponId: 71, totalQuantity: 99, terms: fixed }),
    ).toEqual({
      type: 'CouponCreated',
      couponId: 71,
      totalQuantity: 2,
      remainingQuantity: 1,
      endedAt: null,
      ...fixed,
    })
    expect(runtime.stored(campaign)).toEqual({
      couponId: 71,
      totalQuantity: 2,
      issuedQuantity: 1,
      terms: fixed,
      endedAt: null,
    })
  })
})

describe('EndCoupon', () => {
  const end = { type: 'EndCoupon' }

  it('issues no more, for good; what was issued can be used until its own period is over', async () => {
    const first = await campaignOf(2)
    await first.run(campaign, issueTo(11))
    first.clock.advance(5)
    expect(await first.run(campaign, end)).toMatchObject({
      type: 'CouponEnded',
      couponId: 71,
      remainingQuantity: 1,
      endedAt: now + 5,
    })
    const refused = rejected('COUPON_INVALID_PERIOD', { couponId: 71 })
    expect(await first.run(campaign, issueTo(12))).toEqual(refused)
    const second = first.crash()
    expect(await second.run(campaign, issueTo(12))).toEqual(refused)
    expect(issues(second)).toEqual([11])
    second.clock.advance(6 * dayMs)
    const use = { type: 'UseCoupon', orderId: 1001, totalPrice: 1_000 }
    expect(await second.run('ownedCoupon/71:11', use)).toMatchObject({ type: 'CouponUsed' })
  })

  it('of several at once is told the first', async () => {
    const { run, clock } = await campaignOf(2)
    await run(campaign, end)
    clock.advance(5)
    expect(await run(campaign, end)).toMatchObject({ type: 'CouponEnded', endedAt: now })
  })

  it('of a campaign that is over changes nothing', async () => {
    const { run, clock, database } = await campaignOf(2)
    clock.advance(7 * dayMs + 1)
    const before = everyRow(database)
    expect(await run(campaign, end)).toMatchObject({ type: 'CouponEnded', endedAt: null })
    expect(everyRow(database)).toEqual(before)
  })

  it('of a campaign that does not exist is refused and leaves no row', async () => {
    const runtime = await campaignOf(2)
    expect(await runtime.run('coupon/99', end)).toEqual({
      type: 'EndCouponRejected',
      refusal: { code: 'COUPON_NOT_FOUND', facts: { couponId: 99 } },
    })
    expect(runtime.stored('coupon/99')).toBeUndefined()
  })
})

describe('IssueCoupon', () => {
  it('grants the customer a coupon of the campaign', async () => {
    const runtime = await campaignOf(2)
    expect(await runtime.run(campaign, issueTo(11))).toEqual({
      type: 'CouponIssued',
      couponId: 71,
      customerId: 11,
      issuedAt: now,
    })
    expect(runtime.stored('ownedCoupon/71:11')).toMatchObject({ status: 'AVAILABLE', terms: fixed })
    expect(issues(runtime)).toEqual([11])
  })

  it('gives exactly as many as there are, to those who came first', async () => {
    const runtime = await campaignOf(3)
    const answers = await Promise.all([11, 12, 13, 14, 15].map(id => runtime.ask(campaign, issueTo(id))))
    expect(answers.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 3 }, () => 'CouponIssued'),
      ...Array.from({ length: 2 }, () => 'IssueCouponRejected'),
    ])
    expect(answers.at(-1)).toEqual(rejected('COUPON_INSUFFICIENT', { couponId: 71 }))
    expect(issues(runtime)).toEqual([11, 12, 13])
  })

  it.each([
    ['at once', (first: TestRuntime) => first],
    ['after a restart', (first: TestRuntime) => first.crash()],
  ])('gives a customer one, also when asked again %s', async (_when, next) => {
    const first = await campaignOf(5)
    await first.run(campaign, issueTo(11))
    const second = next(first)
    expect(await second.run(campaign, issueTo(11))).toEqual(
      rejected('COUPON_ALREADY_ISSUED', { couponId: 71, customerId: 11 }),
    )
    expect(second.stored(campaign)).toMatchObject({ issuedQuantity: 1 })
  })

  it('of two of one customer in the same batch gives one', async () => {
    const { ask } = await campaignOf(5)
    const answers = await Promise.all([ask(campaign, issueTo(11)), ask(campaign, issueTo(11))])
    expect(answers.map(({ type }) => type)).toEqual(['CouponIssued', 'IssueCouponRejected'])
  })

  it('tells a customer who has one so, also when they are sold out', async () => {
    const { run } = await campaignOf(1)
    await run(campaign, issueTo(11))
    expect(await run(campaign, issueTo(11))).toMatchObject({ refusal: { code: 'COUPON_ALREADY_ISSUED' } })
  })

  it.each([
    ['is not yet there', -1, 'COUPON_INVALID_PERIOD'],
    ['begins', 0, undefined],
    ['ends', 7 * dayMs, undefined],
    ['is over', 7 * dayMs + 1, 'COUPON_INVALID_PERIOD'],
  ])('when its period %s', async (_when, afterMs, code) => {
    const terms = { ...fixed, startedAt: now + 1_000, expiredAt: now + 1_000 + 7 * dayMs }
    const { run, clock } = await campaignOf(5, terms)
    clock.advance(1_000 + afterMs)
    const answer = await run(campaign, issueTo(11))
    expect((answer as { refusal?: { code: string } }).refusal?.code).toBe(code)
  })

  it('of a campaign that does not exist is refused and leaves no row', async () => {
    const runtime = await campaignOf(5)
    expect(await runtime.run('coupon/99', issueTo(11))).toEqual(
      rejected('COUPON_NOT_FOUND', { couponId: 99 }),
    )
    expect(runtime.stored('coupon/99')).toBeUndefined()
  })
})
