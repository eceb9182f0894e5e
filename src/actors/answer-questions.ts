import { type Clock, dayOf, isoTime } from '../clock.ts'
import { refuse } from '../refusal.ts'
import { usernameKey } from '../username.ts'
import { type CouponState, campaignOf } from './coupon/coupon.ts'
import { ownedCouponId } from './coupon/coupon-messages.ts'
import type { OwnedCouponState } from './coupon/owned-coupon.ts'
import { accountOf, type CustomerState } from './customer/customer.ts'
import type { Account } from './customer/customer-messages.ts'
import { orderOf } from './order/order.ts'
import type { OrderStatus, OrderSummary } from './order/order-messages.ts'
import { pageOf, sliceOf } from './paging.ts'
import { paymentOf } from './payment/payment.ts'
import { chartVersions, historyOf } from './payment/payment-history.ts'
import type { ProductState } from './product/product.ts'
import type {
  BalanceHistory,
  ListedProduct,
  OrderReturn,
  OwnedCoupon,
  Questions,
  TimelineEntry,
} from './questions.ts'
import type { Ranking } from './ranking.ts'
import type { ReadSide } from './read-side.ts'

const dayMs = 86_400_000

/** Answers the questions between domains, and from outside, from committed data. */
export function answerQuestions(
  readSide: ReadSide,
  ranking: Ranking,
  clock: Clock,
  timeZone: string,
): Questions {
  const amountOf = (kind: string, id: number, field: string): number | undefined =>
    (readSide.state(kind, id) as Record<string, number> | undefined)?.[field]

  function account(customerId: number): Account | undefined {
    const stored = readSide.state('customer', customerId) as CustomerState | undefined
    return stored && accountOf(stored)
  }

  function order(orderId: number): OrderSummary | undefined {
    const stored = readSide.state('order', orderId)
    return stored === undefined ? undefined : orderOf(stored)
  }

  function ownedCoupon(couponId: number, customerId: number): OwnedCoupon | undefined {
    const stored = readSide.state('ownedCoupon', ownedCouponId(couponId, customerId)) as
      | OwnedCouponState
      | undefined
    if (stored?.terms == null) return undefined
    const { terms, status, issuedAt } = stored
    const { name, discountType, discountAmount, expiredAt } = terms
    // A coupon is over at its time, also before the daily job has said so.
    const over = status === 'AVAILABLE' && clock.now() > expiredAt
    return {
      couponId,
      name,
      discountType,
      discountAmount,
      status: over ? 'EXPIRED' : status,
      issuedAt,
      expiredAt,
    }
  }

  const orderEvents = (orderId: number) =>
    readSide.orderEvents(orderId).map(({ body, status, ...event }) => ({
      ...event,
      status: status as OrderStatus,
      body: JSON.parse(body) as unknown,
    }))
  function listedProduct(productId: number): ListedProduct | undefined {
    const found = readSide.product(productId)
    return found && { ...found, options: readSide.productOptions(productId) }
  }

  const stockOf = (productOptionId: number) => amountOf('stock', productOptionId, 'quantity') ?? 0

  return {
    customerExists: customerId => readSide.exists('customer', customerId),
    account,
    accountCalled(username) {
      const customerId = readSide.customerOfUsername(usernameKey(username))
      return customerId === undefined ? undefined : account(customerId)
    },
    balanceAmount: customerId => amountOf('balance', customerId, 'amount'),
    balanceHistories(customerId, page) {
      const rows = readSide.walletHistory(customerId, sliceOf(page))
      return pageOf(rows, page, ({ sequence }) => sequence, walletChangeOf)
    },

    products(query = '', page) {
      return pageOf(readSide.products(query.trim(), sliceOf(page)), page, ({ id }) => id)
    },
    product(productId) {
      const listed = listedProduct(productId)
      return (
        listed && {
          ...listed,
          options: listed.options.map(option => ({ ...option, stock: stockOf(option.id) })),
        }
      )
    },
    listedProduct,
    stockOf,
    optionExists: readSide.optionExists,
    async popularProducts(days) {
      const today = dayOf(clock.now(), timeZone)
      // Counted on the calendar: a day of the time zone may have 23 hours or 25.
      const first = isoTime(Date.parse(today) - (days - 1) * dayMs).slice(0, today.length)
      const ranked = await ranking.popular(first, today)
      return ranked.flatMap(({ productId, salesCount }) => {
        const found = readSide.product(productId)
        return found === undefined
          ? []
          : { productId, name: found.name, basePrice: found.basePrice, salesCount }
      })
    },
    quoteOptions(lines) {
      const quoted = []
      const wanted = new Map<number, number>()
      for (const { productId, productOptionId, quantity } of lines) {
        const product = readSide.state('product', productId) as ProductState | undefined
        if (product === undefined) return { refusal: refuse('PRODUCT_NOT_FOUND', { productId }) }
        const option = product.options.find(candidate => candidate.productOptionId === productOptionId)
        if (option === undefined) {
          return {
            refusal: readSide.optionExists(productOptionId)
              ? refuse('PRODUCT_OPTION_MISMATCH', { productId, productOptionId })
              : refuse('PRODUCT_OPTION_NOT_FOUND', { productOptionId }),
          }
        }
        const requested = (wanted.get(productOptionId) ?? 0) + quantity
        wanted.set(productOptionId, requested)
        const available = amountOf('stock', productOptionId, 'quantity')
        if (available === undefined) return { refusal: refuse('STOCK_NOT_FOUND', { productOptionId }) }
        if (available < requested) {
          return { refusal: refuse('STOCK_INSUFFICIENT', { productOptionId, available, requested }) }
        }
        quoted.push({
          productId,
          productOptionId,
          productName: product.name,
          optionName: option.optionName,
          unitPrice: product.basePrice + option.extraPrice,
        })
      }
      return { quoted }
    },

    openCoupons(page) {
      const rows = readSide.openCoupons(clock.now(), sliceOf(page)) as CouponState[]
      const { items, next } = pageOf(rows, page, ({ couponId }) => couponId ?? 0)
      const open = items.filter(({ terms }) => terms !== null).map(campaignOf)
      return next === undefined ? { items: open } : { items: open, next }
    },
    coupon(couponId) {
      const stored = readSide.state('coupon', couponId) as CouponState | undefined
      return stored && campaignOf(stored)
    },
    couponExists: couponId => readSide.exists('coupon', couponId),
    ownedCoupons: customerId =>
      readSide.couponsOfCustomer(customerId).flatMap(couponId => ownedCoupon(couponId, customerId) ?? []),

    order,
    orders(customerId, page) {
      const { items, next } = pageOf(
        readSide.ordersOfCustomer(customerId, sliceOf(page)),
        page,
        orderId => orderId,
      )
      const orders = items.flatMap(orderId => order(orderId) ?? [])
      return next === undefined ? { items: orders } : { items: orders, next }
    },
    orderEvents,
    returns: orderId =>
      orderEvents(orderId)
        .filter(({ type }) => type === 'ItemsReturned' || type === 'OrderReturned')
        .map(({ at, body }) => ({
          orderId,
          returnedAt: at,
          ...(body as Pick<OrderReturn, 'returnId' | 'items' | 'refundAmount'>),
        })),

    payment(paymentId) {
      const stored = readSide.state('payment', paymentId)
      return stored === undefined ? undefined : paymentOf(stored)
    },
    timeline(paymentId) {
      const before = new Map<string, unknown>()
      return readSide.journal(`order/${paymentId}`).map((entry): TimelineEntry => {
        const { actor, transition = null, at, message, from } = entry
        const was = before.get(actor) ?? null
        const after = entry.state ?? was
        before.set(actor, after)
        return { actor, transition, at, message, from, before: was, after }
      })
    },
    history(paymentId) {
      const { entries, ledger, complete } = historyOf(
        paymentId,
        readSide.journalRows(`order/${paymentId}`),
        readSide.ledgerOfOrder(paymentId),
      )
      const events = orderEvents(paymentId)
      return { paymentId, orderId: paymentId, complete, entries, ledger, events, charts: chartVersions }
    },
  }
}

const walletChangeOf = ({
  changeType,
  amount,
  totalAfter,
  at,
}: ReturnType<ReadSide['walletHistory']>[number]): BalanceHistory => ({
  changeType: changeType as BalanceHistory['changeType'],
  changeAmount: Math.abs(amount),
  totalAmount: totalAfter,
  createdAt: at,
})
