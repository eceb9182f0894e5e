import type { OrderStatus } from '../../src/actors/order/order-messages.ts'

/** What came back, with its body read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** The fields that scenarios go on with; whatever else a body holds is compared as a whole. */
interface Body {
  readonly orderId: number
  readonly status: OrderStatus
  readonly code: string
}

interface Request {
  readonly method: string
  readonly headers: Header
  readonly body?: string
}

export type Send = (path: string, request: Request) => Response | Promise<Response>

type Header = Readonly<Record<string, string>>

/** A customer's side of the HTTP contract; `send` goes over a socket or straight into the app. */
export function clientOf(send: Send) {
  async function request(
    method: string,
    path: string,
    body?: unknown,
    headers: Header = {},
  ): Promise<Answer> {
    const response = await send(path, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
  }

  return {
    request,
    get: (path: string) => request('GET', path),
    charge: (customerId: number, amount: number) =>
      request('PATCH', '/balances/charge', { customerId, amount }),
    placeOrder: (customerId: number, items: readonly OrderLine[]) =>
      request('POST', '/orders', { customerId, items }),
    pay: (orderId: number, couponId: number | null = null, headers?: Header) =>
      request('POST', '/payments', couponId === null ? { orderId } : { orderId, couponId }, headers),
    returnItems: (
      orderId: number,
      items?: readonly { productOptionId: number; quantity: number }[],
      headers: Header = { 'Idempotency-Key': `a-return-of-${orderId}` },
    ) => request('POST', `/orders/${orderId}/returns`, items === undefined ? {} : { items }, headers),
    cancel: (orderId: number) => request('POST', `/orders/${orderId}/cancel`, {}),
    issueCoupon: (couponId: number, customerId: number) =>
      request('POST', '/coupons/issue', { couponId, customerId }),
  }
}

export type Client = ReturnType<typeof clientOf>

export interface OrderLine {
  productId: number
  productOptionId: number
  quantity: number
}

/** One line of an order in the demo shop, where an option's number begins with its product's. */
export function line(productOptionId: number, quantity = 1): OrderLine {
  return { productId: Math.floor(productOptionId / 10), productOptionId, quantity }
}
