import { getRouteApi } from '@tanstack/react-router'

/** What of the live list one wants to see, as it stands in the address. */
export interface LiveSearch {
  readonly kind?: string
  readonly state?: string
  readonly order?: number
  readonly customer?: number
}

/** What is no filter is left out. */
export function liveSearchOf(search: Readonly<Record<string, unknown>>): LiveSearch {
  const { kind, state, order, customer } = search
  return {
    ...(typeof kind === 'string' && kind !== '' && { kind }),
    ...(typeof state === 'string' && state !== '' && { state }),
    ...(isId(order) && { order: Number(order) }),
    ...(isId(customer) && { customer: Number(customer) }),
  }
}

function isId(value: unknown): boolean {
  return /^[1-9]\d{0,15}$/.test(String(value))
}

export const livePlace = getRouteApi('/console/operators/inspector')
