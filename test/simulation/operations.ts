import type { Random } from '../crash/random.ts'
import { type Asked, type ClientNotes, describe } from './client-notes.ts'
import type { Intent, OrderedItem } from './client-request.ts'
import type { World } from './world.ts'

/** What a client does next. */
export type Operation = { readonly kind: string; readonly sentence: string } & (
  | { readonly type: 'send'; readonly tries: readonly { readonly asked: Asked; readonly atOnce: boolean }[] }
  | { readonly type: 'expire' | 'question' }
  | RefusedOperation
  | { readonly type: 'payUnknown'; readonly orderId: number }
  | { readonly type: 'help'; readonly paymentId: number; readonly command: OperatorCommand }
)

/** What an operator may tell a payment. */
const operatorCommands = ['RetryStep', 'SkipStep', 'CompensatePayment'] as const
export type OperatorCommand = (typeof operatorCommands)[number]

/** A request that the door refuses by itself, with `code`. */
export interface RefusedOperation {
  readonly type: 'refused'
  readonly method: string
  readonly path: string
  readonly body: object
  readonly code: string
  readonly key?: string | undefined
  readonly customerId?: number
}

export interface Operations {
  readonly notes: ClientNotes
  readonly world: World
  /** Of the operation. */
  number: number
}

/** Kinds of operations, and how often each is wanted; out of the sum of all. */
const wanted = {
  order: 20,
  pay: 26,
  'pay twice': 5,
  'pay and cancel at once': 4,
  cancel: 6,
  return: 9,
  'return twice': 3,
  issue: 8,
  charge: 8,
  restock: 3,
  'retry with its key': 10,
  'retry without a key': 4,
  'other request under a used key': 2,
  question: 9,
  'request that the door refuses': 3,
  'payment of no order': 1,
  'operator helps': 6,
  expire: 1,
} as const

export type OperationKind = keyof typeof wanted
export const operationKinds = Object.keys(wanted) as OperationKind[]

const wantedSum = Object.values(wanted).reduce((sum, often) => sum + often, 0)
const recentMax = 8

export function chooseOperation(operations: Operations, random: Random): Operation {
  let place = random.below(wantedSum)
  for (const kind of operationKinds) {
    place -= wanted[kind]
    if (place < 0) return operationOf(kind, operations, random) ?? chargeOf(operations, random)
  }
  throw new Error('There is no such kind of operation')
}

function operationOf(kind: OperationKind, operations: Operations, random: Random): Operation | undefined {
  const { notes, world, number } = operations
  const customerId = 1 + random.below(world.customers.length)
  const keyed = (percent = 50) => (random.chance(percent) ? `history-request-${number}` : undefined)
  switch (kind) {
    case 'order':
      return asking(kind, notes.ask({ type: 'order', customerId, items: itemsOf(world, random) }, keyed()))
    case 'pay': {
      const intent = paymentOf(operations, random)
      return intent && asking(kind, notes.ask(intent, keyed()), random.chance(15))
    }
    case 'pay twice': {
      const intent = paymentOf(operations, random)
      if (intent === undefined) return undefined
      const asked = notes.ask(intent, keyed(40))
      return asking(kind, [asked, asked.key === undefined ? notes.ask(intent, undefined) : asked])
    }
    case 'pay and cancel at once': {
      const intent = paymentOf(operations, random)
      if (intent?.type !== 'pay') return undefined
      const { customerId: whose, orderId } = intent
      const cancelled = notes.ask({ type: 'cancel', customerId: whose, orderId }, undefined)
      return asking(kind, [notes.ask(intent, undefined), cancelled])
    }
    case 'cancel': {
      const order = random.chance(60)
        ? (orderBeingPaid(notes) ?? knownOrder(notes, random))
        : knownOrder(notes, random)
      if (order === undefined) return undefined
      const { orderId, customerId: whose } = order
      return asking(
        kind,
        notes.ask({ type: 'cancel', customerId: whose, orderId }, keyed()),
        random.chance(15),
      )
    }
    case 'return': {
      const intent = returnOf(notes, random)
      return intent && asking(kind, notes.ask(intent, `history-request-${number}`), random.chance(15))
    }
    case 'return twice': {
      const intent = returnOf(notes, random)
      if (intent === undefined) return undefined
      const asked = notes.ask(intent, `history-request-${number}`)
      // The same again, or another one while the first runs.
      const second = random.chance(40) ? asked : notes.ask(intent, `history-request-${number}-again`)
      return asking(kind, [asked, second])
    }
    case 'issue': {
      const couponId = 201 + random.below(world.coupons.length)
      return asking(kind, notes.ask({ type: 'issue', customerId, couponId }, keyed()))
    }
    case 'charge':
      return chargeOf(operations, random)
    case 'restock': {
      const options = world.products.flatMap(product => product.options)
      const productOptionId = options[random.below(options.length)]?.id ?? 0
      return asking(
        kind,
        notes.ask({ type: 'restock', productOptionId, quantity: 1 + random.below(20) }, undefined),
      )
    }
    case 'retry with its key': {
      const asked = recent(notes, random, ({ key }) => key !== undefined)
      return asked && asking(kind, asked, random.chance(10))
    }
    case 'retry without a key': {
      const asked = recent(notes, random, ({ key, intent }) => key === undefined && intent.type !== 'restock')
      return asked && asking(kind, asked)
    }
    case 'other request under a used key': {
      const asked = recent(notes, random, ({ key, first }) => key !== undefined && first !== undefined)
      return asked && otherUnderKey(kind, asked)
    }
    case 'question':
      return { kind, type: 'question', sentence: 'asks a question' }
    case 'request that the door refuses':
      return refusedAtTheDoor(kind, customerId, random)
    case 'payment of no order':
      return {
        kind,
        type: 'payUnknown',
        orderId: 1 + random.below(5),
        sentence: 'pays an order that there is not',
      }
    case 'operator helps': {
      // One that was asked for lately, and so may be on its way.
      const payment = notes.asked.findLast(({ intent }) => intent.type === 'pay' && random.chance(60))?.intent
      if (payment?.type !== 'pay') return undefined
      const command = operatorCommands[random.below(operatorCommands.length)] ?? 'RetryStep'
      const sentence = `an operator: ${command} of payment ${payment.orderId}`
      return { kind, type: 'help', paymentId: payment.orderId, command, sentence }
    }
    case 'expire':
      return { kind, type: 'expire', sentence: 'waits until every order that is not paid expires' }
  }
}

function asking(kind: OperationKind, asked: Asked | readonly Asked[], atOnce = false): Operation {
  const all = 'intent' in asked ? [asked] : asked
  const [{ intent, key } = { intent: undefined, key: undefined }] = all
  const sentence = `${kind}: ${intent && describe(intent)}${key === undefined ? '' : ` under ${key}`}${atOnce ? ', not waiting' : ''}`
  return { kind, type: 'send', tries: all.map(each => ({ asked: each, atOnce })), sentence }
}

function chargeOf({ notes, world, number }: Operations, random: Random): Operation {
  const customerId = 1 + random.below(world.customers.length)
  // No two are alike, so that each can be found again.
  const amount = 200_000 + number * 1_000 + random.below(1_000)
  const key = random.chance(50) ? `history-request-${number}` : undefined
  return asking('charge', notes.ask({ type: 'charge', customerId, amount }, key))
}

function itemsOf({ products }: World, random: Random): OrderedItem[] {
  return Array.from({ length: 1 + random.below(random.chance(30) ? 4 : 2) }, () => {
    const product = products[random.below(products.length)]
    const option = product?.options[random.below(product.options.length)]
    return {
      productId: product?.id ?? 0,
      productOptionId: option?.id ?? 0,
      quantity: 1 + random.below(random.chance(80) ? 3 : 40),
    }
  })
}

/** An order that a customer was told of; mostly one of the last. */
function knownOrder(notes: ClientNotes, random: Random): { customerId: number; orderId: number } | undefined {
  const known = notes.asked.flatMap(({ intent, receipts }) =>
    intent.type === 'order'
      ? receipts.map(body => ({ customerId: intent.customerId, orderId: Number(body['orderId']) }))
      : [],
  )
  const from = random.chance(80) ? Math.max(0, known.length - recentMax) : 0
  return known[from + random.below(Math.max(known.length - from, 1))]
}

/** The order whose payment nobody has been told the end of, the last of them. */
function orderBeingPaid(notes: ClientNotes) {
  const isOpen = ({ intent, open, accepted }: Asked) => intent.type === 'pay' && (open > 0 || accepted > 0)
  const intent = notes.asked.findLast(isOpen)?.intent
  return intent?.type === 'pay' ? intent : undefined
}

/** A payment, often of an order that could not be paid a moment ago: so attempts meet what is left of those before. */
function paymentOf({ notes, world }: Operations, random: Random): Intent | undefined {
  const known = knownOrder(notes, random)
  const failed = notes.asked.findLast(
    ({ intent, refused, done }) => intent.type === 'pay' && refused > 0 && done === 0,
  )
  const order = random.chance(20) && failed?.intent.type === 'pay' ? failed.intent : known
  if (order === undefined) return undefined
  const issued = notes.asked.flatMap(({ intent, done }) =>
    intent.type === 'issue' && intent.customerId === order.customerId && done > 0 ? [intent.couponId] : [],
  )
  const chance = random.below(100)
  const owned = issued[random.below(Math.max(issued.length, 1))] ?? null
  const couponId = chance < 60 ? owned : chance < 68 ? 201 + random.below(world.coupons.length) : null
  return { type: 'pay', customerId: order.customerId, orderId: order.orderId, couponId }
}

/** A return of some of an order or of all of it, mostly of one that was paid; now and then of more than there is. */
function returnOf(notes: ClientNotes, random: Random): Intent | undefined {
  const paid = notes.asked
    .filter(({ intent, done, accepted }) => intent.type === 'pay' && done + accepted > 0)
    .slice(-recentMax)
  const chosen = paid[random.below(Math.max(paid.length, 1))]?.intent
  const order = chosen?.type === 'pay' && random.chance(85) ? chosen : knownOrder(notes, random)
  if (order === undefined) return undefined
  const { customerId, orderId } = order
  const placed = notes.asked.find(({ receipts }) =>
    receipts.some(body => body['orderId'] === orderId),
  )?.intent
  const lines = placed?.type === 'order' ? placed.items : []
  const line = lines[random.below(Math.max(lines.length, 1))]
  if (line === undefined || random.chance(35)) return { type: 'return', customerId, orderId, items: null }
  const { productOptionId, quantity } = line
  const units = 1 + random.below(random.chance(70) ? Math.min(quantity, 2) : quantity + 1)
  return { type: 'return', customerId, orderId, items: [{ productOptionId, quantity: units }] }
}

function recent(notes: ClientNotes, random: Random, fits: (asked: Asked) => boolean): Asked | undefined {
  const fitting = notes.asked.filter(fits).slice(-recentMax)
  return fitting[random.below(Math.max(fitting.length, 1))]
}

function otherUnderKey(kind: OperationKind, { intent, key }: Asked): Operation | undefined {
  const reused = {
    kind,
    type: 'refused',
    code: 'IDEMPOTENCY_KEY_REUSED',
    key,
    sentence: `${kind}: ${key}`,
  } as const
  switch (intent.type) {
    case 'charge': {
      const { customerId, amount } = intent
      const body = { customerId, amount: amount + 1 }
      return { ...reused, method: 'PATCH', path: '/balances/charge', body, customerId }
    }
    case 'pay': {
      const { orderId, customerId } = intent
      return { ...reused, method: 'POST', path: '/payments', body: { orderId, couponId: 999 }, customerId }
    }
    case 'return': {
      const { orderId, customerId } = intent
      const body = { items: [{ productOptionId: 1, quantity: 1 }] }
      return { ...reused, method: 'POST', path: `/orders/${orderId}/returns`, body, customerId }
    }
    case 'order': {
      const { customerId, items } = intent
      return {
        ...reused,
        method: 'POST',
        path: '/orders',
        body: { customerId, items: [...items, ...items] },
        customerId,
      }
    }
    default:
      return undefined
  }
}

function refusedAtTheDoor(kind: OperationKind, customerId: number, random: Random): Operation {
  const requests = [
    {
      method: 'PATCH',
      path: '/balances/charge',
      body: { customerId, amount: 0 },
      code: 'BALANCE_INVALID_AMOUNT',
    },
    { method: 'POST', path: '/payments', body: { orderId: 5 }, code: 'ORDER_NOT_FOUND' },
    { method: 'POST', path: '/orders', body: { customerId, items: [] }, code: 'ORDER_ITEM_EMPTY' },
    { method: 'POST', path: '/coupons/issue', body: { customerId, couponId: 9 }, code: 'COUPON_NOT_FOUND' },
    { method: 'POST', path: '/orders/5/cancel', body: {}, code: 'ORDER_NOT_FOUND' },
    { method: 'POST', path: '/orders/5/returns', body: {}, code: 'IDEMPOTENCY_KEY_REQUIRED' },
    { method: 'POST', path: '/orders', body: { customerId, prices: 1 }, code: 'INVALID_ARGUMENT' },
  ] as const
  const chosen = requests[random.below(requests.length)] ?? requests[0]
  return { kind, type: 'refused', ...chosen, sentence: `${kind}: ${chosen.method} ${chosen.path}` }
}
