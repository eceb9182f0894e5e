/** What is asked for under one idempotency key, and the one effect that it may have. */
export interface Ask {
  readonly method: 'POST' | 'PATCH'
  readonly path: string
  readonly body: object
  /** As `effectsInDatabase` and `effectsOverHttp` name it. */
  readonly effect: string
}

/**
 * One key and the customer whose key it is; nobody else touches that customer, so every effect can be counted. Some of
 * the duplicates ask for something else under the same key: whichever comes first is the request, the others misuse it.
 */
export interface Intent {
  readonly kind: Kind
  readonly customerId: number
  readonly key: string
  readonly asked: Ask
  readonly other: Ask
  /** What the customer has before. */
  readonly before: readonly string[]
  /** Refused with this code, so that the one answer is a refusal and there is no effect. */
  readonly refusal?: string
}

export type Kind = 'order' | 'pay' | 'pay, refused' | 'charge' | 'issueCoupon' | 'cancel'

const productId = 1
const productOptionId = 11
const couponIds = [301, 302] as const
const unitPrice = 1_000
const chargedAtFirst = 10_000
const chargedToPoor = 10
const charges = [501, 502] as const

/** Every fifth of a hundred. The refused payments are those of customers without money. */
const kinds: readonly Kind[] = ['order', 'pay', 'charge', 'issueCoupon', 'cancel']
const refusedOf = 4

export function kindOf(place: number): Kind {
  const kind = kinds[place % kinds.length] ?? 'order'
  return kind === 'pay' && Math.floor(place / kinds.length) % refusedOf === 0 ? 'pay, refused' : kind
}

export const needsOrders = (kind: Kind): boolean => kind.startsWith('pay') || kind === 'cancel'

/** The shop of a storm: a customer for each place, and enough of everything. */
export function stormProfile(customers: number) {
  return {
    products: [
      {
        id: productId,
        name: 'Umbrella',
        basePrice: unitPrice,
        options: [{ id: productOptionId, optionName: 'Black', extraPrice: 0, stock: 1_000_000_000 }],
      },
    ],
    customers: Array.from({ length: customers }, (_, place) => ({
      id: customerAt(place),
      username: `customer${customerAt(place)}`,
      balance: kindOf(place) === 'pay, refused' ? chargedToPoor : chargedAtFirst,
    })),
    coupons: couponIds.map(id => ({
      id,
      name: `Coupon ${id}`,
      discountType: 'FIXED',
      discountAmount: 1,
      totalQuantity: 1_000_000,
    })),
  }
}

const customerAt = (place: number): number => place + 1

/** The order of one or two units that `asked` and `other` pay or cancel, or that they place. */
export function placing(customerId: number, quantity: 1 | 2): Ask {
  const items = [{ productId, productOptionId, quantity }]
  const body = { customerId, items }
  return { method: 'POST', path: '/orders', body, effect: `order ${quantity * unitPrice}` }
}

/** `orders`: of one unit and of two, placed before, for the kinds that need them. */
export function intentAt(place: number, seed: number, orders: readonly number[] = []): Intent {
  const kind = kindOf(place)
  const customerId = customerAt(place)
  const key = `storm-${seed}-of-customer-${customerId}`
  const prices = [unitPrice, 2 * unitPrice] as const
  const charged = `charge ${kind === 'pay, refused' ? chargedToPoor : chargedAtFirst}`
  const placed = needsOrders(kind) ? prices.map(price => `order ${price}`) : []
  const choose = (ask: (which: 0 | 1) => Ask) => ({
    kind,
    customerId,
    key,
    asked: ask(0),
    other: ask(1),
    before: [charged, ...placed],
    ...(kind === 'pay, refused' && { refusal: 'BALANCE_INSUFFICIENT' }),
  })
  switch (kind) {
    case 'order':
      return choose(which => placing(customerId, which === 0 ? 1 : 2))
    case 'pay':
    case 'pay, refused':
      return choose(which => ({
        method: 'POST',
        path: '/payments',
        body: { orderId: orders[which] },
        effect: `payment ${prices[which]}`,
      }))
    case 'charge':
      return choose(which => ({
        method: 'PATCH',
        path: '/balances/charge',
        body: { customerId, amount: charges[which] },
        effect: `charge ${charges[which]}`,
      }))
    case 'issueCoupon':
      return choose(which => ({
        method: 'POST',
        path: '/coupons/issue',
        body: { couponId: couponIds[which], customerId },
        effect: `coupon ${couponIds[which]}`,
      }))
    case 'cancel':
      return choose(which => ({
        method: 'POST',
        path: `/orders/${orders[which]}/cancel`,
        body: {},
        effect: `cancelled ${prices[which]}`,
      }))
  }
}
