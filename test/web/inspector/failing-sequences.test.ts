import { describe, expect, test } from 'vitest'
import { machineChart } from '../../../src/machines/machine-chart.ts'
import { paymentMachine } from '../../../src/machines/payment-machine.ts'
import { refuse } from '../../../src/refusal.ts'
import { actorsAt } from '../../../web/src/inspector/actors-at.ts'
import { chaptersOf } from '../../../web/src/inspector/chapters.ts'
import type { History } from '../../../web/src/inspector/history.ts'
import { laneOf } from '../../../web/src/inspector/lane-of.ts'
import { ledgerAt } from '../../../web/src/inspector/ledger-at.ts'
import { type SequenceStep, sequenceOf } from '../../../web/src/inspector/sequence.ts'
import { line } from '../../support/client.ts'
import { lost, refused } from '../../support/message-tap.ts'
import { openScenario } from '../../support/open-scenario.ts'

/* The tables of spec/payment.md, as the sequence diagram shows them. */

const lanes = laneOf(machineChart(paymentMachine))

/** What a success is: command and reply of each step. */
const success = [
  ['BeginPayment', 'OrderPaymentBegun'],
  ['DecreaseStock', 'DecreaseStock', 'StockDecreased', 'StockDecreased'],
  ['UseCoupon', 'CouponUsed'],
  ['DeductBalance', 'BalanceDeducted'],
  ['CompletePayment', 'OrderPaid'],
  ['RecordSale', 'SaleRecorded'],
]
const undos: Readonly<Record<string, readonly string[]>> = {
  VoidPayment: ['VoidPayment', 'PaymentVoided'],
  RefundBalance: ['RefundBalance', 'BalanceRefunded'],
  RestoreCoupon: ['RestoreCoupon', 'CouponRestored'],
  RestoreStock: ['RestoreStock', 'RestoreStock', 'StockRestored', 'StockRestored'],
  ReleaseOrder: ['ReleaseOrder', 'OrderReleased'],
}

const steps = [
  {
    step: 'claimingOrder',
    command: 'BeginPayment',
    refusal: refuse('ORDER_NOT_PAYABLE', { orderId: 1, status: 'PAYING' }),
    whenRefused: [],
    whenSilent: ['ReleaseOrder'],
  },
  {
    step: 'decreasingStock',
    command: 'DecreaseStock',
    refusal: refuse('STOCK_INSUFFICIENT', { productOptionId: 1012, available: 0, requested: 1 }),
    whenRefused: ['ReleaseOrder'],
    whenSilent: ['RestoreStock', 'ReleaseOrder'],
  },
  {
    step: 'usingCoupon',
    command: 'UseCoupon',
    refusal: refuse('COUPON_EXPIRED', { couponId: 201 }),
    whenRefused: ['RestoreStock', 'ReleaseOrder'],
    whenSilent: ['RestoreCoupon', 'RestoreStock', 'ReleaseOrder'],
  },
  {
    step: 'deductingBalance',
    command: 'DeductBalance',
    refusal: refuse('BALANCE_INSUFFICIENT', { available: 0, requested: 68_000 }),
    whenRefused: ['RestoreCoupon', 'RestoreStock', 'ReleaseOrder'],
    whenSilent: ['RefundBalance', 'RestoreCoupon', 'RestoreStock', 'ReleaseOrder'],
  },
  {
    step: 'recordingPayment',
    command: 'CompletePayment',
    refusal: refuse('ORDER_NOT_PAYABLE', { orderId: 1, status: 'CREATED' }),
    whenRefused: ['RefundBalance', 'RestoreCoupon', 'RestoreStock', 'ReleaseOrder'],
    whenSilent: ['VoidPayment', 'RefundBalance', 'RestoreCoupon', 'RestoreStock', 'ReleaseOrder'],
  },
  {
    step: 'recordingStatistics',
    command: 'RecordSale',
    refusal: refuse('PRODUCT_NOT_FOUND', { productId: 101 }),
    whenRefused: ['VoidPayment', 'RefundBalance', 'RestoreCoupon', 'RestoreStock', 'ReleaseOrder'],
    whenSilent: undefined,
  },
]

const environment = {
  RECOUP_STEP_DEADLINE_MS: '1000',
  RECOUP_STEP_RESENDS: '2',
  RECOUP_PAYMENT_WAIT_MS: '60000',
}

async function shopWithOrder() {
  const shop = await openScenario({ environment })
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012), line(1023)])).body
  return {
    ...shop,
    orderId,
    history: async () => (await shop.get(`/payments/${orderId}/history`)).body as unknown as History,
  }
}

/** The messages between the payment and the others, in the lane they are in. */
function told(history: History, lane: SequenceStep['lane']): string[] {
  return sequenceOf(history, lanes).steps.flatMap(step =>
    step.kind === 'message' && step.lane === lane && step.from !== 'caller' && step.to !== 'caller'
      ? step.type
      : [],
  )
}

function expectBalanced(history: History): void {
  for (const { position } of history.entries) {
    const { sum, entries } = ledgerAt(history, position)
    expect(sum).toBe(0)
    // What the wallet says and what the ledger says are the same at every moment.
    const wallet = actorsAt(history.entries, position).get('balance/1')?.context as
      | { amount: number }
      | undefined
    const last = history.ledger[entries.length - 1]?.lines.find(({ account }) => account === 'wallet/1')
    if (wallet !== undefined) expect(wallet.amount).toBe(last?.totalAfter)
  }
}

/** The commands and replies up to a step, and how it ended. */
function upTo(command: string, ending: readonly string[]): string[] {
  const place = success.findIndex(([first]) => first === command)
  return [...success.slice(0, place).flat(), ...ending]
}

describe('The sequence of a payment', () => {
  test('that goes through is the table of success', async () => {
    const shop = await shopWithOrder()
    await shop.pay(shop.orderId, 201)
    const history = await shop.history()
    expect(told(history, 'forward')).toEqual(success.flat())
    expect(told(history, 'undo')).toEqual([])
    expect([...ledgerAt(history, history.entries.length).totals]).toEqual([
      ['wallet/1', -68_000],
      ['discount', -3_000],
      ['revenue', 71_000],
    ])
    expectBalanced(history)
  })

  test.each(steps)('that is refused at $step shows the refusal and what is undone', async failing => {
    const { command, refusal, whenRefused } = failing
    const shop = await shopWithOrder()
    shop.messages.rule = refused(command, refusal)
    await shop.pay(shop.orderId, 201)

    const history = await shop.history()
    // The receiver never heard of it: the command is known from its answer alone.
    const answered = [command, `${command}Rejected`]
    const ending = command === 'DecreaseStock' ? [...answered, ...answered] : answered
    expect(told(history, 'forward')).toEqual(upTo(command, ending))
    expect(told(history, 'undo')).toEqual(whenRefused.flatMap(undo => undos[undo] ?? []))
    expect(actorsAt(history.entries, history.entries.length).get(`payment/${shop.orderId}`)?.state).toBe(
      'failed',
    )
    for (const [account, total] of ledgerAt(history, history.entries.length).totals) {
      expect([account, total]).toEqual([account, 0])
    }
    expectBalanced(history)
  })

  const silent = steps.flatMap(({ whenSilent, ...failing }) =>
    whenSilent ? [{ ...failing, whenSilent }] : [],
  )

  test.each(silent)('that nobody answers at $step shows the silence and what is undone', async failing => {
    const { command, step, whenSilent } = failing
    const shop = await shopWithOrder()
    shop.messages.rule = lost(command)
    const paid = shop.pay(shop.orderId, 201)
    await shop.pass(20_000)
    await paid

    const history = await shop.history()
    expect(told(history, 'forward')).toEqual(upTo(command, []))
    expect(told(history, 'undo')).toEqual(whenSilent.flatMap(undo => undos[undo] ?? []))
    const silences = sequenceOf(history, lanes).steps.filter(({ kind }) => kind === 'silence')
    expect(silences).toMatchObject([
      { state: `paying.${step}`, askedAgain: true, lane: 'forward' },
      { state: `paying.${step}`, askedAgain: true },
      { state: `paying.${step}`, askedAgain: false },
    ])
    expectBalanced(history)
  })

  test('has a lifeline for whoever asks, the payment, and each who is asked, in that order', async () => {
    const shop = await shopWithOrder()
    await shop.pay(shop.orderId, 201)
    await shop.returnItems(shop.orderId)
    const history = await shop.history()
    const id = shop.orderId
    expect(sequenceOf(history, lanes).lifelines.map(lifeline => lifeline.id)).toEqual([
      'caller',
      `payment/${id}`,
      `order/${id}`,
      'stock/1012',
      'stock/1023',
      'ownedCoupon/201:1',
      'balance/1',
      `statistics/${id}`,
    ])
    expect(told(history, 'return')).toEqual([
      ...['RefundReturn', 'ReturnRefunded', 'GiveCouponBack', 'CouponGivenBack'],
      ...['ReturnStock', 'ReturnStock', 'StockReturned', 'StockReturned'],
      ...['ReverseSale', 'SaleReversed', 'RecordReturn', 'ReturnRecorded'],
    ])
    expectBalanced(history)
    expect(chaptersOf(history).map(({ kind, number }) => [kind, number])).toEqual([
      ['order', 0],
      ['attempt', 1],
      ['return', 1],
    ])
  })

  test('tells commands from replies, and begins an attempt with each PayOrder', async () => {
    const shop = await shopWithOrder()
    shop.messages.rule = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))
    await shop.pay(shop.orderId, 201, { 'Idempotency-Key': 'the-first-of-two-tries' })
    shop.messages.rule = () => 'deliver'
    await shop.pay(shop.orderId, 201)
    const history = await shop.history()
    const { steps: shown } = sequenceOf(history, lanes)
    const replies = shown.flatMap(step => (step.kind === 'message' && step.isReply ? step.type : []))
    expect(new Set(replies)).toEqual(
      new Set([
        ...[
          'OrderPaymentBegun',
          'StockDecreased',
          'CouponUsed',
          'BalanceDeducted',
          'OrderPaid',
          'SaleRecorded',
        ],
        ...['PaymentVoided', 'BalanceRefunded', 'CouponRestored', 'StockRestored', 'OrderReleased'],
        ...['RecordSaleRejected', 'PayOrderRejected'],
      ]),
    )
    expect(shown.filter(step => step.kind === 'message' && step.isUntold)).toMatchObject([
      { type: 'RecordSale', lane: 'forward', isReply: false },
    ])
    expect(
      chaptersOf(history).map(({ kind, number, entries }) => [kind, number, entries[0]?.message.type]),
    ).toEqual([
      ['order', 0, 'CreateOrder'],
      ['attempt', 1, 'BeginRequest'],
      ['attempt', 2, 'PayOrder'],
    ])
  })
})
