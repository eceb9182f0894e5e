import { queryOptions } from '@tanstack/react-query'
import { answered, api, type Schemas } from '../api/client.ts'
import type { ShownPayment } from './plain-sentence.ts'

const atRest: ReadonlySet<Schemas['Payment']['status']> = new Set([
  'COMPLETED',
  'FAILED',
  'PARTIALLY_RETURNED',
  'RETURNED',
])

/** Whether nothing happens to a payment until somebody asks for something new. */
export function isAtRest({ status }: Pick<ShownPayment, 'status'>): boolean {
  return atRest.has(status)
}

/** What of a payment is asked has keys that begin so, and go on where it is not the payment itself. */
export const paymentKey = (id: number, asOperator: boolean) => ['payment', id, asOperator] as const

/** A payment as whoever looks at it may see it. */
export function paymentQuery(id: number, asOperator: boolean) {
  return queryOptions({
    queryKey: paymentKey(id, asOperator),
    queryFn: (): Promise<ShownPayment> =>
      asOperator
        ? answered(api.GET('/operator/payments/{id}', { params: { path: { id } } }))
        : answered(api.GET('/payments/{id}', { params: { path: { id } } })),
  })
}

/** All that happened to it. */
export function historyQuery(id: number, asOperator: boolean) {
  return queryOptions({
    queryKey: [...paymentKey(id, asOperator), 'history'],
    queryFn: () =>
      asOperator
        ? answered(api.GET('/operator/payments/{id}/history', { params: { path: { id } } }))
        : answered(api.GET('/payments/{id}/history', { params: { path: { id } } })),
  })
}

/** What operators can do about it now. */
export function operationsQuery(id: number) {
  return queryOptions({
    queryKey: [...paymentKey(id, true), 'operations'],
    queryFn: () => answered(api.GET('/operator/payments/{id}/operations', { params: { path: { id } } })),
  })
}
