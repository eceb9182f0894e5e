import type { StoredLedgerLine } from '../../checksum.ts'
import type { StoredPayment } from './stored-payment.ts'

export interface StockMovement {
  readonly sequence: number
  readonly optionId: number
  readonly movement: string
  readonly quantity: number
  readonly key: string
}

/** A return that was done before anybody kept the books. */
export interface EarlierReturn {
  readonly returnId: number
  readonly parts: readonly { readonly productOptionId: number; readonly quantity: number }[]
  readonly refundAmount: number
}

export const selectMovements =
  'SELECT sequence, option_id AS optionId, movement, quantity, key FROM stock_movements'

/**
 * What the rows say that one order moved: money, units, sales, announcements. Kept only while its payment is in flight or
 * owes something; when more comes of an order whose books were closed, they are opened again with what its payment says.
 */
export class OrderBooks {
  /** Signed sums by attempt and account, those of returns left out. */
  readonly money = new Map<number, Map<string, number>>()
  /** Units decreased, and neither restored nor returned, by attempt and option. */
  readonly units = new Map<number, Map<number, number>>()
  /** The ledger entries that carry a key. */
  readonly entriesByKey = new Map<string, Set<number>>()
  /** Units counted as sold and not returned, by product. */
  readonly sold = new Map<number, number>()
  /** How often the money was taken and not given back. */
  taken = 0
  /** What returns gave back, and what the items had cost. */
  refunded = 0
  returnedGross = 0
  announced = 0
  /** How often each return was announced. */
  readonly announcedReturns = new Map<number, number>()
  /** Place in the outbox of a sale that statistics were not told in time. */
  owedSale: number | undefined

  /** The books of a payment that had completed before anybody kept them, after these returns. */
  static asPaid(payment: StoredPayment, returns: readonly EarlierReturn[]): OrderBooks {
    const books = new OrderBooks()
    const { attempt, originalPrice, discountAmount, customerId, items } = payment
    books.taken = originalPrice > 0 ? 1 : 0
    books.announced = 1
    const add = (account: string, amount: number) => books.#add(books.money, attempt, account, amount)
    add(`wallet/${customerId}`, discountAmount - originalPrice)
    add('discount', -discountAmount)
    add('revenue', originalPrice)
    for (const { productId, productOptionId, quantity } of items) {
      books.#add(books.units, attempt, productOptionId, quantity)
      books.sale(productId, quantity)
    }
    for (const { returnId, parts, refundAmount } of returns) {
      books.refunded += refundAmount
      books.announcedReturns.set(returnId, 1)
      for (const { productOptionId, quantity } of parts) {
        const item = items.find(candidate => candidate.productOptionId === productOptionId)
        books.returnedGross += quantity * (item?.unitPrice ?? 0)
        books.#add(books.units, attempt, productOptionId, -quantity)
        if (item !== undefined) books.sale(item.productId, -quantity)
      }
    }
    return books
  }

  line(attempt: number, { entry, account, amount, changeType, key }: StoredLedgerLine): void {
    if (changeType === 'REFUND') {
      if (account.startsWith('wallet/')) this.refunded += amount
      if (account === 'revenue') this.returnedGross -= amount
      return
    }
    this.#add(this.money, attempt, account, amount)
    if (changeType !== 'USE' && changeType !== 'ROLLBACK') return
    const entries = this.entriesByKey.get(key) ?? new Set()
    if (entries.has(entry)) return
    this.entriesByKey.set(key, entries.add(entry))
    this.taken += changeType === 'USE' ? 1 : -1
  }

  movement(attempt: number, { movement, optionId, quantity }: StockMovement): void {
    this.#add(this.units, attempt, optionId, movement === 'DECREASE' ? quantity : -quantity)
  }

  /** Notes the announcement of the payment itself, or of one of its returns. */
  announce(returnId: number | null): void {
    if (returnId === null) this.announced += 1
    else this.announcedReturns.set(returnId, (this.announcedReturns.get(returnId) ?? 0) + 1)
  }

  sale(productId: number, quantity: number): void {
    this.sold.set(productId, (this.sold.get(productId) ?? 0) + quantity)
  }

  #add<Of>(sums: Map<number, Map<Of, number>>, attempt: number, of: Of, amount: number): void {
    const attemptSums = sums.get(attempt) ?? new Map<Of, number>()
    sums.set(attempt, attemptSums.set(of, (attemptSums.get(of) ?? 0) + amount))
  }
}
