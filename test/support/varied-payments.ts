import { expect } from 'vitest'
import { refuse } from '../../src/refusal.ts'
import type { Interceptor } from '../../src/runtime/transport.ts'
import { line } from './client.ts'
import { lost, refused } from './message-tap.ts'
import { openScenario, type Scenario } from './open-scenario.ts'

const token = 'a-token-of-operators'
const environment = {
  RECOUP_OPERATOR_TOKEN: token,
  RECOUP_STEP_DEADLINE_MS: '1000',
  RECOUP_STEP_RESENDS: '1',
}
const setAside = expect.stringMatching(/^A message to payment\/\d+ of order\/\d+ was set aside/)

/** What operators ask and do, over HTTP. */
export function operatorOf(shop: Scenario) {
  const headers = { Authorization: `Bearer ${token}` }
  return {
    see: (path: string) => shop.request('GET', `/operator/${path}`, undefined, headers),
    act: (path: string, body: object = {}) =>
      shop.request('POST', `/operator/${path}`, { reason: 'To put it right.', ...body }, headers),
  }
}

/** A reply that the payment machine cannot bear: a refusal without a reason. */
const senseless: Interceptor = envelope =>
  envelope.message.type === 'DeductBalance' ? { answer: { type: 'DeductBalanceRejected' } } : 'deliver'

const both =
  (first: Interceptor, second: Interceptor): Interceptor =>
  envelope => {
    const outcome = first(envelope)
    return outcome === 'deliver' ? second(envelope) : outcome
  }

const saleRefused = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))

/**
 * A shop with payments in every status, at different times: paid, refused at each step, silent, given back in part and as
 * a whole, stuck in an undo, and with a message that was set aside. Numbers of payments by what became of them.
 */
export async function openVariedShop({ setAsideTwice = false } = {}) {
  const reported = setAsideTwice ? [setAside, setAside] : [setAside]
  const shop = await openScenario({ environment, reported })
  const payments: Record<string, number> = {}
  const order = async (customerId: number, option = 1012, quantity = 1) =>
    (await shop.placeOrder(customerId, [line(option, quantity)])).body.orderId

  async function pay(name: string, customerId: number, rule: Interceptor = () => 'deliver', quantity = 1) {
    const orderId = await order(customerId, 1012, quantity)
    payments[name] = orderId
    shop.messages.rule = rule
    const payer = shop.pay(orderId)
    await shop.pass(4_000)
    shop.messages.rule = () => 'deliver'
    return { orderId, payer }
  }

  await pay('paid', 1)
  await pay('paidByAnother', 2)
  await pay(
    'refusedOrder',
    1,
    refused('BeginPayment', refuse('ORDER_NOT_PAYABLE', { orderId: 1, status: 'PAID' })),
  )
  await pay('refusedStock', 1, refused('DecreaseStock', refuse('STOCK_NOT_FOUND', { productOptionId: 1012 })))
  await pay(
    'refusedBalance',
    2,
    refused('DeductBalance', refuse('BALANCE_INSUFFICIENT', { available: 1, requested: 2 })),
  )
  await pay(
    'refusedRecord',
    1,
    refused('CompletePayment', refuse('ORDER_NOT_PAYABLE', { orderId: 1, status: 'PAID' })),
  )
  await pay('refusedSale', 1, saleRefused)
  await pay('silentBalance', 2, lost('DeductBalance'))
  const part = await pay('partlyReturned', 1, undefined, 2)
  await shop.returnItems(part.orderId, [{ productOptionId: 1012, quantity: 1 }])
  const whole = await pay('returned', 1)
  await shop.returnItems(whole.orderId)
  const returning = await pay('returning', 1)
  shop.messages.rule = lost('RefundReturn')
  void shop.returnItems(returning.orderId)
  await shop.pass(1_000)
  // What follows stays as it is: nobody answers it any more.
  const stuck = both(lost('RefundBalance'), both(lost('RefundReturn'), saleRefused))
  payments['stuck'] = await order(2)
  shop.messages.rule = stuck
  void shop.pay(payments['stuck'])
  await shop.pass(61_000)
  payments['suspended'] = await order(1)
  shop.messages.rule = both(stuck, senseless)
  void shop.pay(payments['suspended'])
  await shop.until(() => shop.reports.some(report => report.includes('set aside')))
  payments['waiting'] = await order(1)
  shop.messages.rule = both(stuck, lost('DeductBalance'))
  void shop.pay(payments['waiting'])
  await shop.pass(0)

  /** Lets everybody answer again and everything end. */
  async function settle(): Promise<void> {
    shop.messages.rule = () => 'deliver'
    await operatorOf(shop).act('dead-letters/1/skip')
    await shop.pass(62_000)
  }
  return { shop, payments, settle, ...operatorOf(shop) }
}
