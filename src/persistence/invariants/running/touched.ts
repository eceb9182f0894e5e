import type { Address, Message } from '../../../runtime/envelope.ts'

/** What the rows of one look are about, by id. Whatever is in here is judged at the end of the look. */
export class Touched {
  readonly actors = new Set<Address>()
  readonly wallets = new Set<string>()
  readonly stocks = new Set<string>()
  readonly products = new Set<string>()
  readonly coupons = new Set<string>()
  readonly ownedCoupons = new Set<string>()
  readonly orders = new Set<string>()
  /** Payments of which an attempt was begun. */
  readonly paymentsBegun = new Set<string>()
  /** Returns that were asked for. */
  readonly returnsBegun = new Set<number>()
  /** Whether a new row could not be read, so that what came with it is not known either. */
  ledgerDamaged = false
  journalDamaged = false

  /** Notes an actor and all that its relations are about. */
  actor(address: Address): void {
    if (this.actors.has(address)) return
    this.actors.add(address)
    const slash = address.indexOf('/')
    const id = address.slice(slash + 1)
    switch (address.slice(0, slash)) {
      case 'balance':
        this.wallets.add(id)
        break
      case 'stock':
        this.stocks.add(id)
        break
      case 'product':
        this.products.add(id)
        break
      case 'coupon':
        this.coupons.add(id)
        break
      case 'ownedCoupon':
        this.ownedCoupons.add(id)
        break
      case 'order':
      case 'payment':
      case 'statistics':
        this.orders.add(id)
        break
    }
  }

  /**
   * Notes what a transition's message says beyond the actor itself: who was issued a coupon, which order used one, what
   * began.
   */
  message(actor: Address, { type, customerId, orderId, returnId }: Message): void {
    if (actor.startsWith('payment/') && type === 'PayOrder')
      this.paymentsBegun.add(actor.slice('payment/'.length))
    if (actor.startsWith('payment/') && type === 'ReturnItems') this.returnsBegun.add(Number(returnId))
    if (actor.startsWith('coupon/') && type === 'IssueCoupon')
      this.ownedCoupons.add(`${actor.slice('coupon/'.length)}:${customerId}`)
    if (actor.startsWith('ownedCoupon/') && typeof orderId === 'number') this.orders.add(String(orderId))
  }
}

/** The order and attempt of a key `<order>/<attempt>/<step>`, as `attemptOfKey` has them in SQL. */
export function attemptOf(key: string): { orderId: string; attempt: number } {
  const slash = key.indexOf('/')
  return {
    orderId: key.slice(0, Math.max(slash, 0)),
    attempt: Number.parseInt(key.slice(slash + 1), 10) || 0,
  }
}
