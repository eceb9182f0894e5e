import { z } from 'zod'
import type { Answer, Operation } from './operation.ts'

export const receipt = z.object({
  originalPrice: z.int(),
  discountAmount: z.int(),
  discountedPrice: z.int(),
  paidAt: z.string(),
})
const placedOrder = z.object({ orderId: z.int(), totalPrice: z.int() })
const refusal = z.object({ code: z.string(), orderStatus: z.string().optional() })

export interface OrderNote {
  readonly totalPrice: number
  /** What it may be once nothing of it is under way. One, when the last thing asked of it was answered. */
  statuses: Set<string>
  /** How often a payment was asked for. */
  payments: number
  /** A payment was acknowledged, whatever became of it. */
  paymentBegun: boolean
  receipt?: z.infer<typeof receipt>
}

/** Asked for and not answered for certain, or acknowledged. */
type Noted = 'sent' | 'acknowledged'

/** The refusals that the load can bring about; everything else is a fault. */
const refusals: Record<Operation['type'], readonly string[]> = {
  order: ['STOCK_INSUFFICIENT'],
  pay: [
    'BALANCE_INSUFFICIENT',
    'COUPON_ALREADY_USED',
    'ORDER_NOT_PAYABLE',
    'PAYMENT_CANCELLED',
    'PAYMENT_STEP_TIMED_OUT',
    'STOCK_INSUFFICIENT',
  ],
  cancel: ['ORDER_NOT_CANCELLABLE'],
  charge: [],
  issueCoupon: ['COUPON_INSUFFICIENT'],
}

/**
 * What one customer has asked for and been told. Whatever was acknowledged must be there for ever; what was sent
 * without an answer may be there, once.
 */
export class CustomerNotes {
  readonly customerId: number
  readonly orders = new Map<number, OrderNote>()
  /** Orders that were asked for and never answered. */
  ordersUnanswered = 0
  /** By amount: no two are alike. */
  readonly charges = new Map<number, Noted>()
  readonly coupons = new Map<number, Noted>()
  readonly couponsUsed = new Set<number>()
  /** Answers that this customer should never have been given. */
  readonly faults: string[] = []
  operations = 0
  acknowledgements = 0

  /** Requests that could not be taken, and so changed nothing. */
  unavailable = 0
  readonly #mayBeUnavailable: boolean

  /** `mayBeUnavailable`: the disk refuses now and then, which is no fault. */
  constructor(customerId: number, mayBeUnavailable = false) {
    this.customerId = customerId
    this.#mayBeUnavailable = mayBeUnavailable
  }

  /** Becomes what `others` are. */
  take(others: CustomerNotes): void {
    for (const [orderId, order] of others.orders) this.orders.set(orderId, structuredClone(order))
    for (const [amount, noted] of others.charges) this.charges.set(amount, noted)
    for (const [couponId, noted] of others.coupons) this.coupons.set(couponId, noted)
    for (const couponId of others.couponsUsed) this.couponsUsed.add(couponId)
    this.faults.push(...others.faults)
    this.ordersUnanswered = others.ordersUnanswered
    this.operations = others.operations
    this.acknowledgements = others.acknowledgements
    this.unavailable = others.unavailable
  }

  sent(operation: Operation): void {
    this.operations += 1
    switch (operation.type) {
      case 'order':
        break
      case 'pay': {
        const order = this.#order(operation.orderId)
        order.payments += 1
        order.statuses.add('PAID')
        break
      }
      case 'cancel':
        this.#order(operation.orderId).statuses.add('CANCELLED')
        break
      case 'charge':
        this.charges.set(operation.amount, 'sent')
        break
      case 'issueCoupon':
        this.coupons.set(operation.couponId, 'sent')
        break
    }
  }

  /** No answer will come any more. */
  unanswered(operation: Operation): void {
    if (operation.type === 'order') this.ordersUnanswered += 1
  }

  /** It was not taken in: there must be nothing of it. */
  turnedAway(operation: Operation): void {
    if (operation.type === 'charge') this.charges.delete(operation.amount)
    if (operation.type === 'issueCoupon') this.coupons.delete(operation.couponId)
  }

  answered(operation: Operation, { status, body }: Answer): void {
    if (status >= 200 && status < 300) {
      this.acknowledgements += 1
      this.#acknowledged(operation, status, body)
      return
    }
    const { data } = refusal.safeParse(body)
    if (this.#mayBeUnavailable && data?.code === 'UNAVAILABLE') this.#nothingChanged(operation)
    else if (data !== undefined && refusals[operation.type].includes(data.code))
      this.#refused(operation, data)
    else this.faults.push(`${JSON.stringify(operation)} was answered ${status} ${JSON.stringify(body)}`)
  }

  #acknowledged(operation: Operation, status: number, body: unknown): void {
    switch (operation.type) {
      case 'order': {
        const { orderId, totalPrice } = placedOrder.parse(body)
        const statuses = new Set(['CREATED'])
        this.orders.set(orderId, { totalPrice, statuses, payments: 0, paymentBegun: false })
        break
      }
      case 'pay': {
        const order = this.#order(operation.orderId)
        order.paymentBegun = true
        if (status === 202) break
        order.statuses = new Set(['PAID'])
        order.receipt = receipt.parse(body)
        if (operation.couponId !== undefined) this.couponsUsed.add(operation.couponId)
        break
      }
      case 'cancel':
        if (status === 200) this.#order(operation.orderId).statuses = new Set(['CANCELLED'])
        break
      case 'charge':
        this.charges.set(operation.amount, 'acknowledged')
        break
      case 'issueCoupon':
        this.coupons.set(operation.couponId, 'acknowledged')
        break
    }
  }

  /** It was not kept: neither now nor later may there be anything of it. */
  #nothingChanged(operation: Operation): void {
    this.unavailable += 1
    switch (operation.type) {
      case 'order':
        break
      case 'pay': {
        const { payments, statuses } = this.#order(operation.orderId)
        // An earlier request may still pay it.
        if (payments === 1) statuses.delete('PAID')
        break
      }
      case 'cancel':
        this.#order(operation.orderId).statuses.delete('CANCELLED')
        break
      case 'charge':
        this.charges.delete(operation.amount)
        break
      case 'issueCoupon':
        this.coupons.delete(operation.couponId)
        break
    }
  }

  #refused(operation: Operation, { code, orderStatus = '' }: z.infer<typeof refusal>): void {
    switch (operation.type) {
      case 'pay':
      case 'cancel': {
        const { statuses } = this.#order(operation.orderId)
        if (orderStatus === 'PAID' || orderStatus === 'CANCELLED') {
          this.#order(operation.orderId).statuses = new Set([orderStatus])
        } else if (operation.type === 'pay' && code !== 'ORDER_NOT_PAYABLE') {
          statuses.delete('PAID')
        }
        break
      }
      case 'issueCoupon':
        this.coupons.delete(operation.couponId)
        break
      case 'order':
      case 'charge':
        break
    }
  }

  #order(orderId: number): OrderNote {
    const order = this.orders.get(orderId)
    if (order === undefined) throw new Error(`Customer ${this.customerId} has no order ${orderId}`)
    return order
  }
}
