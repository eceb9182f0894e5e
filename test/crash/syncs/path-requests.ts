import type { Request } from '../client.ts'
import { options } from '../crash-profile.ts'
import type { CustomerNotes } from '../customer-notes.ts'
import type { Operation } from '../operation.ts'
import type { PathRequest, SagaPath } from './saga-paths.ts'

/** What a customer asks for who follows a path, one request after the other. */
export function pathRequests(path: SagaPath): (notes: CustomerNotes) => Request | undefined {
  return notes => {
    const at = notes.operations
    const request = path.requests[at]
    if (request === undefined) return undefined
    const operation = operationOf(request, notes)
    return { operation, ...(path.keyed !== false && { key: `request-number-${at}-of-a-path` }) }
  }
}

function operationOf(request: PathRequest, { orders, charges }: CustomerNotes): Operation {
  switch (request.type) {
    case 'charge':
      return { type: 'charge', amount: 20_000 + charges.size }
    case 'issueCoupon':
      return { type: 'issueCoupon', couponId: request.couponId }
    case 'order':
      return { type: 'order', items: [itemOf(request.optionId, request.quantity)] }
    case 'pay':
    case 'cancel': {
      const orderId = [...orders.keys()][request.order]
      if (orderId === undefined) throw new Error(`There is no order number ${request.order}`)
      if (request.type === 'cancel') return { type: 'cancel', orderId }
      const { couponId, atOnce = false } = request
      return { type: 'pay', orderId, atOnce, ...(couponId && { couponId }) }
    }
  }
}

function itemOf(optionId: number, quantity: number) {
  const option = options.find(({ productOptionId }) => productOptionId === optionId)
  if (option === undefined) throw new Error(`There is no option ${optionId}`)
  return { ...option, quantity }
}
