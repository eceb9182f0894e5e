import type { Refusal } from '../refusal.ts'
import type { Message } from '../runtime/envelope.ts'
import type { Patch } from '../runtime/store.ts'
import type { CouponCampaign, DiscountType } from './coupon/coupon-messages.ts'
import type { Account } from './customer/customer-messages.ts'
import type { OrderStatus, OrderSummary } from './order/order-messages.ts'
import type { PaymentSummary } from './payment/payment-messages.ts'

/** One page of a list; `next` is the cursor of the following page, absent on the last. */
export interface Page<T> {
  items: readonly T[]
  next?: string
}

export interface PageRequest {
  /** 1 to 200 rows. */
  limit: number
  /** A cursor from the page before; malformed ones are refused by throwing `CursorInvalid`. */
  cursor?: string
}

export class CursorInvalid extends Error {
  override name = 'CursorInvalid'
}

/** A line of an order at the price it has now. */
export interface QuotedLine {
  productId: number
  productOptionId: number
  productName: string
  optionName: string
  unitPrice: number
}

export interface BalanceHistory {
  changeType: 'CHARGE' | 'USE' | 'ROLLBACK' | 'REFUND'
  changeAmount: number
  totalAmount: number
  createdAt: number
}

export interface ProductSummary {
  id: number
  name: string
  basePrice: number
}

/** A product as it is listed: its names and prices. */
export interface ListedProduct extends ProductSummary {
  options: readonly { id: number; optionName: string; extraPrice: number }[]
}

export interface ProductDetail extends ProductSummary {
  options: readonly { id: number; optionName: string; extraPrice: number; stock: number }[]
}

export interface PopularProduct {
  productId: number
  name: string
  basePrice: number
  salesCount: number
}

export interface OwnedCoupon {
  couponId: number
  name: string
  discountType: DiscountType
  discountAmount: number
  status: 'AVAILABLE' | 'USED' | 'EXPIRED'
  issuedAt: number
  expiredAt: number
}

export interface OrderEvent {
  sequence: number
  type: string
  status: OrderStatus
  at: number
  body: unknown
}

/** A return that is done. */
export interface OrderReturn {
  orderId: number
  returnId: number
  items: readonly { productOptionId: number; quantity: number }[]
  refundAmount: number
  returnedAt: number
}

/** One transition of one actor of a payment's saga, as the journal keeps it. */
export interface TimelineEntry {
  actor: string
  transition: number | null
  at: number
  message: unknown
  from: string
  /** State of the actor before and after, where it was recorded. */
  before: unknown
  after: unknown
}

/** One message that an actor of a payment's saga handled, as people may see it. Times in milliseconds. */
export interface HistoryEntry {
  /** 1 and up, without a gap. */
  readonly position: number
  /** Of the commit that made it true, in the journal of the shop. */
  readonly sequence: number
  readonly actor: string
  /** Null where the message changed nothing. */
  readonly transition: number | null
  readonly at: number
  readonly messageId: string
  readonly causationId: string
  readonly from: string
  readonly message: Message
  /** Where the actor is afterwards, such as `paying.deductingBalance`; null of one that has no chart, or did not move. */
  readonly state: string | null
  readonly patch: Patch | null
}

/** One entry of the ledger that a payment posted. Amounts signed, in the minor unit; the lines sum to zero. */
export interface HistoryPosting {
  /** Of the entry that posted it; null when the journal does not tell of it any more. */
  readonly position: number | null
  readonly key: string
  readonly changeType: string
  readonly at: number
  readonly lines: readonly {
    readonly account: string
    readonly amount: number
    readonly totalAfter: number | null
  }[]
}

/** All that happened to a payment, from the order on. */
export interface PaymentHistory {
  readonly paymentId: number
  readonly orderId: number
  /** False when the beginning is past its time and was dropped; then the first patches have nothing to apply to. */
  readonly complete: boolean
  readonly entries: readonly HistoryEntry[]
  readonly ledger: readonly HistoryPosting[]
  /** Those of the order, which are kept for ever. */
  readonly events: readonly OrderEvent[]
  /** The versions of the machines that run it. */
  readonly charts: { readonly payment: string; readonly order: string }
}

/**
 * What may be asked of each domain. Every question is answered from committed data, by the owner's read side, within
 * the call but for the ranking, which may be kept elsewhere; once a domain leaves the process the same questions become gRPC calls. Times are milliseconds, money the
 * minor unit. `undefined` means there is no such thing.
 */
export interface Questions {
  customerExists(customerId: number): boolean
  account(customerId: number): Account | undefined
  /** However the name is written, as long as it is the same name. */
  accountCalled(username: string): Account | undefined
  balanceAmount(customerId: number): number | undefined
  balanceHistories(customerId: number, page: PageRequest): Page<BalanceHistory>
  products(query: string | undefined, page: PageRequest): Page<ProductSummary>
  product(productId: number): ProductDetail | undefined
  listedProduct(productId: number): ListedProduct | undefined
  /** Units on hand of an option; 0 of one that was never stocked. */
  stockOf(productOptionId: number): number
  optionExists(productOptionId: number): boolean
  /** Top five by units sold over the last `days` days, today included; ties: smaller product id first. */
  popularProducts(days: number): Promise<readonly PopularProduct[]>
  /** Prices and names of the options of an order's lines, or why the order cannot be placed (not there, mismatch, stock). */
  quoteOptions(
    lines: readonly { productId: number; productOptionId: number; quantity: number }[],
  ): { quoted: readonly QuotedLine[] } | { refusal: Refusal }
  openCoupons(page: PageRequest): Page<CouponCampaign>
  coupon(couponId: number): CouponCampaign | undefined
  couponExists(couponId: number): boolean
  ownedCoupons(customerId: number): readonly OwnedCoupon[]
  order(orderId: number): OrderSummary | undefined
  /** Newest first. */
  orders(customerId: number, page: PageRequest): Page<OrderSummary>
  orderEvents(orderId: number): readonly OrderEvent[]
  /** Oldest first. */
  returns(orderId: number): readonly OrderReturn[]
  payment(paymentId: number): PaymentSummary | undefined
  timeline(paymentId: number): readonly TimelineEntry[]
  /** Of a payment that is there. */
  history(paymentId: number): PaymentHistory
}
