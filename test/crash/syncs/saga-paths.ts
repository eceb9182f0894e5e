import { refuse } from '../../../src/refusal.ts'
import type { Interceptor } from '../../../src/runtime/transport.ts'
import { late, lost, refused, unanswered } from '../../support/message-tap.ts'

/*
 * The ways a payment can go, each with what a customer does to get there and what is done to its messages. A path ends
 * with the answers it names; a run without a crash shows that it does.
 */

/** One request; `order` and `pay` speak of the customer's orders by number, the first being 0. */
export type PathRequest = (
  | { readonly type: 'charge' }
  | { readonly type: 'issueCoupon'; readonly couponId: number }
  | { readonly type: 'order'; readonly optionId: number; readonly quantity: number }
  | { readonly type: 'pay'; readonly order: number; readonly couponId?: number; readonly atOnce?: true }
  | { readonly type: 'cancel'; readonly order: number }
) & {
  /** The status, or the code of the refusal, that it is answered with when nothing crashes. */
  readonly answer: number | string
}

export interface SagaPath {
  readonly name: string
  readonly requests: readonly PathRequest[]
  /** What happens to the messages of its payments; all are delivered unless given. */
  readonly rule?: () => Interceptor
  /** Without an idempotency key nobody asks again. */
  readonly keyed?: false
}

const [cheap, scarce] = [101, 110]
const couponId = 201
/** More than the customer has after one charge. */
const tooDear = 115
/** More than half of what there is of the scarce option. */
const mostOfIt = 21

const charge = { type: 'charge', answer: 200 } as const
const issueCoupon = { type: 'issueCoupon', couponId, answer: 201 } as const
const order = { type: 'order', optionId: cheap, quantity: 2, answer: 201 } as const
const pay = { type: 'pay', order: 0, answer: 201 } as const
const payWithCoupon = { ...pay, couponId } as const
const beforePaying = [charge, issueCoupon, order] as const

/** The command of the payment's first attempt is treated so, those of later attempts are delivered. */
function firstAttempt(rule: Interceptor): () => Interceptor {
  return () => envelope => (envelope.key?.scope.endsWith('/1') ? rule(envelope) : 'deliver')
}

export const sagaPaths: readonly SagaPath[] = [
  { name: 'completed', requests: [charge, order, pay] },
  { name: 'completed with a coupon', requests: [...beforePaying, payWithCoupon] },
  { name: 'completed, asked without a key', requests: [...beforePaying, payWithCoupon], keyed: false },
  {
    name: 'completed, answered at once',
    requests: [...beforePaying, { ...payWithCoupon, atOnce: true, answer: 202 }],
  },
  {
    name: 'paid twice',
    requests: [charge, order, pay, { ...pay, answer: 'ORDER_NOT_PAYABLE' }],
  },
  {
    name: 'refused by the stock',
    requests: [
      charge,
      issueCoupon,
      { ...order, optionId: scarce, quantity: mostOfIt },
      { ...order, optionId: scarce, quantity: mostOfIt },
      pay,
      { ...payWithCoupon, order: 1, answer: 'STOCK_INSUFFICIENT' },
    ],
  },
  {
    name: 'refused by the coupon',
    requests: [
      ...beforePaying,
      order,
      payWithCoupon,
      { ...payWithCoupon, order: 1, answer: 'COUPON_ALREADY_USED' },
    ],
  },
  {
    name: 'refused by the balance, then paid',
    requests: [
      charge,
      issueCoupon,
      { ...order, quantity: tooDear },
      { ...payWithCoupon, answer: 'BALANCE_INSUFFICIENT' },
      charge,
      payWithCoupon,
    ],
  },
  {
    name: 'refused while the payment is recorded',
    requests: [...beforePaying, { ...payWithCoupon, answer: 'BALANCE_INSUFFICIENT' }],
    rule: firstAttempt(
      refused('CompletePayment', refuse('BALANCE_INSUFFICIENT', { available: 0, requested: 1 })),
    ),
  },
  {
    name: 'refused by the statistics',
    requests: [...beforePaying, { ...payWithCoupon, answer: 'STOCK_INSUFFICIENT' }],
    rule: firstAttempt(
      refused(
        'RecordSale',
        refuse('STOCK_INSUFFICIENT', { productOptionId: cheap, available: 0, requested: 2 }),
      ),
    ),
  },
  {
    name: 'cancelled while it pays',
    requests: [
      ...beforePaying,
      { ...payWithCoupon, atOnce: true, answer: 202 },
      { type: 'cancel', order: 0, answer: 200 },
    ],
    rule: () => late('DeductBalance', 150),
  },
  {
    name: 'undone after silence, then paid',
    requests: [...beforePaying, { ...payWithCoupon, answer: 'PAYMENT_STEP_TIMED_OUT' }, payWithCoupon],
    rule: firstAttempt(lost('DeductBalance')),
  },
  {
    name: 'undone after a silence that had done it',
    requests: [...beforePaying, { ...payWithCoupon, answer: 'PAYMENT_STEP_TIMED_OUT' }],
    rule: firstAttempt(unanswered('DeductBalance')),
  },
  {
    name: 'undone after its record went unanswered',
    requests: [...beforePaying, { ...payWithCoupon, answer: 'PAYMENT_STEP_TIMED_OUT' }],
    rule: firstAttempt(unanswered('CompletePayment')),
  },
  {
    name: 'completed with its statistics owed',
    requests: [...beforePaying, payWithCoupon],
    rule: () => lost('RecordSale'),
  },
]

/** A silent step is given up after so long, three times the deadline. */
export const pathEnvironment = { RECOUP_STEP_DEADLINE_MS: '60', RECOUP_STEP_RESENDS: '1' }

export function sagaPathOf(name: string | undefined): SagaPath {
  const path = sagaPaths.find(path => path.name === name)
  if (path === undefined) throw new Error(`There is no saga path ${name}`)
  return path
}
