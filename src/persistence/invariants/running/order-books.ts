import type { StoredLedgerLine } from '../../checksum.ts'
import type { StoredPayment } from './stored-payment.ts'

export interface StockMovement {
  readonly sequence: number
  readonly optionId: number
  readonly movement: string
  readonly quantity: number
  readonly key: string
}

export const selectMovements =
  'SELECT sequence, option_id AS optionId, movement, quantity, key FROM stock_movements'

/**
 * What the rows say that one order moved: money, units, sales, announcements. Kept only while its payment is in flight or
 * owes something; when more comes of an order whose books were closed, they are opened again with what its payment says.
 */
export class OrderBooks {
  /** Signed sums by attempt and account, refunds of returns left out. */
  readonly money = new Map<number, Map<string, number>>()
  /** Units decreased and not restored, by attempt and option. */
  readonly units = new Map<number, Map<number, number>>()
  /** The ledger entries that carry a key. */
  readonly entriesByKey = new Map<string, Set<number>>()
  /** Units counted as sold, by product. */
  readonly sold = new Map<number, number>()
  /** How often the money was taken and not given back. */
  taken = 0
  refunded = 0
  announced = 0
  /** Place in the outbox of a sale that statistics were not told in time. */
  owedSale: number | undefined

  /** The books of a payment that had ended before anybody kept them. */
  static asPaid(payment: StoredPayment): OrderBooks {
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
    return books
  }

  line(attempt: number, { entry, account, amount, changeType, key }: StoredLedgerLine): void {
    if (changeType === 'REFUND') {
      if (account.startsWith('wallet/')) this.refunded += amount
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

  sale(productId: number, quantity: number): void {
    this.sold.set(productId, (this.sold.get(productId) ?? 0) + quantity)
  }

  #add<Of>(sums: Map<number, Map<Of, number>>, attempt: number, of: Of, amount: number): void {
    const attemptSums = sums.get(attempt) ?? new Map<Of, number>()
    sums.set(attempt, attemptSums.set(of, (attemptSums.get(of) ?? 0) + amount))
  }
}
