import { describe, expect, it } from 'vitest'
import { isoTime } from '../../src/clock.ts'
import { administratorOf, withAdministrators } from '../support/administrator.ts'
import { line } from '../support/client.ts'
import { openScenario, smallProfile } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const now = new SimulatedClock().now()
const minuteMs = 60_000

async function openShop(options: Parameters<typeof openScenario>[0] = {}) {
  const shop = await openScenario({
    profile: smallProfile,
    environment: { ...withAdministrators, RECOUP_COUPONS_PER_HOUR: '10' },
    ...options,
  })
  return { shop, ...administratorOf(shop) }
}

const rows = ({ body }: { body: unknown }) => body as readonly Record<string, unknown>[]
const nextOf = ({ headers }: { headers: Headers }) => headers.get('link')?.match(/<([^>]+)>/)?.[1]

describe('Customers', () => {
  it('are found by id or by how their username begins, newest first, in pages', async () => {
    const { shop, see } = await openShop()
    for (const [customerId, username] of [
      [11, 'Mina'],
      [12, 'minho'],
      [13, '11th'],
    ] as const) {
      await shop.ask(
        `customer/${customerId}`,
        { type: 'CreateCustomer', customerId, username },
        { correlationId: `test/${customerId}` },
      )
    }
    const ids = async (path: string) => rows(await see(path)).map(({ customerId }) => customerId)
    expect(await ids('/operator/customers')).toEqual([13, 12, 11, 1])
    expect(await ids('/operator/customers?query=MIN')).toEqual([12, 11, 1])
    expect(await ids('/operator/customers?query=11')).toEqual([13, 11])
    expect(await ids('/operator/customers?query=nobody')).toEqual([])
    const first = await see('/operator/customers?query=min&limit=2')
    expect(rows(first)).toEqual([
      { customerId: 12, username: 'minho', roles: ['customer'], disabled: false, balance: 0 },
      { customerId: 11, username: 'Mina', roles: ['customer'], disabled: false, balance: 0 },
    ])
    expect(await ids(nextOf(first) ?? '')).toEqual([1])
  })

  it('are shown with balance, coupons, orders and every line of their ledger, newest first', async () => {
    const { shop, see } = await openShop()
    await shop.issueCoupon(201, 1)
    const { orderId } = (await shop.placeOrder(1, [line(1011)])).body
    expect((await shop.pay(orderId, 201)).status).toBe(201)
    await shop.returnItems(orderId)
    await shop.charge(1, 500)
    const balance = shop.questions.balanceAmount(1)
    expect(await see('/operator/customers/1')).toMatchObject({
      status: 200,
      body: { customerId: 1, balance, coupons: [{ couponId: 201 }] },
    })
    expect(rows(await see('/operator/customers/1/orders'))).toMatchObject([{ orderId, paymentId: orderId }])
    const ledger = rows(await see('/operator/customers/1/ledger'))
    expect(ledger.map(({ changeType, orderId }) => [changeType, orderId])).toEqual([
      ['CHARGE', null],
      ['REFUND', orderId],
      ['USE', orderId],
      ['CHARGE', null],
    ])
    expect(ledger[0]).toMatchObject({ amount: 500, totalAfter: balance })
    expect(ledger[2]?.['amount']).toBeLessThan(0)
    const first = await see('/operator/customers/1/ledger?limit=3')
    const second = rows(await see(nextOf(first) ?? ''))
    expect([...rows(first), ...second]).toEqual(ledger)
  })

  it('that are not there are refused', async () => {
    const { see } = await openShop()
    for (const path of ['', '/ledger', '/orders']) {
      expect(await see(`/operator/customers/999${path}`)).toMatchObject({
        status: 404,
        body: { code: 'CUSTOMER_NOT_FOUND' },
      })
    }
  })

  it.each([
    ['altered', 'UPDATE ledger_lines SET total_after = total_after + 1 WHERE sequence = 1'],
    ['missing', "DELETE FROM ledger_lines WHERE account = 'wallet/1' AND amount = 500"],
  ])('have a ledger that is not shown when a line of it is %s', async (_how, sql) => {
    const { shop, see } = await openShop({ reported: [expect.anything()] })
    await shop.charge(1, 500)
    await shop.charge(1, 700)
    const undo = shop.database.prepare('SELECT * FROM ledger_lines').all() as Record<string, unknown>[]
    shop.database.exec(sql)
    expect(await see('/operator/customers/1/ledger')).toMatchObject({
      status: 503,
      body: { damaged: true },
    })
    // What the shop ends with has to be sound again.
    shop.database.exec('DELETE FROM ledger_lines')
    for (const row of undo) {
      const names = Object.keys(row)
      shop.database
        .prepare(`INSERT INTO ledger_lines (${names.join()}) VALUES (${names.map(() => '?').join()})`)
        .run(...names.map(name => row[name]))
    }
    expect((await see('/operator/customers/1/ledger')).status).toBe(200)
  })
})

describe('The movements of a stock', () => {
  it('say newest first why it is what it is, and add up to it', async () => {
    const { shop, see, post } = await openShop()
    const { orderId } = (await shop.placeOrder(1, [line(1011, 2)])).body
    await shop.pay(orderId)
    await shop.returnItems(orderId, [{ productOptionId: 1011, quantity: 1 }])
    await post('/stocks/1011/write-off', { quantity: 3, reason: 'The rain came in.' })
    const found = rows(await see('/operator/stock/1011/movements'))
    expect(found.map(({ movement, quantity, orderId }) => [movement, quantity, orderId]).slice(0, 3)).toEqual(
      [
        ['WRITE_OFF', -3, null],
        ['RETURN', 1, orderId],
        ['DECREASE', -2, orderId],
      ],
    )
    expect(found.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(shop.questions.stockOf(1011))
    const first = await see('/operator/stock/1011/movements?limit=1')
    expect(rows(await see(nextOf(first) ?? ''))[0]).toEqual(found[1])
    expect((await see('/operator/stock/999/movements')).body.code).toBe('PRODUCT_OPTION_NOT_FOUND')
  })
})

describe('Campaigns', () => {
  it('are listed in every state with what is left of them', async () => {
    const { shop, see, post } = await openShop()
    const open = async (name: string, fromMinutes: number, untilMinutes: number) => {
      const { body } = await post('/coupons', {
        name,
        discountType: 'FIXED',
        discountAmount: 100,
        totalQuantity: 2,
        startedAt: isoTime(now + fromMinutes * minuteMs),
        expiredAt: isoTime(now + untilMinutes * minuteMs),
      })
      return (body as unknown as { couponId: number }).couponId
    }
    const running = await open('Now', 0, 1)
    await open('Soon', 2, 3)
    const dropped = await open('Dropped', 2, 4)
    await post(`/coupons/${dropped}/end`, {})
    await shop.issueCoupon(running, 1)
    const told = async (query = '') =>
      rows(await see(`/operator/coupons${query}`)).map(({ name, state, remainingQuantity: left }) => [
        name,
        state,
        left,
      ])
    expect((await told()).slice(0, 3)).toEqual([
      ['Dropped', 'over', 2],
      ['Soon', 'future', 2],
      ['Now', 'open', 1],
    ])
    expect(await told('?state=future')).toEqual([['Soon', 'future', 2]])
    expect(await told('?state=over')).toEqual([['Dropped', 'over', 2]])
    expect((await told('?state=open'))[0]).toEqual(['Now', 'open', 1])
    await shop.pass(1.5 * minuteMs)
    expect(await told('?state=over')).toEqual([
      ['Dropped', 'over', 2],
      ['Now', 'over', 1],
    ])
    expect((await see('/operator/coupons?state=lost')).status).toBe(400)
  })
})

describe('The health of the shop', () => {
  it('counts what ended and how long it took since the start, for who watches to make rates of', async () => {
    const { shop, see } = await openShop()
    type Health = {
      payments: { ended: Record<string, number>; open: Record<string, number>; compensations: number }
      commitSeconds: { bounds: number[]; cumulative: number[] }
    }
    const look = async () => (await see('/operator/health')).body as unknown as Health
    const before = await look()
    const { orderId } = (await shop.placeOrder(1, [line(1011)])).body
    await shop.pay(orderId)
    const poor = (await shop.placeOrder(1, [line(1011, 10)])).body
    await shop.pay(poor.orderId)
    const after = await look()
    expect(before.payments.ended['completed'] ?? 0).toBe(0)
    expect(after.payments).toMatchObject({ ended: { completed: 1, failed: 1 }, compensations: 1 })
    expect(Object.values(after.payments.open).every(count => count === 0)).toBe(true)
    const commits = ({ commitSeconds: { cumulative } }: Health) => cumulative.at(-1) ?? 0
    expect(commits(after)).toBeGreaterThan(commits(before))
    expect(after.commitSeconds.cumulative).toHaveLength(after.commitSeconds.bounds.length + 1)
    expect(after).toMatchObject({ closed: null, deadLettersWaiting: 0, breakers: { command: 'closed' } })
    // Absent where none is used.
    expect(after).not.toHaveProperty('breakers.redis')
  })
})
