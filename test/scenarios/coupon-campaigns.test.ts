import { describe, expect, test } from 'vitest'
import { isoTime } from '../../src/clock.ts'
import { administratorOf, withAdministrators } from '../support/administrator.ts'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { openScenario, reopenScenario, smallProfile } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const now = new SimulatedClock().now()
const dayMs = 86_400_000

const campaign = {
  name: 'Autumn',
  discountType: 'RATE',
  discountAmount: 20,
  maxDiscount: 5_000,
  minOrderAmount: 10_000,
  totalQuantity: 2,
  startedAt: isoTime(now),
  expiredAt: isoTime(now + 7 * dayMs),
}

async function openShop(options: Parameters<typeof openScenario>[0] = {}) {
  const { environment, ...rest } = options
  const shop = await openScenario({
    profile: smallProfile,
    environment: { ...withAdministrators, ...environment },
    ...rest,
  })
  return { shop, ...administratorOf(shop) }
}

const idOf = ({ body }: { body: unknown }) => (body as { couponId: number }).couponId

describe('A campaign', () => {
  test('is opened by an administrator, seen by everybody, issued and used', async () => {
    const { shop, post, see } = await openShop()
    const created = await post('/coupons', campaign)
    const couponId = idOf(created)
    const shown = { couponId, ...campaign, remainingQuantity: 2, endedAt: null }
    expect(created).toMatchObject({ status: 201, body: shown })
    expect((await shop.get(`/coupons/${couponId}`)).body).toEqual(shown)
    expect((await shop.get('/coupons')).body).toMatchObject([{ couponId: 201 }, shown])
    expect((await shop.issueCoupon(couponId, 1)).status).toBe(201)
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    expect(await shop.pay(orderId, couponId)).toMatchObject({ status: 201, body: { discountAmount: 5_000 } })
    expect((await shop.get(`/coupons/${couponId}`)).body).toMatchObject({ remainingQuantity: 1 })
    expect((await see('/operator/audit')).body).toMatchObject([
      { action: 'CreateCoupon', subject: `coupon/${couponId}`, outcome: 'CouponCreated' },
    ])
  })

  test('that is ended early issues no more; what was issued is used until its own end', async () => {
    const { shop, post, see } = await openShop()
    const couponId = idOf(await post('/coupons', campaign))
    await shop.issueCoupon(couponId, 1)
    const endedAt = isoTime(now)
    expect(await post(`/coupons/${couponId}/end`, { reason: 'Too generous.' })).toMatchObject({
      status: 200,
      body: { couponId, endedAt },
    })
    expect((await shop.get('/coupons')).body).toMatchObject([{ couponId: 201 }])
    expect((await shop.get(`/coupons/${couponId}`)).body).toMatchObject({ endedAt, remainingQuantity: 1 })
    expect(await shop.issueCoupon(couponId, 1)).toMatchObject({ body: { code: 'COUPON_INVALID_PERIOD' } })
    expect((await shop.get('/coupons/customer/1')).body).toMatchObject([{ couponId, status: 'AVAILABLE' }])
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    expect((await shop.pay(orderId, couponId)).status).toBe(201)
    expect((await see('/operator/audit')).body).toMatchObject([
      {},
      { action: 'EndCoupon', reason: 'Too generous.', outcome: 'CouponEnded' },
    ])
  })

  test.each<[object, string]>([
    [{ name: ' ' }, 'name'],
    [{ discountType: 'HALF' }, 'discountType'],
    [{ discountAmount: 0 }, 'discountAmount'],
    [{ discountAmount: 101 }, 'discountAmount'],
    [{ maxDiscount: 0 }, 'maxDiscount'],
    [{ discountType: 'FIXED' }, 'maxDiscount'],
    [{ minOrderAmount: -1 }, 'minOrderAmount'],
    [{ totalQuantity: 0 }, 'totalQuantity'],
    [{ totalQuantity: 1.5 }, 'totalQuantity'],
    [{ startedAt: campaign.expiredAt }, 'expiredAt'],
    [{ startedAt: isoTime(now - 2), expiredAt: isoTime(now - 1) }, 'expiredAt'],
    [{ startedAt: 'tomorrow' }, 'startedAt'],
    [{ issuedQuantity: 5 }, 'issuedQuantity'],
  ])('with %j is refused', async (fault, path) => {
    const { shop, post } = await openShop()
    expect(await post('/coupons', { ...campaign, ...fault })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT', path },
    })
    expect((await shop.get('/coupons')).body).toMatchObject([{ couponId: 201 }])
  })

  test('that is not there is told so', async () => {
    const { shop, post } = await openShop()
    expect(await shop.get('/coupons/999')).toMatchObject({ status: 404, body: { code: 'COUPON_NOT_FOUND' } })
    expect(await post('/coupons/999/end', {})).toMatchObject({
      status: 404,
      body: { code: 'COUPON_NOT_FOUND' },
    })
  })

  test.each(['/coupons', '/coupons/201/end'])('is for administrators: POST %s', async path => {
    const { shop } = await openShop()
    expect(await shop.request('POST', path, {}, { 'X-Customer-Id': '1' })).toMatchObject({ status: 403 })
  })
})

describe('Creating campaigns', () => {
  test('is capped for each caller and hour, also over a restart, and costs nothing when refused', async () => {
    const directory = dataDirectory()
    const environment = { RECOUP_COUPONS_PER_HOUR: '2' }
    const first = await openShop({ dataDirectory: directory, environment })
    for (const status of [201, 201]) expect((await first.post('/coupons', campaign)).status).toBe(status)
    await first.shop.close()
    const shop = reopenScenario({
      dataDirectory: directory,
      profile: smallProfile,
      environment: { ...withAdministrators, ...environment },
    })
    const { post } = administratorOf(shop)
    shop.clock.advance(60_000)
    const refused = await post('/coupons', campaign, { 'Idempotency-Key': 'a-key-of-16-chars' })
    expect([refused.status, refused.headers.get('retry-after'), refused.body]).toMatchObject([
      429,
      '3540',
      { code: 'RATE_LIMITED', retryAfterS: 3_540 },
    ])
    expect((await shop.get('/coupons')).body).toHaveLength(3)
    shop.clock.advance(3_540_000)
    // The refusal was not kept under the key.
    expect((await post('/coupons', campaign, { 'Idempotency-Key': 'a-key-of-16-chars' })).status).toBe(201)
  })

  test('again under the same key counts once', async () => {
    const { post } = await openShop({ environment: { RECOUP_COUPONS_PER_HOUR: '2' } })
    const key = { 'Idempotency-Key': 'a-key-of-16-chars' }
    const [first, again] = [await post('/coupons', campaign, key), await post('/coupons', campaign, key)]
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([first.body, 'true'])
    expect((await post('/coupons', campaign)).status).toBe(201)
    expect((await post('/coupons', campaign)).status).toBe(429)
  })
})

describe('Coupons whose period is over', () => {
  const customers = Array.from({ length: 3_000 }, (_, at) => ({
    id: at + 1,
    username: `c${at + 1}`,
    balance: 150_000,
  }))

  test('expire by themselves, thousands at once, while payments go on, also when the server was down', async () => {
    const directory = dataDirectory()
    const profile = { ...smallProfile, customers }
    const first = await openShop({ dataDirectory: directory, profile })
    const couponId = idOf(await first.post('/coupons', { ...campaign, totalQuantity: customers.length }))
    await Promise.all(customers.map(({ id }) => first.shop.issueCoupon(couponId, id)))
    const { orderId } = (await first.shop.placeOrder(1, [line(1012)])).body
    await first.shop.pay(orderId, couponId)
    await first.shop.close()

    const shop = reopenScenario({
      dataDirectory: directory,
      profile,
      environment: withAdministrators,
      clock: new SimulatedClock(now + 9 * dayMs),
    })
    const count = shop.database
      .prepare<[string], number>(
        `SELECT count(*) FROM snapshots WHERE kind = 'ownedCoupon' AND state ->> '$.status' = ?`,
      )
      .pluck()
    const late = (await shop.placeOrder(2, [line(1012)])).body.orderId
    expect(await shop.pay(late, couponId)).toMatchObject({ status: 409, body: { code: 'COUPON_EXPIRED' } })
    // A payment is let in between slices of them, not behind all.
    expect((await shop.pay(late)).status).toBe(201)
    const left = count.get('AVAILABLE') ?? 0
    expect(left).toBeGreaterThan(customers.length / 2)
    await shop.until(() => count.get('AVAILABLE') === 0)
    expect([count.get('EXPIRED'), count.get('USED')]).toEqual([customers.length - 1, 1])
    expect(shop.database.prepare("SELECT 1 FROM timers WHERE name = 'ExpireCoupon'").all()).toEqual([])
    expect((await shop.get('/coupons/customer/3')).body).toMatchObject([{ status: 'EXPIRED' }])
  })
})
