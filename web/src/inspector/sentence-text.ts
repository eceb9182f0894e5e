import { texts } from '../frame/language.tsx'

/** What is known of a payment that waits. Times are written out; `undefined` where nothing is known. */
interface Waiting {
  readonly who: string
  readonly since: string
  readonly asked: number
  readonly next: string | undefined
  readonly end: string | undefined
}

const times = (count: number) => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)

/** The words of the one sentence that says what is going on with a payment. */
export const sentenceText = texts({
  en: {
    completed: (attempt: number, paid: string, discount: string | undefined) =>
      `Completed in ${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}: ${paid} paid${discount === undefined ? '' : `, after ${discount} off`}.`,
    partlyReturned: (paid: string, refunded: string) =>
      `Completed: ${paid} paid, ${refunded} of it given back for what was returned.`,
    returned: (refunded: string) => `Returned as a whole: ${refunded} given back.`,
    returning: ({ who, since, asked, next }: Waiting) =>
      `A return is being carried out: waiting ${since} for ${who}${asked === 0 ? '' : ` (asked again ${times(asked)})`}${next === undefined ? '' : `; asked again at ${next}`}.`,
    waiting: ({ who, since, asked, next, end }: Waiting) =>
      `Waiting ${since} for ${who}${asked === 0 ? '' : ` (asked again ${times(asked)})`}${end !== undefined ? `; will be undone at ${end}` : next === undefined ? '' : `; asked again at ${next}`}.`,
    waitingForStatistics: ({ who, since, asked, end }: Waiting) =>
      `Paid; waiting ${since} for ${who}${asked === 0 ? '' : ` (asked again ${times(asked)})`}${end === undefined ? '' : `; will be completed without an answer at ${end}`}.`,
    rollingBack: (reason: string, { who, since, next }: Waiting) =>
      `Rolling back, since ${reason}: waiting ${since} for ${who} to undo${next === undefined ? '' : `; asked again at ${next}`}.`,
    rollbackIncomplete: ({ who, since, next }: Waiting) =>
      `Rollback incomplete: ${who} has not answered the undo for ${since}${next === undefined ? '' : `; asked again at ${next}`}.`,
    rollbackStopped:
      'Rollback incomplete: a message could not be handled; an operator has to resolve it before the undo goes on.',
    stopped: 'Stopped: a message could not be handled; an operator has to resolve it.',
    damaged: 'Stopped: what is stored of it was altered on disk. Run `recoup check` on the data directory.',
    rolledBack: (reason: string, attempt: number) =>
      `Rolled back${attempt > 1 ? ` after ${attempt} attempts` : ''}: ${reason}.`,
    nothingDone: (reason: string) => `Refused before anything was done: ${reason}.`,
    reasons: {
      balanceInsufficient: (requested: string, available: string) =>
        `the balance was too small (needed ${requested}, had ${available})`,
      balanceNotFound: 'the customer has no balance',
      stockInsufficient: (option: string, requested: string, available: string) =>
        `option ${option} was short (${requested} wanted, ${available} there)`,
      stockNotFound: (option: string) => `option ${option} was never in stock`,
      couponUsed: 'the coupon had been used already',
      couponExpired: 'the coupon had expired',
      couponNotYet: 'the coupon was not valid at that time',
      couponNotOwned: 'the customer does not have this coupon',
      couponMinimum: (minimum: string) => `the coupon takes an order of ${minimum} or more`,
      orderNotPayable: 'the order could not be paid in its state',
      cancelled: 'it was cancelled',
      silent: (who: string) => `${who} did not answer in time`,
      unknown: 'it was given up',
    },
    who: {
      claimingOrder: 'the order',
      decreasingStock: (options: string) => (options === '' ? 'stock' : `stock ${options}`),
      usingCoupon: 'the coupon',
      deductingBalance: 'the balance',
      recordingPayment: 'the order to record the payment',
      recordingStatistics: 'the statistics',
      voidingPayment: 'the order',
      refundingBalance: 'the balance',
      restoringCoupon: 'the coupon',
      releasingOrder: 'the order',
      givingCouponBack: 'the coupon',
      reversingStatistics: 'the statistics',
      recordingReturn: 'the order to record the return',
      someone: 'an answer',
    },
    more: (first: string, others: number) => `${first} and ${others} more`,
  },
  ko: {
    completed: (attempt: number, paid: string, discount: string | undefined) =>
      `${attempt}번의 시도로 완료: ${discount === undefined ? '' : `${discount} 할인 후 `}${paid} 결제되었습니다.`,
    partlyReturned: (paid: string, refunded: string) =>
      `완료: ${paid} 결제 후 반품된 만큼 ${refunded} 환불되었습니다.`,
    returned: (refunded: string) => `전부 반품됨: ${refunded} 환불되었습니다.`,
    returning: ({ who, since, asked, next }: Waiting) =>
      `반품을 처리하고 있습니다: ${who}의 응답을 ${since}째 기다리는 중${asked === 0 ? '' : ` (${asked}회 재요청)`}${next === undefined ? '' : `; ${next}에 다시 요청`}.`,
    waiting: ({ who, since, asked, next, end }: Waiting) =>
      `${who}의 응답을 ${since}째 기다리는 중${asked === 0 ? '' : ` (${asked}회 재요청)`}${end !== undefined ? `; ${end}에 되돌립니다` : next === undefined ? '' : `; ${next}에 다시 요청`}.`,
    waitingForStatistics: ({ who, since, asked, end }: Waiting) =>
      `결제됨; ${who}의 응답을 ${since}째 기다리는 중${asked === 0 ? '' : ` (${asked}회 재요청)`}${end === undefined ? '' : `; 응답이 없어도 ${end}에 완료합니다`}.`,
    rollingBack: (reason: string, { who, since, next }: Waiting) =>
      `되돌리는 중 (${reason}): ${who}의 취소 응답을 ${since}째 기다립니다${next === undefined ? '' : `; ${next}에 다시 요청`}.`,
    rollbackIncomplete: ({ who, since, next }: Waiting) =>
      `롤백 미완료: ${who}의 취소 응답이 ${since}째 없습니다${next === undefined ? '' : `; ${next}에 다시 요청`}.`,
    rollbackStopped: '롤백 미완료: 처리하지 못한 메시지가 있습니다. 운영자가 해결해야 되돌리기를 계속합니다.',
    stopped: '멈춤: 처리하지 못한 메시지가 있습니다. 운영자가 해결해야 합니다.',
    damaged: '멈춤: 저장된 내용이 디스크에서 변경되었습니다. 데이터 디렉터리에 `recoup check`를 실행하세요.',
    rolledBack: (reason: string, attempt: number) =>
      `원상 복구됨${attempt > 1 ? ` (시도 ${attempt}번)` : ''}: ${reason}.`,
    nothingDone: (reason: string) => `아무것도 하기 전에 거절됨: ${reason}.`,
    reasons: {
      balanceInsufficient: (requested: string, available: string) =>
        `잔액이 부족합니다(필요 ${requested}, 보유 ${available})`,
      balanceNotFound: '고객에게 잔액이 없습니다',
      stockInsufficient: (option: string, requested: string, available: string) =>
        `옵션 ${option}의 재고가 부족합니다(요청 ${requested}, 재고 ${available})`,
      stockNotFound: (option: string) => `옵션 ${option}은 입고된 적이 없습니다`,
      couponUsed: '이미 사용한 쿠폰입니다',
      couponExpired: '쿠폰이 만료되었습니다',
      couponNotYet: '쿠폰의 사용 기간이 아닙니다',
      couponNotOwned: '고객에게 이 쿠폰이 없습니다',
      couponMinimum: (minimum: string) => `쿠폰은 ${minimum} 이상 주문에 쓸 수 있습니다`,
      orderNotPayable: '결제할 수 없는 상태의 주문입니다',
      cancelled: '취소되었습니다',
      silent: (who: string) => `제시간에 ${who}의 응답이 없었습니다`,
      unknown: '중단되었습니다',
    },
    who: {
      claimingOrder: '주문',
      decreasingStock: (options: string) => (options === '' ? '재고' : `재고 ${options}`),
      usingCoupon: '쿠폰',
      deductingBalance: '잔액',
      recordingPayment: '결제를 기록할 주문',
      recordingStatistics: '통계',
      voidingPayment: '주문',
      refundingBalance: '잔액',
      restoringCoupon: '쿠폰',
      releasingOrder: '주문',
      givingCouponBack: '쿠폰',
      reversingStatistics: '통계',
      recordingReturn: '반품을 기록할 주문',
      someone: '상대',
    },
    more: (first: string, others: number) => `${first} 외 ${others}개`,
  },
})
