import type { RetailOrder, RetailReturn } from './retail-orders.ts'

/** Why something that came back belongs to nothing that was paid. */
export type Unmatched = 'NO_CUSTOMER' | 'CUSTOMER_UNKNOWN' | 'NOT_BOUGHT' | 'MORE_THAN_BOUGHT'

interface Bought {
  readonly orderId: number
  readonly productId: number
  readonly productOptionId: number
  /** Units that have not come back. */
  left: number
}

/** A return of one order, as it is sent. */
export interface OrderReturn {
  readonly orderId: number
  readonly items: { productOptionId: number; quantity: number }[]
}

/** What customers have paid and not returned, as far as they return some of it later. */
export class Purchases {
  readonly #bought = new Map<string, Bought[]>()
  readonly #isReturned: (customerId: number, productId: number) => boolean

  /** `isReturned` tells of what something comes back at all; nothing else is kept in mind. */
  constructor(isReturned: (customerId: number, productId: number) => boolean) {
    this.#isReturned = isReturned
  }

  add(orderId: number, { customerId, items }: RetailOrder): void {
    for (const { productId, productOptionId, quantity } of items) {
      if (!this.#isReturned(customerId, productId)) continue
      const key = `${customerId} ${productId}`
      const bought = this.#bought.get(key) ?? []
      this.#bought.set(key, bought)
      bought.push({ orderId, productId, productOptionId, left: quantity })
    }
  }

  /** Takes what comes back off what was bought, product by product, oldest first, and tells what could not be. */
  takeBack({ customerId, isNamed, items }: RetailReturn): {
    returns: OrderReturn[]
    unmatched: { reason: Unmatched; units: number }[]
  } {
    const byOrder = new Map<number, Map<number, number>>()
    const unmatched: { reason: Unmatched; units: number }[] = []
    for (const { productId, quantity } of items) {
      const bought = this.#bought.get(`${customerId} ${productId}`) ?? []
      let left = quantity
      for (const purchase of bought) {
        const units = Math.min(left, purchase.left)
        if (units === 0) continue
        purchase.left -= units
        left -= units
        const options = byOrder.get(purchase.orderId) ?? new Map<number, number>()
        byOrder.set(purchase.orderId, options)
        options.set(purchase.productOptionId, (options.get(purchase.productOptionId) ?? 0) + units)
      }
      if (left === 0) continue
      const known = bought.length > 0 ? 'MORE_THAN_BOUGHT' : 'NOT_BOUGHT'
      const reason = !isNamed ? 'NO_CUSTOMER' : customerId === undefined ? 'CUSTOMER_UNKNOWN' : known
      unmatched.push({ reason, units: left })
    }
    const returns = Array.from(byOrder, ([orderId, options]) => ({
      orderId,
      items: Array.from(options, ([productOptionId, quantity]) => ({ productOptionId, quantity })),
    }))
    return { returns, unmatched }
  }
}
