import { expect, it } from 'vitest'
import { openDatabase } from '../../../src/persistence/database.ts'
import { type Answer, line } from '../../support/client.ts'
import { openScenario } from '../../support/open-scenario.ts'
import { acknowledgementOf, missingFrom } from './acknowledged.ts'

it('Every kind of acknowledgement is found where it was given, and missed where it was not', async () => {
  const shop = await openScenario()
  const charge = await shop.charge(1, 20_000)
  const coupon = await shop.issueCoupon(201, 1)
  const order = await shop.placeOrder(1, [line(1012)])
  const payment = await shop.pay(order.body.orderId, 201)
  const other = await shop.placeOrder(1, [line(1012)])
  const accepted = await shop.pay(other.body.orderId, null, { Prefer: 'respond-async' })
  const third = await shop.placeOrder(1, [line(1012)])
  const cancelled = await shop.cancel(third.body.orderId)
  const refused = await shop.cancel(order.body.orderId)
  expect(refused.status).toBe(409)
  expect(acknowledgementOf(answered(refused))).toBeUndefined()

  const answers = [charge, coupon, order, payment, accepted, cancelled]
  const acknowledged = answers.flatMap(answer => acknowledgementOf(answered(answer)) ?? [])
  expect(answers.map(({ status }) => status)).toEqual([200, 201, 201, 201, 202, 200])
  expect(missingFrom(shop.database, acknowledged)).toEqual([])
  const empty = openDatabase(':memory:', { timeZone: 'Asia/Seoul', currency: 'KRW' })
  expect(missingFrom(empty, acknowledged)).toHaveLength(answers.length)
  empty.close()
})

function answered({ status, body }: Answer) {
  return { type: 'answer', status, body: JSON.stringify(body) } as const
}
