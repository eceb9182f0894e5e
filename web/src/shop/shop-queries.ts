import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { answered, api, pageAnswered, type Schemas } from '../api/client.ts'

/* What the shop asks of the server, each under one name. */

export const productQuery = (id: number) =>
  queryOptions({
    queryKey: ['product', id],
    queryFn: () => answered(api.GET('/products/{id}', { params: { path: { id } } })),
  })

export const popularQuery = queryOptions({
  queryKey: ['popular', 30],
  queryFn: () => answered(api.GET('/products/popular', { params: { query: { days: 30 } } })),
})

export const balanceQuery = (customerId: number) =>
  queryOptions({
    queryKey: ['balance', customerId],
    queryFn: () => answered(api.GET('/balances/{customerId}', { params: { path: { customerId } } })),
  })

export const balanceHistoryQuery = (customerId: number) =>
  queryOptions({
    queryKey: ['balance-history', customerId],
    queryFn: () => balanceHistory(customerId),
  })

/** The server tells it oldest first, and what is asked for here is the newest. */
async function balanceHistory(customerId: number): Promise<readonly Schemas['BalanceHistory'][]> {
  const lines: Schemas['BalanceHistory'][] = []
  let cursor: string | undefined
  do {
    const query = { limit: 200, ...(cursor !== undefined && { cursor }) }
    const page = await pageAnswered(
      api.GET('/balances/{customerId}/balance-histories', { params: { path: { customerId }, query } }),
    )
    lines.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return lines.slice(-balanceLinesMax)
}

const balanceLinesMax = 200

export const ownedCouponsQuery = (customerId: number) =>
  queryOptions({
    queryKey: ['owned-coupons', customerId],
    queryFn: () => answered(api.GET('/coupons/customer/{customerId}', { params: { path: { customerId } } })),
  })

export const campaignsQuery = queryOptions({
  queryKey: ['campaigns'],
  queryFn: () => answered(api.GET('/coupons', { params: { query: { limit: 20 } } })),
})

export const orderQuery = (id: number) =>
  queryOptions({
    queryKey: ['order', id],
    queryFn: () => answered(api.GET('/orders/{id}', { params: { path: { id } } })),
  })

export const paymentQuery = (id: number) =>
  queryOptions({
    queryKey: ['payment', id],
    queryFn: () => answered(api.GET('/payments/{id}', { params: { path: { id } } })),
    // A payment that is under way is looked at until it is at rest.
    refetchInterval: ({ state }) => (state.data !== undefined && isMoving(state.data.status) ? 500 : false),
  })

/** `attempt` is the one that is looked at: an older history tells nothing of it. */
export const historyQuery = (id: number, attempt: number, moving: boolean) =>
  queryOptions({
    queryKey: ['payment-history', id, attempt],
    queryFn: () => answered(api.GET('/payments/{id}/history', { params: { path: { id } } })),
    refetchInterval: moving ? 700 : false,
  })

export const returnsQuery = (id: number) =>
  queryOptions({
    queryKey: ['returns', id],
    queryFn: () => answered(api.GET('/orders/{id}/returns', { params: { path: { id } } })),
  })

export const faultQuery = (orderId: number) =>
  queryOptions({
    queryKey: ['fault', orderId],
    queryFn: () => answered(api.GET('/demo/faults/{orderId}', { params: { path: { orderId } } })),
  })

/** Whether a payment is on its way from one state of rest to another. */
export function isMoving(status: string): boolean {
  return status === 'PAYING' || status === 'COMPENSATING' || status === 'RETURNING'
}

/** Has everything asked again that a payment, a return or a charge may have changed. */
export function useMoneyMoved(): () => Promise<void> {
  const queries = useQueryClient()
  const moved = new Set([
    'order',
    'orders',
    'payment',
    'payment-history',
    'returns',
    'fault',
    'balance',
    'balance-history',
    'owned-coupons',
    'campaigns',
    'product',
  ])
  return () => queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => moved.has(String(first)) })
}
