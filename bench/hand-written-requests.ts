import { orderLinesMax, quantityMax } from '../src/money.ts'

export interface OrderRequest {
  customerId: number
  items: { productId: number; productOptionId: number; quantity: number }[]
}

export interface PaymentRequest {
  orderId: number
  couponId: number | null
}

export interface IssueRequest {
  couponId: number
  customerId: number
}

/** Each takes a parsed JSON body and gives back the request, or `undefined` when it is not one. */
export function orderRequest(body: unknown): OrderRequest | undefined {
  if (!isObjectOf(body, ['customerId', 'items'])) return undefined
  const { customerId, items } = body
  if (!isId(customerId) || !Array.isArray(items)) return undefined
  if (items.length < 1 || items.length > orderLinesMax) return undefined
  return items.every(isLine) ? { customerId, items } : undefined
}

export function paymentRequest(body: unknown): PaymentRequest | undefined {
  if (!isObjectOf(body, ['orderId', 'couponId'])) return undefined
  const { orderId, couponId = null } = body
  if (!isId(orderId) || (couponId !== null && !isId(couponId))) return undefined
  return { orderId, couponId }
}

export function issueRequest(body: unknown): IssueRequest | undefined {
  if (!isObjectOf(body, ['couponId', 'customerId'])) return undefined
  const { couponId, customerId } = body
  return isId(couponId) && isId(customerId) ? { couponId, customerId } : undefined
}

function isLine(line: unknown): line is OrderRequest['items'][number] {
  if (!isObjectOf(line, ['productId', 'productOptionId', 'quantity'])) return false
  const { productId, productOptionId, quantity } = line
  return isId(productId) && isId(productOptionId) && isId(quantity) && quantity <= quantityMax
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

function isObjectOf<Field extends string>(
  value: unknown,
  fields: readonly Field[],
): value is Partial<Record<Field, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  for (const name in value) if (!fields.includes(name as Field)) return false
  return true
}
