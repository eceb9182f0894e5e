import type { Schemas } from '../api/client.ts'
import type { Language } from '../frame/language.tsx'
import { standingOf } from '../parts/payment-status.tsx'
import { actorsAt } from './actors-at.ts'
import { type History, paymentActor } from './history.ts'
import { sentenceText } from './sentence-text.ts'

/** A payment as its customer or as an operator sees it. */
export type ShownPayment = Schemas['Payment'] &
  Partial<Pick<Schemas['OperatedPayment'], 'resends' | 'nextResendAt' | 'givenUpAt' | 'attention'>>

/** How things are written out. */
export interface Written {
  money(amount: number): string
  duration(ms: number): string
  /** A moment given as ISO 8601. */
  time(at: string): string
}

type Words = (typeof sentenceText)[Language]

/** One sentence that says what is going on with a payment; `now` in milliseconds. The history may still be on its way. */
export function plainSentence(
  payment: ShownPayment,
  history: History | undefined,
  now: number,
  written: Written,
  language: Language,
): string {
  const words = sentenceText[language]
  const { attempt, refundedAmount, attention = [] } = payment
  const standing = standingOf(payment)
  const paid = written.money(payment.discountedPrice ?? 0)
  switch (standing) {
    case 'completed': {
      const discount = payment.discountAmount ? written.money(payment.discountAmount) : undefined
      return words.completed(attempt, paid, discount)
    }
    case 'partlyReturned':
      return words.partlyReturned(paid, written.money(refundedAmount))
    case 'returned':
      return words.returned(written.money(refundedAmount))
    case 'rolledBack': {
      const reason = reasonOf(payment, written, words)
      return isNothingDone(history) ? words.nothingDone(reason) : words.rolledBack(reason, attempt)
    }
    case 'stopped':
      return attention.includes('SUSPENDED') ? words.stopped : words.damaged
    case 'rollbackIncomplete':
      if (attention.includes('SUSPENDED')) return words.rollbackStopped
      return attention.includes('DAMAGED')
        ? words.damaged
        : words.rollbackIncomplete(waitingOf(payment, history, now, written, words))
    case 'rollingBack':
      return words.rollingBack(
        reasonOf(payment, written, words),
        waitingOf(payment, history, now, written, words),
      )
    case 'returning':
      return words.returning(waitingOf(payment, history, now, written, words))
    case 'paying': {
      const waiting = waitingOf(payment, history, now, written, words)
      return payment.step === 'paying.recordingStatistics'
        ? words.waitingForStatistics(waiting)
        : words.waiting(waiting)
    }
  }
}

function waitingOf(
  payment: ShownPayment,
  history: History | undefined,
  now: number,
  { duration, time }: Written,
  words: Words,
) {
  const { nextResendAt, givenUpAt, resends = 0 } = payment
  const since = history === undefined ? undefined : stepSince(history)
  return {
    who: participantOf(payment.step, history, words),
    since: duration(Math.max(0, now - (since ?? now))),
    asked: resends,
    next: nextResendAt ? time(nextResendAt) : undefined,
    end: givenUpAt ? time(givenUpAt) : undefined,
  }
}

/** When the payment came to the step it is at, in milliseconds. */
function stepSince(history: History): number | undefined {
  const actor = paymentActor(history)
  const own = history.entries.filter(entry => entry.actor === actor && entry.state !== null)
  const state = own.at(-1)?.state
  const entered = own[own.findLastIndex(entry => entry.state !== state) + 1]
  return entered && Date.parse(entered.at)
}

/** Whom a step waits for. */
function participantOf(step: string, history: History | undefined, words: Words): string {
  const name = step.split('.').at(-1) ?? ''
  const { who } = words
  if (/stock/i.test(name)) return who.decreasingStock(awaitedOptions(name, history, words))
  if (name === 'refunding') return who.refundingBalance
  return Object.hasOwn(who, name)
    ? (who[name as Exclude<keyof typeof who, 'decreasingStock'>] as string)
    : who.someone
}

interface Ordered {
  readonly items: readonly { readonly productOptionId: number }[]
  readonly stock: readonly string[]
}

/** The options whose stock has not answered, as far as is known: the first, and how many more. */
function awaitedOptions(name: string, history: History | undefined, words: Words): string {
  if (history === undefined) return ''
  const payment = actorsAt(history.entries, history.entries.length).get(paymentActor(history))
  const context = payment?.context as Partial<Ordered> | undefined
  const awaited = name.startsWith('decreasing') ? ['sent'] : ['sent', 'done']
  const options = (context?.items ?? [])
    .filter((_item, place) => awaited.includes(context?.stock?.[place] ?? ''))
    .map(({ productOptionId }) => String(productOptionId))
  const [first = '', ...others] = options
  return others.length === 0 ? first : words.more(first, others.length)
}

/** Whether the last attempt was refused by its order: there was nothing to undo. */
function isNothingDone(history: History | undefined): boolean {
  const states = (history?.entries ?? [])
    .filter(entry => history !== undefined && entry.actor === paymentActor(history) && entry.state !== null)
    .map(({ state }) => state)
  return states.at(-1) === 'failed' && states.at(-2) === 'paying.claimingOrder'
}

/** Why an attempt failed, as a clause. */
function reasonOf({ failure }: ShownPayment, { money }: Written, words: Words): string {
  const { reasons } = words
  if (failure === null) return reasons.unknown
  const amount = (name: string) => money(Number(failure[name]))
  const fact = (name: string) => String(failure[name])
  switch (failure.code) {
    case 'BALANCE_INSUFFICIENT':
      return reasons.balanceInsufficient(amount('requested'), amount('available'))
    case 'BALANCE_NOT_FOUND':
      return reasons.balanceNotFound
    case 'STOCK_INSUFFICIENT':
      return reasons.stockInsufficient(fact('productOptionId'), fact('requested'), fact('available'))
    case 'STOCK_NOT_FOUND':
      return reasons.stockNotFound(fact('productOptionId'))
    case 'COUPON_ALREADY_USED':
      return reasons.couponUsed
    case 'COUPON_EXPIRED':
      return reasons.couponExpired
    case 'COUPON_INVALID_PERIOD':
      return reasons.couponNotYet
    case 'CUSTOMER_COUPON_NOT_FOUND':
      return reasons.couponNotOwned
    case 'COUPON_MIN_ORDER_NOT_MET':
      return reasons.couponMinimum(amount('minOrderAmount'))
    case 'ORDER_NOT_PAYABLE':
      return reasons.orderNotPayable
    case 'PAYMENT_CANCELLED':
      return reasons.cancelled
    case 'PAYMENT_STEP_TIMED_OUT':
      return reasons.silent(participantOf(fact('step'), undefined, words))
    default:
      return failure.detail.replace(/\.$/, '')
  }
}
