import { describe, expect, test } from 'vitest'
import { refuse } from '../../src/refusal.ts'
import type { Interceptor } from '../../src/runtime/transport.ts'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { refused } from '../support/message-tap.ts'
import { openScenario, reopenScenario, smallProfile } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const payments: { payment: string; rule: Interceptor; ends: string; amount: number }[] = [
  { payment: 'a payment that completes', rule: () => 'deliver', ends: 'COMPLETED', amount: 82_000 },
  {
    payment: 'a payment that is undone',
    rule: refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 })),
    ends: 'FAILED',
    amount: 150_000,
  },
]

/** A directory with an order that is about to be paid with a coupon. */
async function directoryWithOrder() {
  const directory = dataDirectory()
  const shop = await openScenario({ dataDirectory: directory, profile: smallProfile })
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012), line(1023)])).body
  await shop.close()
  return { directory, orderId, now: shop.clock.now() }
}

/** The shop as it is when the process that ran on `original` has ended at this point, without a word. */
function afterCrash(original: string, now: number, mode: 'ticks' | 'steps') {
  const directory = dataDirectory(original)
  return { directory, ...reopenScenario({ dataDirectory: directory, clock: new SimulatedClock(now), mode }) }
}

describe.each(payments)('$payment', ({ rule, ends, amount }) => {
  test('goes on after a crash behind any of its commits', async () => {
    const { directory, orderId, now } = await directoryWithOrder()
    const shop = reopenScenario({
      dataDirectory: directory,
      clock: new SimulatedClock(now + 1),
      mode: 'steps',
    })
    shop.messages.rule = rule
    const answer = shop.pay(orderId, 201)
    await shop.pass(0)

    let commits = 0
    for (let goesOn = true; goesOn; commits += 1) {
      goesOn = shop.runtime.runStep()
      const after = afterCrash(directory, now + 2, 'ticks')
      after.messages.rule = rule
      await after.pass(0)
      expect((await after.get(`/payments/${orderId}`)).body).toMatchObject({ status: ends, attempt: 1 })
      expect(after.questions.balanceAmount(1)).toBe(amount)
      expect(after.paymentTimers()).toEqual([])
      await after.close()
    }
    expect(commits).toBeGreaterThan(10)
    expect((await answer).status).toBe(ends === 'COMPLETED' ? 201 : 404)
  })

  test('comes to its end in processes that live for one commit each', async () => {
    const { directory, orderId, now } = await directoryWithOrder()
    let shop = afterCrash(directory, now + 1, 'steps')
    void shop.pay(orderId, 201)
    await shop.pass(0)
    shop.messages.rule = rule

    let lives = 1
    for (; shop.runtime.runStep(); lives += 1) {
      const next = afterCrash(shop.directory, now + 1 + lives, 'steps')
      await shop.close()
      shop = next
      shop.messages.rule = rule
    }
    expect(lives).toBeGreaterThan(10)
    expect((await shop.get(`/payments/${orderId}`)).body).toMatchObject({ status: ends, attempt: 1 })
    expect(shop.questions.balanceAmount(1)).toBe(amount)
    expect(shop.paymentTimers()).toEqual([])
  })
})
