import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { openScenario, reopenScenario, type Scenario, smallProfile } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

// The typed client asks the page where it is from.
beforeAll(() => vi.stubGlobal('location', { origin: 'http://recoup.test' }))
afterAll(() => vi.unstubAllGlobals())

const token = 'a-token-of-operators'
const environment = { RECOUP_OPERATOR_TOKEN: token }

/** A page that watches whatever server is there just now. */
async function openPage(given: string | undefined = token) {
  const { connectFeed, delayAfter } = await import('../../web/src/live/feed-connection.ts')
  const clock = new SimulatedClock()
  const rows: number[] = []
  const told: string[] = []
  const tries: (string | null)[] = []
  let server: Pick<Scenario, 'app'> | undefined
  let changed = () => {}

  const disconnect = connectFeed({
    url: '/operator/feed?last=0',
    headers: () => (given === undefined ? {} : { Authorization: `Bearer ${given}` }),
    async fetch(target, init) {
      tries.push(new Headers(init?.headers).get('last-event-id'))
      if (server === undefined) throw new TypeError('Failed to fetch')
      return server.app.request(String(target), init)
    },
    wait: (delayMs, run) => clock.wait(delayMs, run),
    onRows(came) {
      for (const row of came) rows.push(row.type === 'row' ? row.sequence : -row.until)
      changed()
    },
    onStatus(status) {
      told.push(status)
      changed()
    },
    onRefused(problem) {
      told.push(problem.code)
      changed()
    },
  })
  onTestFinished(disconnect)

  return {
    ...{ clock, rows, told, tries, delayAfter, disconnect },
    look(at: Pick<Scenario, 'app'> | undefined) {
      server = at
    },
    /** Waits until `condition` holds; whatever is told makes it look again. */
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) {
        await new Promise<void>(resolve => {
          changed = resolve
        })
      }
    },
  }
}

describe('the connection to the feed', () => {
  it('loses nothing while the server is started again', async () => {
    const directory = dataDirectory()
    const clock = new SimulatedClock()
    const shop = await openScenario({ dataDirectory: directory, clock, environment, profile: smallProfile })
    const page = await openPage()
    // Nobody is there yet.
    await page.until(() => page.told.includes('lost'))
    page.look(shop)
    page.clock.advance(page.delayAfter(0))
    await page.until(() => page.told.includes('live'))
    await shop.charge(1, 1)
    await page.until(() => page.rows.length === 1)
    const [first = 0] = page.rows

    page.look(undefined)
    const paying = await shop.placeOrder(1, [line(1011)])
    clock.advance(100)
    await page.until(() => page.rows.length === 2)
    await shop.close()
    await page.until(() => page.told.at(-1) === 'lost')
    const reopened = reopenScenario({ dataDirectory: directory, clock, environment, profile: smallProfile })
    await reopened.pay(paying.body.orderId)
    page.look(reopened)
    page.clock.advance(page.delayAfter(0))
    await page.until(() => page.rows.length === 3)
    expect(page.rows).toEqual([first, first + 1, first + 2])
    expect(page.told).toEqual(['lost', 'live', 'lost', 'live'])
    expect(page.tries.at(-1)).toBe(String(first + 1))
  })

  it('tries again later and later, but never so late that nobody waits for it', async () => {
    const { delayAfter, tries, clock, until, told } = await openPage()
    expect([0, 1, 2, 3, 10].map(delayAfter)).toEqual([500, 1_000, 2_000, 4_000, 15_000])
    await until(() => told.includes('lost'))
    clock.advance(499)
    expect(tries).toHaveLength(1)
    clock.advance(1)
    await new Promise(setImmediate)
    expect(tries).toHaveLength(2)
  })

  it('ends when it is refused, and says why', async () => {
    const shop = await openScenario({ environment, profile: smallProfile })
    const page = await openPage('no-token-of-anybody')
    page.look(shop)
    // The first try came to nobody.
    await page.until(() => page.told.includes('lost'))
    page.clock.advance(page.delayAfter(0))
    await page.until(() => page.told.includes('FORBIDDEN'))
    page.clock.advance(60_000)
    expect(page.tries).toHaveLength(2)
  })

  it('takes a server that says nothing any more for gone', async () => {
    const shop = await openScenario({ environment, profile: smallProfile })
    const page = await openPage()
    await page.until(() => page.told.includes('lost'))
    page.look(shop)
    page.clock.advance(page.delayAfter(0))
    await page.until(() => page.told.includes('live'))
    // The shop's own clock stands still: no heartbeat comes.
    page.clock.advance(40_000)
    await page.until(() => page.told.at(-1) === 'lost')
    expect(page.told).toEqual(['lost', 'live', 'lost'])
  })

  it('is gone when the page is', async () => {
    const page = await openPage()
    await page.until(() => page.told.includes('lost'))
    page.disconnect()
    page.clock.advance(60_000)
    await new Promise(setImmediate)
    expect(page.tries).toHaveLength(1)
  })
})
