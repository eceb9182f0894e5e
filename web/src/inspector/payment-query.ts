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

const busyMs = 1_000
const restMs = 5_000

/** A payment as whoever looks at it may see it; looked at often while something happens to it. */
export function paymentQuery(id: number, asOperator: boolean) {
  return queryOptions({
    queryKey: ['payment', id, asOperator],
    queryFn: (): Promise<ShownPayment> =>
      asOperator
        ? answered(api.GET('/operator/payments/{id}', { params: { path: { id } } }))
        : answered(api.GET('/payments/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) => (data === undefined || isAtRest(data) ? restMs : busyMs),
  })
}

/** All that happened to it. */
export function historyQuery(id: number, asOperator: boolean) {
  return queryOptions({
    queryKey: ['history', id, asOperator],
    queryFn: () =>
      asOperator
        ? answered(api.GET('/operator/payments/{id}/history', { params: { path: { id } } }))
        : answered(api.GET('/payments/{id}/history', { params: { path: { id } } })),
  })
}
