import { describe, expect, test } from 'vitest'
import { openSessionShop, password, type SessionShop } from '../support/session-shop.ts'

const minuteMs = 60_000
const stranger = '198.51.100.66'
const home = '203.0.113.7'

const wrong = (shop: SessionShop, username = 'ada', address = stranger) =>
  shop.logIn(username, 'not the password', address)

/** How often a password was compared, in so many tries with so long between them. */
async function compared(
  shop: SessionShop,
  tries: number,
  everyMs: number,
  address?: string,
): Promise<number> {
  let count = 0
  for (let time = 0; time < tries; time += 1) {
    const { status, headers } = await wrong(shop, 'ada', address)
    if (status === 401) count += 1
    else {
      expect(status).toBe(429)
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    shop.clock.advance(everyMs)
  }
  return count
}

describe('1,000 wrong tries', () => {
  test('at once compare five passwords', async () => {
    const shop = await openSessionShop()
    await shop.signUp('ada')
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => wrong(shop)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter(status => status === 401)).toHaveLength(5)
    expect(statuses.filter(status => status === 429)).toHaveLength(995)
  })

  test('one each second compare fourteen, and one each minute four in an hour in the end', async () => {
    const shop = await openSessionShop()
    await shop.signUp('ada')
    // Five, and nine more after 1, 2, 4 … 256 seconds; the next would have to wait another 512.
    expect(await compared(shop, 1_000, 1_000)).toBe(14)
    const before = await compared(shop, 60, minuteMs)
    expect(before).toBeLessThanOrEqual(5)
    expect(await compared(shop, 60, minuteMs)).toBe(4)
  })

  test('do not keep the owner out, who comes from elsewhere', async () => {
    const shop = await openSessionShop()
    await shop.signUp('ada')
    await compared(shop, 1_000, 1_000)
    expect((await shop.logIn('ada', password, home)).status).toBe(201)
  })

  test('do not keep anybody out for good, who comes from the same place', async () => {
    const shop = await openSessionShop()
    await shop.signUp('ada')
    await compared(shop, 1_000, 1_000)
    const { status, headers } = await shop.logIn('ada', password, stranger)
    expect(status).toBe(429)
    const waitS = Number(headers.get('retry-after'))
    expect(waitS).toBeLessThanOrEqual(15 * 60)
    shop.clock.advance(waitS * 1_000)
    expect((await shop.logIn('ada', password, stranger)).status).toBe(201)
    expect((await wrong(shop)).status).toBe(401)
  })

  test('of as many names from one place compare thirty and few more', async () => {
    const shop = await openSessionShop()
    let count = 0
    for (let time = 0; time < 1_000; time += 1) {
      if ((await wrong(shop, `name${time}`)).status === 401) count += 1
      shop.clock.advance(100)
    }
    expect(count).toBeGreaterThanOrEqual(30)
    expect(count).toBeLessThanOrEqual(40)
    expect((await wrong(shop, 'name', home)).status).toBe(401)
  })
})

describe('A wrong login', () => {
  test('is told with the same words whether or not there is such a name', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    await shop.ask(`customer/${ada.customerId}`, { type: 'DisableCustomer' }, { correlationId: 'test' })
    const told = await Promise.all([
      wrong(shop, 'minji'),
      wrong(shop, 'nobody'),
      wrong(shop, 'x'.repeat(1_000)),
      shop.logIn('ada', password, stranger),
    ])
    for (const { status, body, headers } of told) {
      expect(status).toBe(401)
      expect(body).toEqual(told[0]?.body)
      expect([...headers]).toEqual([...(told[0]?.headers ?? [])])
    }
  })

  test('takes as long whether or not there is such a name, over 1,000 of them', async () => {
    const shop = await openSessionShop({ hashParameters: { memory: 1_024, passes: 2, parallelism: 1 } })
    await shop.signUp('ada')
    let address = 0
    const timeOf = async (username: string) => {
      address += 1
      const startedAt = performance.now()
      const { status } = await wrong(shop, username, `10.0.${address >> 8}.${address & 255}`)
      expect(status).toBe(401)
      return performance.now() - startedAt
    }
    const times = { ada: [] as number[], nobody: [] as number[] }
    // One beside the other, so that whatever else the machine does falls on both.
    for (let pair = 0; pair < 500; pair += 1) {
      times.ada.push(await timeOf('ada'))
      times.nobody.push(await timeOf('nobody'))
    }
    const [known, unknown] = [median(times.ada), median(times.nobody)]
    expect(unknown / known).toBeGreaterThan(0.85)
    expect(unknown / known).toBeLessThan(1.18)

    // A login that compares nothing is told from the others by this measure.
    const refused: number[] = []
    for (let time = 0; time < 105; time += 1) {
      const startedAt = performance.now()
      await wrong(shop)
      if (time >= 5) refused.push(performance.now() - startedAt)
    }
    expect(median(refused) / known).toBeLessThan(0.7)
  })
})

describe('The right password', () => {
  test('makes up for the wrong ones before it', async () => {
    const shop = await openSessionShop()
    await shop.signUp('ada')
    for (let round = 0; round < 20; round += 1) {
      for (let time = 0; time < 4; time += 1) expect((await wrong(shop)).status).toBe(401)
      expect((await shop.logIn('ada', password, stranger)).status).toBe(201)
      // Wrong tries of a place wear off by themselves only.
      shop.clock.advance(20 * minuteMs)
    }
  })
})

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
