import { describe, expect, it } from 'vitest'
import { plainSentence, type ShownPayment } from '../../../web/src/inspector/plain-sentence.ts'
import { madeHistory, newYear } from './made-history.ts'

const written = {
  money: (amount: number) => amount.toLocaleString('en'),
  duration: (ms: number) => `${ms / 60_000} min`,
  time: (at: string) => at.slice(11, 16),
}

const payment: ShownPayment = {
  paymentId: 1001,
  orderId: 1001,
  customerId: 11,
  status: 'COMPLETED',
  step: 'completed',
  attempt: 1,
  couponId: null,
  originalPrice: 71_000,
  discountAmount: 0,
  discountedPrice: 71_000,
  paidAt: null,
  refundedAmount: 0,
  failure: null,
}

const withCoupon = { ...payment, discountAmount: 3_000, discountedPrice: 68_000 }
const small = { code: 'BALANCE_INSUFFICIENT', detail: '', requested: 68_000, available: 5_000 }
const rolledBack: ShownPayment = { ...payment, status: 'FAILED', step: 'failed', failure: small }
const waiting: ShownPayment = {
  ...payment,
  status: 'PAYING',
  step: 'paying.decreasingStock',
  resends: 2,
  nextResendAt: '2026-01-01T00:03:30.000Z',
  givenUpAt: '2026-01-01T00:04:00.000Z',
  attention: [],
}
const stock = (...progress: string[]) =>
  madeHistory([
    { state: 'paying.claimingOrder' },
    {
      state: 'paying.decreasingStock',
      at: '2026-01-01T00:00:00.000Z',
      patch: [
        [[], { items: progress.map((_, place) => ({ productOptionId: 6001 + place })), stock: progress }],
      ],
    },
    { state: 'paying.decreasingStock', from: 'payment/1001', message: { type: 'xstate.after.silence' } },
  ])
const undoing: ShownPayment = {
  ...waiting,
  status: 'COMPENSATING',
  step: 'compensating.restoringStock',
  givenUpAt: null,
  failure: { code: 'PAYMENT_STEP_TIMED_OUT', detail: '', step: 'deductingBalance' },
}
const silent: ShownPayment = { ...undoing, attention: ['UNDO_UNANSWERED'] }

const cases: [string, ShownPayment, ReturnType<typeof stock> | undefined, string, string][] = [
  [
    'a payment that went through',
    payment,
    undefined,
    'Completed in 1 attempt: 71,000 paid.',
    '1번의 시도로 완료: 71,000 결제되었습니다.',
  ],
  [
    'one with a coupon, at the third attempt',
    { ...withCoupon, attempt: 3 },
    undefined,
    'Completed in 3 attempts: 68,000 paid, after 3,000 off.',
    '3번의 시도로 완료: 3,000 할인 후 68,000 결제되었습니다.',
  ],
  [
    'one that was rolled back',
    rolledBack,
    undefined,
    'Rolled back: the balance was too small (needed 68,000, had 5,000).',
    '원상 복구됨: 잔액이 부족합니다(필요 68,000, 보유 5,000).',
  ],
  [
    'one that its order refused',
    { ...rolledBack, failure: { code: 'ORDER_NOT_PAYABLE', detail: '' } },
    madeHistory([{ state: 'paying.claimingOrder' }, { state: 'failed' }]),
    'Refused before anything was done: the order could not be paid in its state.',
    '아무것도 하기 전에 거절됨: 결제할 수 없는 상태의 주문입니다.',
  ],
  [
    'one that waits for stock',
    waiting,
    stock('done', 'sent'),
    'Waiting 3 min for stock 6002 (asked again twice); will be undone at 00:04.',
    '재고 6002의 응답을 3 min째 기다리는 중 (2회 재요청); 00:04에 되돌립니다.',
  ],
  [
    'one that waits for much stock',
    waiting,
    stock('sent', 'sent', 'sent'),
    'Waiting 3 min for stock 6001 and 2 more (asked again twice); will be undone at 00:04.',
    '재고 6001 외 2개의 응답을 3 min째 기다리는 중 (2회 재요청); 00:04에 되돌립니다.',
  ],
  [
    'one that waits for the statistics, which will not undo it',
    { ...waiting, step: 'paying.recordingStatistics', resends: 0 },
    stock('done'),
    'Paid; waiting 3 min for the statistics; will be completed without an answer at 00:04.',
    '결제됨; 통계의 응답을 3 min째 기다리는 중; 응답이 없어도 00:04에 완료합니다.',
  ],
  [
    'one that is being undone',
    undoing,
    stock('done'),
    'Rolling back, since the balance did not answer in time: waiting 3 min for stock 6001 to undo; asked again at 00:03.',
    '되돌리는 중 (제시간에 잔액의 응답이 없었습니다): 재고 6001의 취소 응답을 3 min째 기다립니다; 00:03에 다시 요청.',
  ],
  [
    'one whose undo nobody answers',
    silent,
    stock('unsent', 'done'),
    'Rollback incomplete: stock 6002 has not answered the undo for 3 min; asked again at 00:03.',
    '롤백 미완료: 재고 6002의 취소 응답이 3 min째 없습니다; 00:03에 다시 요청.',
  ],
  [
    'one that a message waits for',
    { ...waiting, attention: ['SUSPENDED'] },
    undefined,
    'Stopped: a message could not be handled; an operator has to resolve it.',
    '멈춤: 처리하지 못한 메시지가 있습니다. 운영자가 해결해야 합니다.',
  ],
  [
    'one that was returned in part',
    { ...withCoupon, status: 'PARTIALLY_RETURNED', refundedAmount: 38_309 },
    undefined,
    'Completed: 68,000 paid, 38,309 of it given back for what was returned.',
    '완료: 68,000 결제 후 반품된 만큼 38,309 환불되었습니다.',
  ],
]

describe('The plain sentence', () => {
  it.each(cases)('of %s', (_what, shown, history, english, korean) => {
    const now = newYear + 180_000
    expect(plainSentence(shown, history, now, written, 'en')).toBe(english)
    expect(plainSentence(shown, history, now, written, 'ko')).toBe(korean)
  })

  it('says what the server says of a refusal that it has no words for', () => {
    const failure = { code: 'PRODUCT_NOT_FOUND', detail: 'There is no product 101.' }
    expect(plainSentence({ ...rolledBack, failure }, undefined, newYear, written, 'en')).toBe(
      'Rolled back: There is no product 101.',
    )
  })
})
