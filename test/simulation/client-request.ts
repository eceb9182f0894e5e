import type { Shop } from '../../src/main.ts'

/** What a customer, or the staff, wants. Two of the same kind and content are told apart by their key, or not at all. */
export type Intent =
  | { readonly type: 'order'; readonly customerId: number; readonly items: readonly OrderedItem[] }
  | {
      readonly type: 'pay'
      readonly customerId: number
      readonly orderId: number
      readonly couponId: number | null
    }
  | { readonly type: 'cancel'; readonly customerId: number; readonly orderId: number }
  /** Without items all that is left; always under a key. */
  | {
      readonly type: 'return'
      readonly customerId: number
      readonly orderId: number
      readonly items: readonly { readonly productOptionId: number; readonly quantity: number }[] | null
    }
  | { readonly type: 'issue'; readonly customerId: number; readonly couponId: number }
  | { readonly type: 'charge'; readonly customerId: number; readonly amount: number }
  | { readonly type: 'restock'; readonly productOptionId: number; readonly quantity: number }

export interface OrderedItem {
  readonly productId: number
  readonly productOptionId: number
  readonly quantity: number
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  /** The first answer of its key, given again. */
  readonly replayed: boolean
}

interface Sending {
  readonly key?: string | undefined
  /** Does not wait for the end of what it asks for. */
  readonly atOnce?: boolean
}

/** Sends what is wanted through the HTTP app, within the process; the staff's restocking as the message it will become. */
export async function sendIntent(shop: Shop, intent: Intent, { key, atOnce }: Sending): Promise<Answer> {
  switch (intent.type) {
    case 'order': {
      const { customerId, items } = intent
      return request(shop, 'POST', '/orders', { customerId, items }, customerId, key)
    }
    case 'pay': {
      const { customerId, orderId, couponId } = intent
      const body = couponId === null ? { orderId } : { orderId, couponId }
      return request(shop, 'POST', '/payments', body, customerId, key, atOnce)
    }
    case 'cancel':
      return request(shop, 'POST', `/orders/${intent.orderId}/cancel`, {}, intent.customerId, key, atOnce)
    case 'return': {
      const { customerId, orderId, items } = intent
      const body = items === null ? {} : { items }
      return request(shop, 'POST', `/orders/${orderId}/returns`, body, customerId, key, atOnce)
    }
    case 'issue': {
      const { customerId, couponId } = intent
      return request(shop, 'POST', '/coupons/issue', { couponId, customerId }, customerId, key)
    }
    case 'charge': {
      const { customerId, amount } = intent
      return request(shop, 'PATCH', '/balances/charge', { customerId, amount }, customerId, key)
    }
    case 'restock': {
      const message = { type: 'Restock', quantity: intent.quantity }
      const to = `stock/${intent.productOptionId}`
      const outcome = await shop.ask(to, message, { correlationId: 'staff' }).catch((error: Error) => error)
      if (outcome instanceof Error) {
        const status = outcome.name === 'Unavailable' ? 503 : 500
        return { status, body: { code: outcome.name.toUpperCase() }, replayed: false }
      }
      return { status: 200, body: outcome, replayed: false }
    }
  }
}

export async function request(
  shop: Shop,
  method: string,
  path: string,
  body?: object,
  customerId?: number,
  key?: string,
  atOnce = false,
): Promise<Answer> {
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  // Some gateways say who calls, some do not.
  if (customerId !== undefined && customerId % 2 === 0) headers['X-Customer-Id'] = String(customerId)
  if (key !== undefined) headers['Idempotency-Key'] = key
  if (atOnce) headers['Prefer'] = 'respond-async'
  const response = await shop.app.request(path, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  return {
    status: response.status,
    body: (await response.json()) as Answer['body'],
    replayed: response.headers.get('Idempotency-Replayed') === 'true',
  }
}
