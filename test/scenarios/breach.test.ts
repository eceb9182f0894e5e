import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { lost } from '../support/message-tap.ts'
import { openScenario, reopenScenario, type Scenario, smallProfile } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const minuteMs = 60_000

/** An order that is paid and of which somebody counts two more as sold than were: rows that are intact and disagree. */
async function breach(shop: Scenario): Promise<number> {
  const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
  expect((await shop.pay(orderId)).status).toBe(201)
  forge(shop, orderId)
  return orderId
}

function forge(shop: Scenario, orderId: number): void {
  shop.database
    .prepare("INSERT INTO sales (product_id, day, quantity, order_id) VALUES (101, '2026-01-05', 2, ?)")
    .run(orderId)
}

function repair(shop: Scenario, orderId: number): void {
  shop.database.prepare('DELETE FROM sales WHERE order_id = ? AND quantity = 2').run(orderId)
}

const reportsOf = (orderId: number) => {
  const violation = `order ${orderId} counts 3 sold of product 101 instead of 1`
  return {
    closed: expect.stringMatching(
      new RegExp(`^No money is taken in: E8 is broken since 2026-01-05T03:01:00.000Z: ${violation} `),
    ),
    broken: `Invariant E8 is broken: ${violation}.`,
    opened: expect.stringMatching(/^Every invariant holds again, E8 as well/),
  }
}

describe('A breach', () => {
  it('closes the shop to money within a minute, says which invariant, and lets reads go on', async () => {
    const reported: unknown[] = []
    const shop = await openScenario({ profile: smallProfile, reported })
    const orderId = await breach(shop)
    expect((await shop.get('/readyz')).status).toBe(200)
    shop.clock.advance(minuteMs)
    const { closed, broken, opened } = reportsOf(orderId)
    reported.push(closed, broken, opened)

    expect(await shop.charge(1, 100)).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    expect(await shop.placeOrder(1, [line(1012)])).toMatchObject({ status: 503 })
    expect(await shop.pay(orderId)).toMatchObject({ status: 503 })
    expect(await shop.get('/readyz')).toMatchObject({
      status: 503,
      body: { code: 'UNAVAILABLE', invariant: 'E8', since: '2026-01-05T03:01:00.000Z' },
    })
    expect((await shop.get('/livez')).status).toBe(200)
    expect((await shop.get(`/orders/${orderId}`)).body).toMatchObject({ status: 'PAID' })
    expect(shop.onlineCheck?.counts).toMatchObject({ checksRun: 1, breaches: ['E8'], damagedRows: 0 })

    shop.clock.advance(minuteMs)
    expect((await shop.charge(1, 100)).status).toBe(503)
    repair(shop, orderId)
    shop.clock.advance(minuteMs)
    expect((await shop.charge(1, 100)).status).toBe(200)
    expect((await shop.get('/readyz')).status).toBe(200)
  })

  it('lets payments that run come to their end', async () => {
    const reported: unknown[] = []
    const shop = await openScenario({ profile: smallProfile, reported })
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    shop.messages.rule = lost('DeductBalance')
    const answer = shop.pay(orderId)
    await shop.pass(0)
    const other = await shop.placeOrder(1, [line(1023)])
    forge(shop, other.body.orderId)
    shop.messages.rule = () => 'deliver'
    void shop.onlineCheck?.run()
    expect(shop.onlineCheck?.breach?.name).toBe('E8')
    await shop.pass(2_000)
    expect((await answer).status).toBe(201)
    reported.push(expect.stringContaining('No money is taken in'), expect.stringContaining('E8'))
    repair(shop, other.body.orderId)
    shop.clock.advance(minuteMs)
    reported.push(expect.stringContaining('Every invariant holds again'))
  })

  it('is remembered over a restart, until a check of everything finds none', async () => {
    const directory = dataDirectory()
    const reported: unknown[] = []
    const shop = await openScenario({ dataDirectory: directory, profile: smallProfile })
    const orderId = await breach(shop)
    const { closed, broken, opened } = reportsOf(orderId)
    shop.clock.advance(minuteMs)
    expect(shop.onlineCheck?.breach?.name).toBe('E8')
    expect(existsSync(join(directory, 'recoup.breach'))).toBe(true)
    const now = shop.clock.now()
    await expect(shop.close()).rejects.toThrow()

    const again = reopenScenario({ dataDirectory: directory, clock: new SimulatedClock(now), reported })
    expect((await again.charge(1, 100)).status).toBe(503)
    expect(again.reports).toEqual([closed, broken])
    repair(again, orderId)
    again.clock.advance(minuteMs)
    expect((await again.charge(1, 100)).status).toBe(200)
    expect(existsSync(join(directory, 'recoup.breach'))).toBe(false)
    reported.push(closed, broken, opened)
  })

  it('is found by the thread that checks a running server, whose payments do not wait for it', async () => {
    const reported: unknown[] = []
    const shop = await openScenario({
      dataDirectory: dataDirectory(),
      profile: smallProfile,
      writeInPlace: false,
      reported,
    })
    await shop.onlineCheck?.run()
    const orderId = await breach(shop)
    await shop.onlineCheck?.run()
    expect(shop.onlineCheck?.counts).toMatchObject({ checksRun: 2, checksFailed: 0, breaches: ['E8'] })
    expect(await shop.get('/readyz')).toMatchObject({ status: 503, body: { invariant: 'E8' } })
    repair(shop, orderId)
    await shop.onlineCheck?.run()
    expect((await shop.get('/readyz')).status).toBe(200)
    reported.push(expect.anything(), expect.anything(), expect.anything())
  })

  it('is not looked for with RECOUP_CHECK_EVERY_MS=0', async () => {
    const shop = await openScenario({ profile: smallProfile, environment: { RECOUP_CHECK_EVERY_MS: '0' } })
    const orderId = await breach(shop)
    shop.clock.advance(10 * minuteMs)
    expect((await shop.charge(1, 100)).status).toBe(200)
    repair(shop, orderId)
  })
})

describe('A damaged row', () => {
  it('is reported with its actor, and the shop goes on', async () => {
    const reported: unknown[] = []
    const shop = await openScenario({ profile: smallProfile, reported })
    await shop.charge(1, 100)
    const alter = (sign: string) =>
      shop.database.exec(
        `UPDATE snapshots SET checksum = checksum ${sign} 1 WHERE kind = 'balance' AND id = '1'`,
      )
    alter('+')
    shop.clock.advance(minuteMs)
    expect(shop.reports).toEqual(['A row was altered on disk: the snapshot of balance/1 was altered.'])
    expect(shop.onlineCheck?.counts).toMatchObject({ damagedRows: 1, breaches: [] })
    expect((await shop.charge(1, 100)).status).toBe(200)
    shop.clock.advance(minuteMs)
    expect((await shop.get('/readyz')).status).toBe(200)
    reported.push(expect.any(String))
  })

  it('is not told: who asks for it gets 503, and everybody else an answer', async () => {
    const reported: unknown[] = []
    const shop = await openScenario({ profile: smallProfile, reported })
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    const other = (await shop.placeOrder(1, [line(1012)])).body
    await shop.pay(orderId)
    const alter = (sign: string) =>
      shop.database.exec(`
        UPDATE journal SET checksum = checksum ${sign} 1 WHERE saga = 'order/${orderId}';
        UPDATE ledger_lines SET at = at ${sign} 1 WHERE sequence = 1`)
    alter('+')
    for (const path of [`/payments/${orderId}/timeline`, '/balances/1/balance-histories']) {
      const answer = await shop.get(path)
      expect(answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE', damaged: true } })
      expect(answer.headers.get('retry-after')).toBe('5')
    }
    expect((await shop.get(`/payments/${orderId}`)).status).toBe(200)
    expect((await shop.get(`/orders/${other.orderId}`)).status).toBe(200)
    expect((await shop.pay(other.orderId)).status).toBe(201)
    expect((await shop.get(`/payments/${other.orderId}/timeline`)).status).toBe(200)
    alter('-')
    reported.push(
      expect.stringMatching(/Damaged: The journal of order\/\d+ was altered on disk/),
      expect.stringMatching(/Damaged: The history of wallet\/1 was altered on disk/),
    )
  })
})
