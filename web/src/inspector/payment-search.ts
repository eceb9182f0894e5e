import { getRouteApi } from '@tanstack/react-router'

export const tabNames = ['timeline', 'statechart', 'sequence', 'events', 'context'] as const
type TabName = (typeof tabNames)[number]

/** Where on the page of a payment one is. */
export interface PaymentSearch {
  readonly tab?: TabName
  /** The moment that is shown; the end unless it is given. */
  readonly at?: number
  /** A moment by its name, for who does not know its place; it is looked up and becomes `at`. */
  readonly moment?: string
}

/** Where one is among the moments and views of a payment. */
export const paymentPlace = getRouteApi('/console/payments/$id')
