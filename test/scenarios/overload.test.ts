import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Writer } from '../../src/persistence/writer.ts'
import { line } from '../support/client.ts'
import { lost } from '../support/message-tap.ts'
import { openScenario } from '../support/open-scenario.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** A shop whose disk, once it is slow, writes a batch only when it is told to. The door closes at a second's work. */
async function shopOnSlowDisk() {
  let slow = false
  const held: (() => void)[] = []
  const aroundWriter = (writer: Writer): Writer => ({
    async write(calls) {
      if (slow) await new Promise<void>(resolve => held.push(resolve))
      return writer.write(calls)
    },
    close: () => writer.close(),
  })
  const shop = await openScenario({ aroundWriter, environment: { RECOUP_OVERLOAD_MS: '1000' } })

  /** Lets the batch that is being written be on disk after so many milliseconds. */
  async function write(afterMs: number): Promise<void> {
    vi.advanceTimersByTime(afterMs)
    held.shift()?.()
    await shop.pass(0)
  }

  /** Status of every charge that was asked for. */
  const charges: Promise<number>[] = []

  /** Asks for so many charges, and lets them come in. */
  async function charge(times: number): Promise<void> {
    charges.push(...Array.from({ length: times }, async () => (await shop.charge(1, 1)).status))
    await shop.pass(0)
  }

  return {
    ...shop,
    write,
    charge,
    charges,
    stall() {
      slow = true
    },
    /** Commits of ten requests that take a second each, until there is more to do than new orders may wait for. */
    async fallBehind() {
      slow = true
      await charge(1)
      await charge(10)
      await write(10)
      while (shop.runtime.backlogMs <= 500) {
        await charge(10)
        await write(1_000)
      }
      expect(shop.runtime.backlogMs).toBeLessThan(900)
    },
    /** More requests, until there is more to do than anything may wait for. */
    async fallFurtherBehind() {
      while (shop.runtime.backlogMs <= 1_000) await charge(1)
    },
    async recover() {
      while (held.length > 0) await write(10)
      slow = false
    },
  }
}

const overloaded = { status: 503, body: { code: 'OVERLOADED' } }

describe('Under overload', () => {
  test('new orders and coupons are refused first, and what is about an order later', async () => {
    const shop = await shopOnSlowDisk()
    const first = (await shop.placeOrder(1, [line(1012)])).body.orderId
    const second = (await shop.placeOrder(1, [line(1012)])).body.orderId
    await shop.fallBehind()

    const refused = await shop.placeOrder(1, [line(1012)])
    expect(refused).toMatchObject(overloaded)
    expect(refused.headers.get('Retry-After')).toBe('1')
    expect(await shop.issueCoupon(201, 1)).toMatchObject(overloaded)
    expect((await shop.get('/readyz')).status).toBe(200)

    const payer = shop.pay(first)
    await shop.pass(0)
    await shop.fallFurtherBehind()
    const tooLate = await shop.pay(second)
    expect(tooLate).toMatchObject(overloaded)
    expect(tooLate.headers.get('Retry-After')).toBe('2')
    expect(await shop.get('/readyz')).toMatchObject(overloaded)
    expect((await shop.get(`/orders/${first}`)).status).toBe(200)

    await shop.recover()
    expect((await payer).status).toBe(201)
    expect(new Set(await Promise.all(shop.charges))).toEqual(new Set([200]))
    expect(shop.questions.balanceAmount(1)).toBe(110_000 + shop.charges.length)
  })

  test('the door opens again when the backlog has been worked off', async () => {
    const shop = await shopOnSlowDisk()
    await shop.fallBehind()
    expect(await shop.placeOrder(1, [line(1012)])).toMatchObject(overloaded)
    await shop.recover()

    const { status, body } = await shop.placeOrder(1, [line(1012)])
    expect(status).toBe(201)
    expect((await shop.pay(body.orderId)).status).toBe(201)
  })

  test('timers and replies inside are never refused: a payment that was begun ends', async () => {
    const shop = await shopOnSlowDisk()
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    shop.messages.rule = lost('DeductBalance')
    const payer = shop.pay(orderId)
    await shop.pass(0)
    shop.messages.rule = () => 'deliver'

    await shop.fallBehind()
    await shop.fallFurtherBehind()
    expect(await shop.pay(orderId)).toMatchObject(overloaded)
    // Its step is asked again while the door is closed.
    await shop.pass(2_000)
    await shop.recover()
    expect((await payer).status).toBe(201)
  })

  test('a disk that does not answer at all closes the door as well', async () => {
    const shop = await shopOnSlowDisk()
    shop.stall()
    await shop.charge(1)
    expect((await shop.get('/readyz')).status).toBe(200)
    vi.advanceTimersByTime(1_001)
    await shop.charge(1)
    await shop.recover()
    expect(await Promise.all(shop.charges)).toEqual([200, 503])
    expect((await shop.get('/readyz')).status).toBe(200)
  })
})
