import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { statistics } from '../../../src/actors/statistics/statistics.ts'
import { createRedisRanking } from '../../../src/persistence/ranking/redis-ranking.ts'
import { createSalesLog } from '../../../src/persistence/ranking/sales-log.ts'
import { createSqliteRanking } from '../../../src/persistence/ranking/sqlite-ranking.ts'
import { createDirectReader } from '../../../src/persistence/reader.ts'
import type { RedisCalls } from '../../../src/persistence/redis/redis-connection.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { openTestRuntime, type TestRuntime } from '../../runtime/open-test-runtime.ts'
import { describeWithRedis, type TestRedis } from '../../support/describe-with-redis.ts'

const today = '2026-01-05'
const dayMs = 86_400_000
const dayBefore = (days: number) => new Date(Date.parse(today) - days * dayMs).toISOString().slice(0, 10)

const openSales = () => openTestRuntime({ actors: [erased(statistics('UTC'))] })

interface Sold {
  orderId: number
  productId: number
  units: number
  daysAgo: number
}

function command(type: 'RecordSale' | 'ReverseSale', { orderId, productId, units, daysAgo }: Sold) {
  const paidAt = Date.parse(today) - daysAgo * dayMs
  return { type, orderId, paidAt, sales: [{ productId, quantity: units }] }
}

async function sell(shop: TestRuntime, ...sold: readonly Partial<Sold>[]): Promise<void> {
  for (const [index, one] of sold.entries()) {
    const sale = { orderId: index + 1, productId: 1, units: 1, daysAgo: 0, ...one }
    await shop.run(`statistics/${sale.orderId}`, command('RecordSale', sale))
  }
}

const embeddedOf = ({ database }: TestRuntime) => createSqliteRanking(createDirectReader(database))

let generations = 0

/** A ranking on a Redis that is there, and one that says when it had to ask elsewhere. */
function onRedis({ database, clock }: TestRuntime, { client }: Pick<TestRedis, 'client'>) {
  const reader = createDirectReader(database)
  const table = createSqliteRanking(reader)
  let passedOn = 0
  const redis: RedisCalls & { state: string } = {
    state: 'closed',
    generation: `generation-${++generations}`,
    call: run => run(client),
  }
  const embedded = {
    popular(fromDay: string, toDay: string) {
      passedOn += 1
      return table.popular(fromDay, toDay)
    },
  }
  const ranking = createRedisRanking({ redis, sales: createSalesLog(reader), embedded, clock })
  return Object.assign(ranking, { redis, passedOn: () => passedOn })
}

type Popular = Pick<ReturnType<typeof embeddedOf>, 'popular'>

/** What every ranking answers, wherever it keeps its counts. */
function rankingContract(openRanking: (shop: TestRuntime) => Promise<Popular>): void {
  const top = async (shop: TestRuntime, fromDay: string, toDay = today) =>
    (await (await openRanking(shop)).popular(fromDay, toDay)).map(({ productId, salesCount }) => [
      productId,
      salesCount,
    ])

  it('has nothing to tell where nothing was sold', async () => {
    expect(await top(openSales(), today)).toEqual([])
  })

  it('tells the five that sold most; of equals the one with the smaller number first', async () => {
    const shop = openSales()
    const ids = [9_007_199_254_740_991, 1_001, 9, 10, 2, 100]
    await sell(shop, ...ids.map(productId => ({ productId, units: productId === 10 ? 3 : 2 })))
    expect(await top(shop, today)).toEqual([
      [10, 3],
      [2, 2],
      [9, 2],
      [100, 2],
      [1_001, 2],
    ])
  })

  it('adds up the days of the period, and no others', async () => {
    const shop = openSales()
    await sell(shop, ...[0, 1, 2, 3].map(daysAgo => ({ productId: daysAgo % 2, daysAgo })))
    expect(await top(shop, dayBefore(2), dayBefore(1))).toEqual([
      [0, 1],
      [1, 1],
    ])
    expect(await top(shop, dayBefore(3))).toEqual([
      [0, 2],
      [1, 2],
    ])
  })

  it('tells of the whole longest period', async () => {
    const shop = openSales()
    await sell(shop, { daysAgo: 364 }, { daysAgo: 365 })
    expect(await top(shop, dayBefore(364))).toEqual([[1, 1]])
  })

  it('leaves out what was all given back, and counts a repeated return once', async () => {
    const shop = openSales()
    await sell(shop, { productId: 1, units: 2 }, { productId: 2, units: 1 })
    const reverse = command('ReverseSale', { orderId: 1, productId: 1, units: 2, daysAgo: 0 })
    const key = { scope: '1/return/1', name: 'reverseSale' }
    await shop.run('statistics/1', reverse, key)
    await shop.run('statistics/1', reverse, key)
    expect(await top(shop, today)).toEqual([[2, 1]])
  })
}

describe('The ranking in SQLite', () => {
  rankingContract(async shop => embeddedOf(shop))
})

describeWithRedis('The ranking in Redis', redis => {
  rankingContract(async shop => {
    const ranking = onRedis(shop, redis)
    await ranking.feed()
    const { popular } = ranking
    return {
      async popular(fromDay, toDay) {
        const ranked = await popular(fromDay, toDay)
        expect(ranking.passedOn()).toBe(0)
        return ranked
      },
    }
  })

  it('counts what was committed before the question, also after it was built', async () => {
    const shop = openSales()
    const ranking = onRedis(shop, redis)
    await ranking.feed()
    for (const orderId of [1, 2, 3]) {
      await sell(shop, { orderId, daysAgo: orderId % 2 })
      expect(await ranking.popular(dayBefore(7), today)).toEqual(
        await embeddedOf(shop).popular(dayBefore(7), today),
      )
    }
    expect(ranking.passedOn()).toBe(0)
  })

  it('is answered by the table while Redis is gone, empty or loading, and by Redis again once it is built', async () => {
    const shop = openSales()
    await sell(shop, { units: 3 })
    const ranking = onRedis(shop, redis)
    const expectTop = async (passedOn: number, salesCount = 3) => {
      expect(await ranking.popular(today, today)).toEqual([{ productId: 1, salesCount }])
      expect(ranking.passedOn()).toBe(passedOn)
    }
    await expectTop(1)
    await ranking.feed()
    await expectTop(1)
    ranking.redis.state = 'open'
    await expectTop(2)
    ranking.redis.state = 'closed'
    await redis.client.flushdb()
    await sell(shop, { orderId: 2, units: 4 })
    await expectTop(3, 7)
    await ranking.feed()
    await expectTop(3, 7)
  })

  it('notices a day that was evicted, when it is asked and when it counts', async () => {
    const shop = openSales()
    await sell(shop, { units: 3, daysAgo: 1 }, { units: 2 })
    const ranking = onRedis(shop, redis)
    for (const sold of [false, true]) {
      await ranking.feed()
      await redis.client.del(...(await redis.client.keys(`*:${dayBefore(1)}`)))
      if (sold) await sell(shop, { orderId: 3, daysAgo: 1 })
      expect(await ranking.popular(dayBefore(1), today)).toEqual([{ productId: 1, salesCount: sold ? 6 : 5 }])
    }
    expect(ranking.passedOn()).toBe(2)
  })

  it('counts once what it does not know to have arrived', async () => {
    const shop = openSales()
    const ranking = onRedis(shop, redis)
    await ranking.feed()
    const { call } = ranking.redis
    let lost = 0
    ranking.redis.call = async run => {
      const answer = await call(run)
      if (++lost <= 3) throw new Error('The answer was lost')
      return answer
    }
    await sell(shop, { units: 2 }, { units: 5 })
    await expect(ranking.feed()).rejects.toThrow('lost')
    await sell(shop, { orderId: 3, units: 1 })
    await expect(ranking.feed()).rejects.toThrow('lost')
    await expect(ranking.feed()).rejects.toThrow('lost')
    expect(await ranking.popular(today, today)).toEqual([{ productId: 1, salesCount: 8 }])
    expect(ranking.passedOn()).toBe(0)
  })

  it('leaves no key without an end to its life, and takes its older keys away when it is built anew', async () => {
    const shop = openSales()
    const ranking = onRedis(shop, redis)
    await sell(shop, { daysAgo: 1 })
    await ranking.feed()
    await sell(shop, { orderId: 2 })
    await ranking.feed()
    const keys = await redis.client.keys('*')
    expect(keys).toHaveLength(3)
    for (const key of keys) expect(await redis.client.pttl(key)).toBeGreaterThan(0)
    shop.clock.advance(dayMs / 2)
    await ranking.feed()
    const after = await redis.client.keys('*')
    expect(after).toHaveLength(3)
    expect(after.filter(key => keys.includes(key))).toEqual([])
  })

  const histories = Number(process.env['RECOUP_RANKING_HISTORIES'] ?? 100)

  it(`agrees with the table and with a plain count on ${histories} random histories`, {
    timeout: 600_000,
  }, async () => {
    let [asked, byTable] = [0, 0]

    async function follow([sold, happenings]: History): Promise<void> {
      const shop = openSales()
      /** Sales by order and returns by their key: each counts once. */
      const counted = new Map<string, Sold>()
      let ranking = onRedis(shop, redis)

      async function expectAgreement(days: number): Promise<number> {
        const fromDay = dayBefore(Math.min(days, 364))
        const before = ranking.passedOn()
        const answer = await ranking.popular(fromDay, today)
        expect(answer).toEqual(plainCount([...counted.values()], fromDay))
        expect(answer).toEqual(await embeddedOf(shop).popular(fromDay, today))
        asked += 1
        byTable += ranking.passedOn() - before
        return ranking.passedOn() - before
      }

      for (const happens of happenings) {
        if (happens.type === 'ask') await expectAgreement(happens.days)
        else if (happens.type === 'feed') await ranking.feed()
        else if (happens.type === 'flush') await redis.client.flushdb()
        else if (happens.type === 'restart') ranking = onRedis(shop, redis)
        else {
          const orderId = (happens.order % sold.length) + 1
          const sale = { productId: 1, units: 1, daysAgo: 0, ...sold[orderId - 1], orderId }
          const key = { scope: `${orderId}/${happens.event}`, name: happens.type }
          const name = `${happens.type} ${happens.type === 'RecordSale' ? orderId : key.scope}`
          await shop.run(`statistics/${orderId}`, command(happens.type, sale), key)
          counted.set(name, happens.type === 'RecordSale' ? sale : { ...sale, units: -sale.units })
        }
      }
      // A Redis that was emptied is noticed when it is asked, at the latest; then it is built anew.
      await ranking.feed()
      await expectAgreement(364)
      await ranking.feed()
      expect(await expectAgreement(364)).toBe(0)
      shop.database.close()
    }

    await fc.assert(fc.asyncProperty(history, follow), { numRuns: histories })
    // A comparison of the table with itself would agree as well.
    expect(byTable).toBeGreaterThan(0)
    expect(byTable).toBeLessThan(asked / 2)
  })
})

const daysAgo = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 380 }))
const orders = fc.array(
  fc.record({ productId: fc.integer({ min: 1, max: 9 }), units: fc.integer({ min: 1, max: 4 }), daysAgo }),
  { minLength: 1, maxLength: 12 },
)
const order = fc.nat({ max: 11 })
/** The same one comes again and again. */
const event = fc.nat({ max: 2 })
const of = <const Type extends string, More extends object>(
  type: Type,
  more: { [Field in keyof More]: fc.Arbitrary<More[Field]> },
) =>
  fc.record({ type: fc.constant(type), ...more } as never) as unknown as fc.Arbitrary<{ type: Type } & More>
/** Orders, and what becomes of them and of Redis. */
const history = fc.tuple(
  orders,
  fc.array(
    fc.oneof(
      { weight: 5, arbitrary: of('RecordSale', { order, event }) },
      { weight: 2, arbitrary: of('ReverseSale', { order, event }) },
      { weight: 3, arbitrary: of('ask', { days: daysAgo }) },
      { weight: 3, arbitrary: of('feed', {}) },
      { weight: 1, arbitrary: of('flush', {}) },
      { weight: 1, arbitrary: of('restart', {}) },
    ),
    { minLength: 4, maxLength: 30 },
  ),
)
type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never

function plainCount(sold: readonly Sold[], fromDay: string) {
  const units = new Map<number, number>()
  for (const sale of sold) {
    if (dayBefore(sale.daysAgo) < fromDay) continue
    units.set(sale.productId, (units.get(sale.productId) ?? 0) + sale.units)
  }
  return [...units]
    .map(([productId, salesCount]) => ({ productId, salesCount }))
    .filter(({ salesCount }) => salesCount > 0)
    .sort((a, b) => b.salesCount - a.salesCount || a.productId - b.productId)
    .slice(0, 5)
}
