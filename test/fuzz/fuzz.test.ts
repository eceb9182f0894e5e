import { describe, expect, test } from 'vitest'
import { Random } from '../crash/random.ts'
import { blindSpots } from './fuzz-report.ts'
import { RequestMaker } from './fuzz-request.ts'
import { fuzz } from './fuzz-run.ts'
import { type FuzzShop, openFuzzShop } from './fuzz-shop.ts'
import { rawOf } from './raw-request.ts'
import { fuzzSockets } from './socket-run.ts'

describe('a shop', () => {
  test('stands 4,000 malformed requests in process', async () => {
    const report = await fuzz({ requests: 4_000, seed: 1 })
    expect(report.violation).toBeUndefined()
    expect(report.requests).toBe(4_000)
    expect(blindSpots(report, 25)).toEqual([])
  })

  test('stands 400 over sockets', async () => {
    const report = await fuzzSockets({ requests: 400, seed: 1 })
    expect(report.violation).toBeUndefined()
    expect([...report.statuses.keys()]).toEqual(expect.arrayContaining(['200', '201', '400', '404']))
  })
})

type Altered = (shop: FuzzShop) => (request: Request) => Response | Promise<Response>

/** What each alteration does to a charge that is refused. */
const onRefusedCharge =
  (act: (shop: FuzzShop, answer: Response) => Response | undefined): Altered =>
  shop =>
  async request => {
    const answer = await shop.app.fetch(request)
    const isCharge = new URL(request.url).pathname === '/balances/charge'
    return (isCharge && answer.status === 400 && act(shop, answer)) || answer
  }

function compute(forMs: number): void {
  const { user, system } = process.threadCpuUsage()
  for (;;) {
    const now = process.threadCpuUsage()
    if (now.user + now.system - user - system > forMs * 1_000) return
  }
}

describe('a server that has gone wrong is found out', () => {
  test.each<[string, RegExp, Altered]>([
    ['by its 500', /^status 500/, onRefusedCharge(() => new Response('{}', { status: 500 }))],
    [
      'by a row it writes when it refuses',
      /refused with 400, and yet 1 rows were written/,
      onRefusedCharge(({ database }) => {
        database.exec("UPDATE products SET name = 'Sold out' WHERE product_id = 101")
        return undefined
      }),
    ],
    [
      'by an answer it keeps for one without a key',
      /something was noted/,
      onRefusedCharge(({ database }) => {
        database.exec("INSERT INTO inbox VALUES ('x', 1, '{}')")
        return undefined
      }),
    ],
    [
      'by holding up the event loop',
      /^it computed for 1\d\d ms/,
      onRefusedCharge(() => {
        compute(120)
        return undefined
      }),
    ],
    [
      'by an exception',
      /^it was thrown: Error: no/,
      onRefusedCharge(() => {
        throw new Error('no')
      }),
    ],
    [
      'by a prototype that it writes to',
      /^a prototype was written to/,
      onRefusedCharge(() => {
        Reflect.set(Object.prototype, 'isAdmin', true)
        return undefined
      }),
    ],
  ])('%s', async (_how, what, altered) => {
    try {
      const { violation, requests } = await fuzz({ requests: 5_000, seed: 3, altered })
      expect(violation?.what).toMatch(what)
      expect(violation?.request).toContain('/balances/charge')
      expect(requests).toBeLessThan(5_000)
    } finally {
      Reflect.deleteProperty(Object.prototype, 'isAdmin')
    }
  })
})

describe('the requests', () => {
  test('are the same for the same seed, and others for another', async () => {
    const { operations, known, close } = await openFuzzShop()
    const drawn = (seed: number) => {
      const random = new Random(seed)
      const maker = new RequestMaker(operations, known, random)
      return Array.from({ length: 50 }, () => {
        const request = maker.next()
        return [request, rawOf(request, random)]
      })
    }
    expect(drawn(1)).toEqual(drawn(1))
    expect(drawn(1)).not.toEqual(drawn(2))
    await close()
  })
})

describe('blindSpots', () => {
  test('tells what a run has not seen', () => {
    const report = {
      seed: 1,
      requests: 5_000,
      statuses: new Map([['200', 5_000]]),
      routes: new Map([['GET /livez', 5_000]]),
      compared: 0,
      longestMs: 1,
      durationMs: 1,
      violation: undefined,
    }
    expect(blindSpots(report, 20)).toEqual(
      expect.arrayContaining([
        'no answer was 400',
        'only 1 of 20 routes were asked',
        'rows were compared for 0 refusals only',
      ]),
    )
  })
})
