import { describe, expect, test } from 'vitest'
import { refuse } from '../../src/refusal.ts'
import { line } from '../support/client.ts'
import { lost, refused, unanswered } from '../support/message-tap.ts'
import { openScenario } from '../support/open-scenario.ts'

const undos = [
  { undo: 'VoidPayment', step: 'voidingPayment' },
  { undo: 'RefundBalance', step: 'refundingBalance' },
  { undo: 'RestoreCoupon', step: 'restoringCoupon' },
  { undo: 'RestoreStock', step: 'restoringStock' },
  { undo: 'ReleaseOrder', step: 'releasingOrder' },
]

const faults = [
  { fault: 'is lost', rule: lost },
  { fault: 'is done and nobody hears', rule: unanswered },
]

describe.each(undos)('$undo', ({ undo, step }) => {
  test.each(faults)('is sent until it is answered when it $fault', async ({ rule }) => {
    const shop = await openScenario({
      reported: ['1 payment waits for an operator; GET /operator/payments says why.'],
    })
    await shop.issueCoupon(201, 1)
    const { orderId } = (await shop.placeOrder(1, [line(1012), line(1012, 2)])).body
    const books = shop.books()
    const saleRefused = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))
    const undoSilent = rule(undo)
    shop.messages.rule = envelope => {
      const interception = undoSilent(envelope)
      return interception === 'deliver' ? saleRefused(envelope) : interception
    }

    const answer = shop.pay(orderId, 201)
    await shop.pass(200_000)
    // Two seconds after the first, then twice as long each time, at most a minute: 0, 2, 6, 14, 30, 62, 122, 182 s.
    expect(shop.messages.ofType(undo)).toHaveLength(8)
    expect((await answer).status).toBe(202)
    const payment = () => shop.get(`/payments/${orderId}`)
    expect((await payment()).body).toMatchObject({ status: 'COMPENSATING', step: `compensating.${step}` })

    shop.messages.rule = saleRefused
    await shop.pass(60_000)
    expect((await payment()).body).toMatchObject({
      status: 'FAILED',
      failure: { code: 'PRODUCT_NOT_FOUND', productId: 101 },
    })
    expect(shop.books()).toEqual(books)
    expect(shop.paymentTimers()).toEqual([])
  })
})
