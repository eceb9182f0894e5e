import { outboxKeptMs } from '../messages.ts'
import { shareBreach } from '../money.ts'
import { type StoredEvent, streamBreaks } from '../order-stream.ts'
import type { EarlierReturn, OrderBooks } from './order-books.ts'
import type { StoredItem, StoredPayment } from './stored-payment.ts'

/*
 * The invariants of one order, given its state, its payment, its coupon, its events and what it moved. They say in code
 * what the whole check says in SQL over all orders; that both agree is tested.
 */

export interface StoredOrder {
  readonly value: string
  readonly context: { readonly attempt: number; readonly items: readonly StoredItem[] }
}

export interface StoredCoupon {
  readonly status: string
  readonly orderId: number | null
  readonly couponId: number
  readonly customerId: number
}

/** An order, its payment, and what may still be on its way. */
export interface JudgedOrder {
  readonly orderId: string
  readonly order: StoredOrder | undefined
  readonly payment: StoredPayment | undefined
  readonly now: number
  /** Whether a stored message will still reach an actor. */
  isAwaited(actor: string): boolean
  /** The returns that its events tell of, with when. */
  readonly returns: readonly (EarlierReturn & { readonly at: number })[]
  /** Whether its sale is still owed to the statistics. */
  readonly saleOwed: boolean
}

export interface BookedOrder extends JudgedOrder {
  readonly books: OrderBooks
}

type Violated = (name: string, violation: string) => void

const paidStatuses = new Set(['PAID', 'PARTIALLY_RETURNED', 'RETURNED'])
const endStatuses = new Set(['CANCELLED', 'EXPIRED', 'RETURNED'])
/** In recordingPayment the order may have answered already. */
const payingSteps = new Set(['recordingPayment', 'recordingStatistics', 'voidingPayment'])

const placeOf = (payment: StoredPayment | undefined) => payment?.step ?? payment?.stage ?? 'nowhere'

/** O1, O3: order and payment agree. */
export function judgeAgreement({ orderId, order, payment }: JudgedOrder, violated: Violated): void {
  const status = order?.value ?? 'nowhere'
  const isPaid = payment?.isPaid ?? false
  if (isPaid && !paidStatuses.has(status))
    violated('O1', `payment ${orderId} is ${payment?.stage} and its order is ${status}`)
  // In recordingReturn the order may have answered already.
  const isReturned =
    payment?.stage === 'returned' || (payment?.step === 'recordingReturn' && payment.returning?.isLast)
  const disagrees =
    (status === 'RETURNED' && !isReturned) || (payment?.stage === 'returned' && status !== 'RETURNED')
  if ((paidStatuses.has(status) && !isPaid && !payingSteps.has(placeOf(payment))) || (isPaid && disagrees))
    violated('O1', `order ${orderId} is ${status} and its payment is ${placeOf(payment)}`)
  if (payment !== undefined && isPaid && payment.stage !== 'returning') {
    const units = payment.items.reduce((sum, { quantity }) => sum + quantity, 0)
    const returned = payment.returned.reduce((sum, quantity) => sum + quantity, 0)
    if ((returned === units) !== (payment.stage === 'returned'))
      violated(
        'O1',
        `payment ${orderId} is ${payment.stage} and ${returned} of its ${units} units were returned`,
      )
  }
  const attempt = order?.context.attempt
  if (status === 'PAYING' && !(payment?.inFlight && payment.attempt === attempt)) {
    const its = `its payment is ${payment?.stage ?? 'nowhere'} in attempt ${payment?.attempt ?? 0}`
    violated('O3', `order ${orderId} is PAYING in attempt ${attempt}, ${its}`)
  }
}

/** O2, O5, O6: what its events say. `state` is the order's as JSON. */
export function judgeEvents(
  orderId: string,
  events: readonly StoredEvent[],
  state: string | undefined,
  violated: Violated,
): void {
  for (const breach of streamBreaks(Number(orderId), events, state)) violated('O6', breach)
  const end = events.findIndex(({ status }) => endStatuses.has(status))
  const ended = events[end]
  for (const later of ended === undefined ? [] : events.slice(end + 1))
    violated('O2', `event ${later.sequence} of order ${orderId} came after it was ${ended?.status}`)
  const times = (type: string) => events.filter(event => event.type === type).length
  const paid = times('OrderPaid') - times('PaymentVoided')
  if (paid > 1) violated('O5', `order ${orderId} was paid ${paid} times`)
}

/** M6, M7, O5: what its money did. */
export function judgeMoney({ orderId, payment, books, returns }: BookedOrder, violated: Violated): void {
  for (const [key, entries] of books.entriesByKey) {
    if (entries.size > 1) violated('O5', `${key} was posted ${entries.size} times`)
  }
  if (books.taken > 1) violated('O5', `the money of order ${orderId} was taken and kept ${books.taken} times`)
  for (const [attempt, sums] of books.money) {
    if (isStanding(payment, attempt)) continue
    for (const [account, sum] of sums) {
      if (sum !== 0)
        violated('M7', `attempt ${orderId}/${attempt} moved ${sum} on ${account} and did not complete`)
    }
  }
  if (!payment?.isPaid) return
  const { originalPrice, discountAmount, customerId, stage, step, returning, refundedAmount } = payment
  const attempts = [...books.money.values()]
  const moved = (account: string) => attempts.reduce((sum, sums) => sum + (sums.get(account) ?? 0), 0)
  const [wallet, discount, revenue] = [moved(`wallet/${customerId}`), moved('discount'), moved('revenue')]
  const payable = originalPrice - discountAmount
  const returnedGross = payment.items.reduce(
    (sum, { unitPrice = 0 }, place) => sum + unitPrice * (payment.returned[place] ?? 0),
    0,
  )
  const share = shareBreach(orderId, { originalPrice, discountAmount, refundedAmount, gross: returnedGross })
  if (payment.returned.length > 0 && share !== undefined) violated('M6', share)
  const recorded = returns.reduce((sum, { refundAmount }) => sum + refundAmount, 0)
  const isRecorded =
    recorded === refundedAmount - (returning?.refundAmount ?? 0) ||
    // In recordingReturn the order may have answered already.
    (step === 'recordingReturn' && recorded === refundedAmount)
  const isRefunded = (amount: number, gross: number) =>
    books.refunded === refundedAmount - amount && books.returnedGross === returnedGross - gross
  const refundable =
    isRecorded &&
    books.refunded >= 0 &&
    (stage === 'returned' ? books.refunded === payable : books.refunded <= payable) &&
    // The wallet may not have answered the refund yet.
    (isRefunded(0, 0) ||
      (step === 'refunding' && isRefunded(returning?.refundAmount ?? 0, returning?.grossAmount ?? 0)))
  if (wallet === -payable && discount === -discountAmount && revenue === originalPrice && refundable) return
  const prices = `payment ${orderId} of ${originalPrice} less ${discountAmount}`
  const sums = `moved wallet ${wallet}, discount ${discount}, revenue ${revenue} and refunded ${books.refunded} for ${books.returnedGross}`
  violated('M6', `${prices} ${sums}`)
}

/** An attempt that may have taken something, in flight or completed. Any other has failed. */
function isStanding(payment: StoredPayment | undefined, attempt: number): boolean {
  return payment?.attempt === attempt && (payment.inFlight || payment.isPaid)
}

/** S3, S4: which units it keeps. */
export function judgeUnits({ orderId, order, payment, books }: BookedOrder, violated: Violated): void {
  const held = new Map<number, number>()
  for (const [attempt, options] of books.units) {
    for (const [option, units] of options) {
      held.set(option, (held.get(option) ?? 0) + units)
      if (units !== 0 && !isStanding(payment, attempt)) {
        const keeps = `keeps ${units} of option ${option} and did not complete`
        violated('S3', `attempt ${orderId}/${attempt} ${keeps}`)
      }
    }
  }
  const due = unitsDue(order, payment)
  for (const option of new Set([...held.keys(), ...due.keys()])) {
    const units = held.get(option) ?? 0
    const { least, most } = due.get(option) ?? nothingDue
    if (units !== least && units !== most)
      violated('S4', `order ${orderId} keeps ${units} of option ${option} instead of ${most}`)
  }
}

interface Due {
  readonly least: number
  readonly most: number
}

const nothingDue: Due = { least: 0, most: 0 }

/** What a payment in flight knows of each option decides what it may hold of it; a paid order holds what is not returned. */
function unitsDue(order: StoredOrder | undefined, payment: StoredPayment | undefined): Map<number, Due> {
  const due = new Map<number, Due>()
  const add = (option: number, least: number, most: number) => {
    const known = due.get(option) ?? nothingDue
    due.set(option, { least: known.least + least, most: known.most + most })
  }
  if (payment?.inFlight) {
    for (const [place, { productOptionId, quantity }] of payment.items.entries()) {
      const progress = payment.stock[place]
      const done = progress === 'done'
      const least = done && payment.step !== 'restoringStock' ? quantity : 0
      add(productOptionId, least, done || progress === 'sent' ? quantity : 0)
    }
  } else if (order === undefined || !paidStatuses.has(order.value)) {
    return due
  } else if (payment?.isPaid) {
    for (const [place, { productOptionId, quantity }] of payment.items.entries()) {
      const kept = quantity - (payment.returned[place] ?? 0)
      const unstocked = payment.returning?.unstocked.includes(productOptionId) ?? false
      const onItsWay = unstocked ? returningOf(payment, productOptionId) : 0
      add(productOptionId, kept + (payment.step === 'restocking' ? 0 : onItsWay), kept + onItsWay)
    }
  } else {
    for (const { productOptionId, quantity } of order.context.items) add(productOptionId, quantity, quantity)
  }
  return due
}

/** Units of an option in the return under way. */
function returningOf({ returning }: StoredPayment, productOptionId: number): number {
  return returning?.items.find(item => item.productOptionId === productOptionId)?.quantity ?? 0
}

/** C3, C4: its coupon, if it has one. `coupon` is the stored one that the payment was asked to use. */
export function judgeCoupon(
  { orderId, payment }: JudgedOrder,
  coupon: StoredCoupon | undefined,
  violated: Violated,
): void {
  if (payment?.ownedCoupon === undefined) return
  const { ownedCoupon, stage, step, couponProgress } = payment
  const usedByIt = coupon?.status === 'USED' && String(coupon.orderId) === orderId
  const mustBeUsed =
    (payment.isPaid && !isCouponGivenBack(payment) && step !== 'givingCouponBack') ||
    (payment.inFlight && couponProgress === 'done' && !couponBack.has(step ?? ''))
  if (mustBeUsed && !usedByIt) {
    const other = coupon?.status === 'USED' ? `used by order ${coupon.orderId}` : coupon?.status
    violated('C3', `order ${orderId} pays with coupon ${ownedCoupon}, which is ${other ?? 'nowhere'}`)
  }
  if (stage === 'failed' && String(coupon?.orderId) === orderId) {
    const used = `${coupon?.status} by order ${orderId}`
    violated('C4', `coupon ${ownedCoupon} is ${used}, whose payment failed`)
  }
}

/** Everything was returned, and the coupon with it. */
function isCouponGivenBack({ stage, step, returning }: StoredPayment): boolean {
  return stage === 'returned' || (returning?.isLast === true && afterCoupon.has(step ?? ''))
}

const afterCoupon: ReadonlySet<string> = new Set(['restocking', 'reversingStatistics', 'recordingReturn'])
const couponBack: ReadonlySet<string> = new Set(['restoringCoupon', 'restoringStock', 'releasingOrder'])

/** C3 from the coupon's side: the payment of the order that used it says so too. */
export function judgeUse(
  ownedCoupon: string,
  coupon: StoredCoupon,
  payment: StoredPayment | undefined,
  violated: Violated,
): void {
  if (coupon.status !== 'USED') return
  const asked = payment?.inFlight && ['sent', 'done'].includes(payment.couponProgress)
  const givenBack = payment?.step === 'restoringStock' || payment?.step === 'releasingOrder'
  const uses =
    payment?.ownedCoupon === ownedCoupon &&
    ((payment.isPaid && !isCouponGivenBack(payment)) || (asked && !givenBack))
  if (uses) return
  const by = `used by order ${coupon.orderId ?? 'nothing'}`
  violated('C3', `coupon ${ownedCoupon} is ${by}, which does not pay with it`)
}

/** E6, E8: what it told the outside and the statistics. */
export function judgeTold(judged: BookedOrder, violated: Violated): void {
  const { orderId, payment, books, now, saleOwed } = judged
  const isPaid = payment?.isPaid ?? false
  if (isPaid && books.announced === 0 && (payment?.paidAt ?? 0) >= now - outboxKeptMs)
    violated('E6', `payment ${orderId} is completed and was not announced`)
  if (books.announced > (isPaid ? 1 : 0)) {
    const announced = `was announced as completed ${books.announced} times`
    violated('E6', `payment ${orderId} is ${placeOf(payment)} and ${announced}`)
  }
  judgeReturnsTold(judged, violated)
  const due = soldBy(payment)
  for (const product of new Set([...due.keys(), ...books.sold.keys()])) {
    const units = books.sold.get(product) ?? 0
    const { sold, offLeast, offMost } = due.get(product) ?? nothingSold
    // Statistics that were asked and are not known to have answered may have counted all or nothing.
    const mayBeUncounted = !isPaid || saleOwed || judged.isAwaited(`statistics/${orderId}`)
    const possible = [sold, mayBeUncounted ? 0 : sold].flatMap(counted => [
      counted - offLeast,
      counted - offMost,
    ])
    if (possible.includes(units)) continue
    violated('E8', `order ${orderId} counts ${units} sold of product ${product} instead of ${sold - offMost}`)
  }
}

/** E6: every return was announced once it was recorded and its payment has heard of it. */
function judgeReturnsTold({ orderId, payment, books, returns, now }: BookedOrder, violated: Violated): void {
  const told = new Map(books.announcedReturns)
  for (const { returnId, at } of returns) {
    const times = told.get(returnId) ?? 0
    told.delete(returnId)
    const isHeardOf = !(payment?.step === 'recordingReturn' && payment.returning?.returnId === returnId)
    if (times === (isHeardOf ? 1 : 0) || at < now - outboxKeptMs) continue
    violated('E6', `return ${returnId} of order ${orderId} was announced ${times} times`)
  }
  for (const returnId of told.keys())
    violated('E6', `return ${returnId} of order ${orderId} was announced and never recorded`)
}

interface Sold {
  readonly sold: number
  /** What returns have taken off; statistics that were asked to may not have done so. */
  readonly offLeast: number
  readonly offMost: number
}

const nothingSold: Sold = { sold: 0, offLeast: 0, offMost: 0 }

/** By product. */
function soldBy(payment: StoredPayment | undefined): Map<number, Sold> {
  const due = new Map<number, Sold>()
  if (payment === undefined || !(payment.isPaid || payment.step === 'recordingStatistics')) return due
  const { step } = payment
  for (const [place, { productId, productOptionId, quantity }] of payment.items.entries()) {
    const { sold, offLeast, offMost } = due.get(productId) ?? nothingSold
    const returned = payment.returned[place] ?? 0
    const returning = step === 'recordingReturn' ? 0 : returningOf(payment, productOptionId)
    due.set(productId, {
      sold: sold + quantity,
      offLeast: offLeast + returned - returning,
      offMost: offMost + returned - (step === 'reversingStatistics' ? 0 : returning),
    })
  }
  return due
}
