import { describe, expect, test } from 'vitest'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { lost } from '../support/message-tap.ts'
import { openScenario, reopenScenario, type Scenario, smallProfile } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const numbersIn = (text: string) =>
  Object.fromEntries(
    text
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )

const numbersOf = async ({ app }: Scenario) => numbersIn(await (await app.request('/metrics')).text())

async function placed({ placeOrder }: Pick<Scenario, 'placeOrder'>): Promise<number> {
  return (await placeOrder(1, [line(1012)])).body.orderId
}

describe('/metrics', () => {
  test('counts payments by how they ended, and what was undone', async () => {
    const shop = await openScenario({ profile: smallProfile })
    const before = await numbersOf(shop)
    await shop.pay(await placed(shop))
    const poor = (await shop.placeOrder(1, [line(1012, 5)])).body.orderId
    expect((await shop.pay(poor)).status).toBe(409)
    expect(before).toMatchObject({ 'recoup_payments_total{result="completed"}': 0 })
    expect(await numbersOf(shop)).toMatchObject({
      'recoup_payments_total{result="completed"}': 1,
      'recoup_payments_total{result="failed"}': 1,
      recoup_compensations_total: 1,
      recoup_payment_oldest_open_seconds: 0,
      'recoup_payments_open{stage="paying"}': 0,
      recoup_dead_letters_total: 0,
      recoup_mailbox_messages: 0,
      'recoup_breaker{breaker="command",state="closed"}': 1,
    })
  })

  test('shows how long the oldest payment has been under way, also after a restart', async () => {
    const clock = new SimulatedClock()
    const options = { clock, profile: smallProfile, dataDirectory: dataDirectory() }
    const environment = { RECOUP_STEP_DEADLINE_MS: '600000' }
    const first = await openScenario({ ...options, environment })
    first.messages.rule = lost('DeductBalance')
    const orderId = await placed(first)
    void first.pay(orderId)
    await first.pass(90_000)
    expect(await numbersOf(first)).toMatchObject({
      recoup_payment_oldest_open_seconds: 90,
      'recoup_payments_open{stage="paying"}': 1,
    })
    await first.close()

    const second = reopenScenario({ ...options, environment })
    await second.pass(10_000)
    const { recoup_payment_oldest_open_seconds: seconds } = await numbersOf(second)
    expect(seconds).toBeGreaterThanOrEqual(100)
    await second.pass(600_000)
    expect(await numbersOf(second)).toMatchObject({
      recoup_payment_oldest_open_seconds: 0,
      'recoup_payments_total{result="completed"}': 1,
    })
  })

  test('shows what the outside is owed, and for how long', async () => {
    const sinks = {
      payments: async () => {
        throw new Error('away')
      },
    }
    const shop = await openScenario({ profile: smallProfile, sinks })
    await shop.pay(await placed(shop))
    await shop.pass(1_000)
    expect(await numbersOf(shop)).toMatchObject({
      'recoup_outbox_owed{topic="payments"}': 1,
      'recoup_outbox_parked{topic="payments"}': 0,
      'recoup_outbox_oldest_seconds{topic="payments"}': 1,
      'recoup_breaker{breaker="payments",state="closed"}': 1,
      'recoup_breaker{breaker="payments",state="open"}': 0,
    })
  })

  test('of a server has the times of its answers and commits, and of the process', async () => {
    const shop = await openScenario({ profile: smallProfile })
    const server = await shop.listen('127.0.0.1', 0)
    const orderId = await placed(shop)
    const post = (body: object, path = '/payments') =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await post({ orderId })).status).toBe(201)
    expect((await post({ orderId })).status).toBe(409)
    expect((await post({})).status).toBe(400)
    expect((await post({ couponId: 999, customerId: 1 }, '/coupons/issue')).status).toBe(404)
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    const numbers = numbersIn(await (await fetch(`${server.url}/metrics`)).text())
    await server.stop()
    expect(numbers).toMatchObject({
      'recoup_answers_total{route="/coupons/issue",status="404"}': 1,
      'recoup_answers_total{route="other",status="200"}': 1,
      recoup_payment_answer_seconds_count: 3,
      'recoup_payment_answer_seconds_bucket{le="+Inf"}': 3,
      'recoup_answers_total{route="/payments",status="201"}': 1,
      'recoup_answers_total{route="/payments",status="409"}': 1,
      'recoup_answers_total{route="/payments",status="400"}': 1,
    })
    expect(numbers['recoup_payment_answer_seconds_sum']).toBeGreaterThan(0)
    expect(numbers['recoup_commit_seconds_count']).toBeGreaterThan(2)
    expect(numbers['recoup_commit_sagas_count']).toBe(numbers['recoup_commit_seconds_count'])
    expect(numbers['process_resident_memory_bytes']).toBeGreaterThan(10_000_000)
    expect(Math.abs((numbers['process_start_time_seconds'] ?? 0) - Date.now() / 1_000)).toBeLessThan(600)
    expect(numbers).toHaveProperty('recoup_event_loop_lag_seconds{quantile="0.99"}')
  })
})
