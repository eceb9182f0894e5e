/** What a customer asks for. */
export type Operation =
  | { readonly type: 'order'; readonly items: readonly OrderedItem[] }
  /** `atOnce`: answered before the payment has ended. */
  | { readonly type: 'pay'; readonly orderId: number; readonly couponId?: number; readonly atOnce: boolean }
  | { readonly type: 'cancel'; readonly orderId: number }
  | { readonly type: 'charge'; readonly amount: number }
  | { readonly type: 'issueCoupon'; readonly couponId: number }

interface OrderedItem {
  readonly productId: number
  readonly productOptionId: number
  readonly quantity: number
}

export interface Answer {
  readonly status: number
  readonly body: unknown
  /** The first answer of its key, given again. */
  readonly replayed: boolean
  /** Path of the next page. */
  readonly next?: string
}

const answerWithinMs = 30_000

/** Sends the operation of a customer, under `key` if there is one. Rejects when no whole answer comes. */
export function sendOperation(
  url: string,
  customerId: number,
  operation: Operation,
  key?: string,
): Promise<Answer> {
  const keyed: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key }
  switch (operation.type) {
    case 'order':
      return send(url, 'POST', '/orders', { customerId, items: operation.items }, keyed)
    case 'pay': {
      const { orderId, couponId, atOnce } = operation
      const headers = atOnce ? { ...keyed, Prefer: 'respond-async' } : keyed
      return send(url, 'POST', '/payments', { orderId, ...(couponId && { couponId }) }, headers)
    }
    case 'cancel':
      return send(url, 'POST', `/orders/${operation.orderId}/cancel`, {}, keyed)
    case 'charge':
      return send(url, 'PATCH', '/balances/charge', { customerId, amount: operation.amount }, keyed)
    case 'issueCoupon':
      return send(url, 'POST', '/coupons/issue', { customerId, couponId: operation.couponId }, keyed)
  }
}

/** Asks a question. Rejects when no whole answer comes. */
export function look(url: string, path: string): Promise<Answer> {
  return send(url, 'GET', path)
}

async function send(
  url: string,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { ...headers, 'Content-Type': 'application/json' },
    signal: AbortSignal.timeout(answerWithinMs),
    ...(body && { body: JSON.stringify(body) }),
  })
  const next = /<(.*)>; rel="next"/.exec(response.headers.get('Link') ?? '')?.[1]
  return {
    status: response.status,
    body: await response.json(),
    replayed: response.headers.get('Idempotency-Replayed') === 'true',
    ...(next && { next }),
  }
}
