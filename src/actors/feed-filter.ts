import { addressOf, idOf, kindOf } from '../runtime/envelope.ts'
import type { ShownEntry, ShownRow } from './shown-row.ts'

/** Which part of the journal somebody watches; what is absent is no matter. */
export interface FeedFilter {
  /** Kinds of actors. */
  readonly kinds?: ReadonlySet<string>
  /** `paying`, or more exactly `paying.deductingBalance`. */
  readonly state?: string
  readonly orderId?: number
  readonly customerId?: number
}

/** The saga that a filter asks for, if it is about one: all of an order is in it. */
export function sagaOf({ orderId }: FeedFilter): string | undefined {
  return orderId === undefined ? undefined : addressOf('order', orderId)
}

/**
 * The entries of a row that a filter lets through. A row is a customer's when it names them, or when its saga is about
 * their order: an undo that comes minutes later names nobody.
 */
export function entriesThrough(
  { kinds, state, orderId, customerId }: FeedFilter,
  { saga, customers, entries }: ShownRow,
  customerOfOrder: (orderId: number) => number | undefined,
): readonly ShownEntry[] {
  if (orderId !== undefined && saga !== addressOf('order', orderId)) return []
  if (customerId !== undefined && !customers.has(customerId)) {
    if (kindOf(saga) !== 'order' || customerOfOrder(Number(idOf(saga))) !== customerId) return []
  }
  if (kinds === undefined && state === undefined) return entries
  return entries.filter(
    entry => (kinds?.has(entry.kind) ?? true) && (state === undefined || isWithin(entry.state, state)),
  )
}

function isWithin(name: string | null, state: string): boolean {
  return name?.split(' and ').some(part => part === state || part.startsWith(`${state}.`)) ?? false
}
