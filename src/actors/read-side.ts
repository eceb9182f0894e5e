import type { JournalEntry, LedgerEntry } from '../runtime/store.ts'

/** A page's first row lies after `after`; `undefined` starts at the beginning. */
export interface Slice {
  readonly after: number | undefined
  readonly limit: number
}

/** What the domains need of a database to answer questions: committed rows and stored states. */
export interface ReadSide {
  state(kind: string, id: string | number): unknown
  /** Whether the actor was ever stored. */
  exists(kind: string, id: string | number): boolean
  /** Whose username has this key. */
  customerOfUsername(usernameKey: string): number | undefined
  /** Oldest first; `amount` is signed. */
  walletHistory(
    customerId: number,
    slice: Slice,
  ): { sequence: number; changeType: string; amount: number; totalAfter: number; at: number }[]
  products(query: string, slice: Slice): { id: number; name: string; basePrice: number }[]
  product(productId: number): { id: number; name: string; basePrice: number } | undefined
  productOptions(productId: number): { id: number; optionName: string; extraPrice: number }[]
  optionExists(productOptionId: number): boolean
  /** Campaigns that issue coupons at `now`; `terms` is null of one that was altered on disk. */
  openCoupons(now: number, slice: Slice): unknown[]
  couponsOfCustomer(customerId: number): number[]
  ordersOfCustomer(customerId: number, slice: Slice): number[]
  orderEvents(orderId: number): { sequence: number; type: string; status: string; at: number; body: string }[]
  journal(saga: string): JournalEntry[]
  /** The same by commit; `sequence` is a commit's place in the journal of the shop. */
  journalRows(saga: string): { sequence: number; entries: readonly JournalEntry[] }[]
  /** What the payment of an order posted, in order. */
  ledgerOfOrder(orderId: number): LedgerEntry[]
}
