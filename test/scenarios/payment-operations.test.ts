import { describe, expect, it } from 'vitest'
import type { OperationPreview } from '../../src/actors/payment/payment-operations.ts'
import { line } from '../support/client.ts'
import { lost } from '../support/message-tap.ts'
import { openScenario } from '../support/open-scenario.ts'
import { openVariedShop, operatorOf } from '../support/varied-payments.ts'

type Offered = {
  payment: { status: string; step: string }
  operations: { operation: string; preview: OperationPreview }[]
  blockedBy: number[]
  deadLetters: { id: number; attempts: number; error: string; from: string; operations: string[] }[]
}

const environment = { RECOUP_OPERATOR_TOKEN: 'a-token-of-operators' }

/** A payment of two options with a coupon, whose `command` nobody answers. */
async function stuckAt(command: string) {
  const shop = await openScenario({ environment })
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012), line(1021)])).body
  shop.messages.rule = lost(command)
  const payer = shop.pay(orderId, 201)
  await shop.pass(0)
  const operator = operatorOf(shop)
  const offered = async () =>
    (await operator.see(`payments/${orderId}/operations`)).body as unknown as Offered
  return { shop, orderId, payer, offered, ...operator }
}

describe('What an operator is offered for a payment', () => {
  it.each([
    ['BeginPayment', ['retry', 'compensate']],
    ['DecreaseStock', ['retry', 'compensate']],
    ['UseCoupon', ['retry', 'compensate']],
    ['DeductBalance', ['retry', 'compensate']],
    ['CompletePayment', ['retry', 'compensate']],
    ['RecordSale', ['retry', 'skip']],
  ])('that waits for %s is %j, and nothing happens by asking', async (command, operations) => {
    const { shop, offered } = await stuckAt(command)
    const sent = shop.messages.sent.length
    expect((await offered()).operations.map(({ operation }) => operation)).toEqual(operations)
    expect(await offered()).toEqual(await offered())
    expect(shop.messages.sent).toHaveLength(sent)
    shop.messages.rule = () => 'deliver'
    await shop.pass(3_000)
    expect((await offered()).operations).toEqual([])
  })

  it.each(['BeginPayment', 'DecreaseStock', 'UseCoupon', 'DeductBalance', 'CompletePayment'])(
    'to compensate at %s tells what is then undone, in order',
    async command => {
      const { shop, payer, orderId, offered, act } = await stuckAt(command)
      const preview = (await offered()).operations.find(
        ({ operation }) => operation === 'compensate',
      )?.preview
      shop.messages.rule = () => 'deliver'
      const before = shop.messages.sent.length
      expect(await act(`payments/${orderId}/compensate`)).toMatchObject({ status: 200 })
      expect((await payer).status).toBe(409)
      const undone = shop.messages.sent
        .slice(before)
        .filter(({ undoes }) => undoes !== undefined)
        .map(({ to, message }) => ({ to, type: message.type }))
      expect(preview?.undoes).toEqual(undone)
      expect(preview?.status).toBe('COMPENSATING')
      expect(undone.slice(0, preview?.sends.length)).toEqual(preview?.sends)
      expect(undone.length).toBeGreaterThan(0)
    },
  )

  it('to retry tells what is sent again', async () => {
    const { shop, orderId, offered, act } = await stuckAt('DecreaseStock')
    const preview = (await offered()).operations.find(({ operation }) => operation === 'retry')?.preview
    const before = shop.messages.sent.length
    await act(`payments/${orderId}/retry`)
    const sent = shop.messages.sent
      .slice(before)
      .filter(({ from }) => from === `payment/${orderId}`)
      .filter(({ inReplyTo }) => inReplyTo === undefined)
      .map(({ to, message }) => ({ to, type: message.type }))
    expect(preview).toMatchObject({ step: 'paying.decreasingStock', sends: sent, undoes: [], events: [] })
    expect(sent).toHaveLength(2)
    expect((await offered()).payment).toMatchObject({ step: preview?.step })
    shop.messages.rule = () => 'deliver'
    await shop.pass(5_000)
  })

  it('to skip tells what stays owed and who is answered', async () => {
    const { shop, payer, orderId, offered, act } = await stuckAt('RecordSale')
    const preview = (await offered()).operations.find(({ operation }) => operation === 'skip')?.preview
    expect(preview).toEqual({
      status: 'COMPLETED',
      step: 'completed',
      sends: [],
      undoes: [],
      events: ['OwedCommand', 'PaymentCompleted'],
      answers: 'PaymentCompleted',
      resendAfterMs: null,
    })
    expect(await act(`payments/${orderId}/skip`)).toMatchObject({ body: { status: preview?.status } })
    expect((await payer).status).toBe(201)
    shop.messages.rule = () => 'deliver'
    await shop.pass(1_000)
  })

  it('that was told something it cannot handle is nothing but to resolve the message', async () => {
    const { payments, see, act, settle } = await openVariedShop({ setAsideTwice: true })
    const path = `payments/${payments['suspended']}/operations`
    expect((await see(path)).body).toMatchObject({
      operations: [],
      blockedBy: [1],
      deadLetters: [
        {
          id: 1,
          from: 'balance/1',
          error: 'DeductBalanceRejected carries no refusal',
          attempts: 1,
          operations: ['retry', 'skip', 'edit'],
        },
      ],
    })
    await act('dead-letters/1/retry')
    expect((await see(path)).body).toMatchObject({ blockedBy: [2], deadLetters: [{ id: 2, attempts: 2 }] })
    await act('dead-letters/2/skip')
    await settle()
  })

  it('there is none of is not found', async () => {
    const shop = await openScenario({ environment })
    expect(await operatorOf(shop).see('payments/999/operations')).toMatchObject({
      status: 404,
      body: { code: 'PAYMENT_NOT_FOUND' },
    })
  })
})

describe('What would happen to a message that was set aside', () => {
  it('is told by the step of its actor, and nothing happens by asking', async () => {
    const { shop, see, act, settle } = await openVariedShop()
    const sent = shop.messages.sent.length
    expect((await act('dead-letters/1/preview', { reason: undefined })).body).toEqual({
      known: true,
      error: 'DeductBalanceRejected carries no refusal',
      changes: false,
      sends: [],
    })
    const refusal = { code: 'BALANCE_INSUFFICIENT', facts: { available: 0, requested: 1 } }
    const message = { type: 'DeductBalanceRejected', refusal }
    const preview = (await act('dead-letters/1/preview', { reason: undefined, message })).body
    expect(preview).toMatchObject({ known: true, error: null, changes: true })
    expect(shop.messages.sent).toHaveLength(sent)
    expect((await see('dead-letters')).body).toMatchObject([{ id: 1, resolution: null }])

    expect(await act('dead-letters/1/edit', { message })).toMatchObject({ status: 200 })
    const told = shop.messages.sent
      .slice(sent)
      .filter(({ undoes }) => undoes !== undefined)
      .map(({ to, message: { type } }) => ({ to, type }))
    expect(told.slice(0, 1)).toEqual((preview as unknown as { sends: object[] }).sends)
    expect(await act('dead-letters/1/preview', { reason: undefined })).toMatchObject({
      status: 409,
      body: { code: 'DEAD_LETTER_RESOLVED' },
    })
    await settle()
  })
})

describe('An operation on all that a filter finds', () => {
  it('tells before what it would do, does it to each, and leaves a row for each', async () => {
    const { see, act, payments, settle } = await openVariedShop()
    const query = 'status=COMPENSATING,RETURNING'
    expect((await see(`payments/bulk?operation=retry&${query}`)).body).toEqual({
      total: 2,
      able: 2,
      unable: 0,
      steps: { 'compensating.refundingBalance': 1, 'returning.refunding': 1 },
      sends: { RefundBalance: 1, RefundReturn: 1 },
      undoes: { RefundBalance: 1, RestoreStock: 1, ReleaseOrder: 1 },
    })
    const filter = { status: 'COMPENSATING,RETURNING' }
    const done = await act('payments/bulk', { operation: 'retry', filter, expectedCount: 2 })
    expect(done.body).toEqual({
      total: 2,
      done: 2,
      refused: 0,
      left: 0,
      payments: [
        { paymentId: payments['stuck'], outcome: 'StepRetried' },
        { paymentId: payments['returning'], outcome: 'StepRetried' },
      ],
    })
    expect((await see('audit?subject=payment&order=newest')).body).toMatchObject([
      { subject: `payment/${payments['returning']}`, action: 'RetryStep', reason: 'To put it right.' },
      { subject: `payment/${payments['stuck']}`, action: 'RetryStep' },
    ])
    await settle()
  })

  it('does nothing when the filter finds another number than was looked at', async () => {
    const { see, act, settle } = await openVariedShop()
    const answer = await act('payments/bulk', { operation: 'compensate', filter: {}, expectedCount: 3 })
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'PAYMENT_COUNT_CHANGED', expected: 3, actual: 4 },
    })
    expect((await see('audit')).body).toEqual([])
    await settle()
  })

  it('passes over those that cannot take it, and goes no further than the limit', async () => {
    const { see, act, payments, settle } = await openVariedShop()
    const all = { operation: 'compensate', filter: {}, expectedCount: 4 }
    expect((await act('payments/bulk', { ...all, limit: 1 })).body).toMatchObject({
      done: 1,
      refused: 0,
      left: 3,
    })
    expect((await see(`payments/${payments['waiting']}`)).body).toMatchObject({ status: 'COMPENSATING' })
    expect((await act('payments/bulk', all)).body).toMatchObject({
      done: 0,
      refused: 4,
      left: 0,
      payments: [],
    })
    await settle()
  })

  it.each([
    [{ operation: 'refund', filter: {}, expectedCount: 1 }, 'operation'],
    [{ operation: 'retry', filter: { nobody: 1 }, expectedCount: 1 }, 'filter.nobody'],
    [{ operation: 'retry', filter: {}, expectedCount: 1, reason: ' ' }, 'reason'],
    [{ operation: 'retry', filter: {}, expectedCount: 1, limit: 501 }, 'limit'],
  ])('is refused when it reads %j', async (body, path) => {
    const shop = await openScenario({ environment })
    expect(await operatorOf(shop).act('payments/bulk', body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT', path },
    })
  })
})

describe('The audit log', () => {
  it('is filtered by who, about what and what was done, from either end', async () => {
    const { shop, orderId, act, see } = await stuckAt('DeductBalance')
    await act(`payments/${orderId}/skip`)
    await act(`payments/${orderId}/retry`)
    await act('products/1/nothing')
    const rows = async (query: string) =>
      ((await see(`audit?${query}`)).body as unknown as { action: string }[]).map(({ action }) => action)
    expect(await rows('')).toEqual(['SkipStep', 'RetryStep'])
    expect(await rows('order=newest')).toEqual(['RetryStep', 'SkipStep'])
    expect(await rows(`subject=payment/${orderId}&action=SkipStep`)).toEqual(['SkipStep'])
    expect(await rows('subject=payment&operator=operator')).toHaveLength(2)
    expect(await rows('subject=pay')).toEqual([])
    expect(await rows('operator=nobody')).toEqual([])
    const first = await see('audit?order=newest&limit=1')
    const next = /<\/operator\/(.*)>/.exec(first.headers.get('Link') ?? '')?.[1]
    expect((await see(next ?? '')).body).toMatchObject([{ action: 'SkipStep' }])
    shop.messages.rule = () => 'deliver'
    await shop.pass(10_000)
  })
})
