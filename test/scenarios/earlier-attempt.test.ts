import { describe, expect, test } from 'vitest'
import { line } from '../support/client.ts'
import { late, lateReply, lost } from '../support/message-tap.ts'
import { openScenario } from '../support/open-scenario.ts'

const commands = ['BeginPayment', 'DecreaseStock', 'UseCoupon', 'DeductBalance', 'CompletePayment']

const latecomers = [
  { latecomer: 'command', comesLate: late },
  { latecomer: 'reply', comesLate: lateReply },
]

/** An attempt gives up after seven seconds of silence. */
const environment = {
  RECOUP_STEP_DEADLINE_MS: '1000',
  RECOUP_STEP_RESENDS: '2',
  RECOUP_PAYMENT_WAIT_MS: '60000',
}

describe.each(latecomers)('a late $latecomer of an earlier attempt', ({ comesLate }) => {
  test.each(commands)('does not move the next one, which waits for the same: %s', async command => {
    const shop = await openScenario({ environment })
    await shop.issueCoupon(201, 1)
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    const payment = async () => (await shop.get(`/payments/${orderId}`)).body
    shop.messages.rule = comesLate(command, 10_000)
    const first = shop.pay(orderId, 201)
    await shop.pass(8_000)
    expect((await first).body.code).toBe('PAYMENT_STEP_TIMED_OUT')

    shop.messages.rule = lost(command)
    const second = shop.pay(orderId, 201)
    await shop.pass(0)
    const waiting = await payment()
    await shop.pass(2_500)
    expect(await payment()).toEqual(waiting)

    shop.messages.rule = () => 'deliver'
    await shop.pass(10_000)
    expect((await second).status).toBe(201)
    expect(await payment()).toMatchObject({ status: 'COMPLETED', attempt: 2 })
    expect(shop.questions.balanceAmount(1)).toBe(113_000)
  })
})
