import { addressOf } from '../runtime/envelope.ts'
import { Damaged, type JournalEntry } from '../runtime/store.ts'
import type { OperatedPayment } from './operator-questions.ts'
import type { Questions } from './questions.ts'

export const hitKinds = ['payment', 'order', 'customer', 'coupon', 'product', 'option', 'request'] as const

/** Something that what was typed may mean. */
export interface SearchHit {
  readonly kind: (typeof hitKinds)[number]
  /** Its number; of a request the name of its actor. */
  readonly id: string
  /** What it is called, or the state it is in. */
  readonly label: string
  /** Payments it leads to: its own, or those of a customer; null where payments are not told apart by it. */
  readonly payments: number | null
  /** The one payment it leads to. */
  readonly paymentId: number | null
}

/** Where what somebody typed may be found. */
export interface SearchRows {
  /** Those whose username begins so, however it is written. */
  customersCalled(text: string, limit: number): readonly number[]
  newestCustomers(limit: number): readonly number[]
  /** How many payments the orders of a customer have. */
  paymentsOf(customerId: number): number
  /** Newest first. */
  ordersOfCustomer(customerId: number, limit: number): readonly number[]
  productOfOption(productOptionId: number): { productId: number; optionName: string } | undefined
}

interface Needed {
  readonly searchRows: SearchRows
  readonly questions: Pick<Questions, 'account' | 'coupon' | 'listedProduct' | 'order' | 'products'>
  payment(paymentId: number): OperatedPayment | undefined
  journal(saga: string): readonly JournalEntry[]
}

const namesMax = 10
/** So many orders of a customer are looked through for what asked for them. */
const ordersMax = 200

/** Finds what an id, a name or a request may mean. */
export function searchShop({ searchRows, questions, payment, journal }: Needed) {
  function ofPayment(id: number): SearchHit[] {
    const found = payment(id)
    if (found !== undefined) {
      return [{ kind: 'payment', id: `${id}`, label: found.status, payments: 1, paymentId: id }]
    }
    const order = questions.order(id)
    return order === undefined
      ? []
      : [{ kind: 'order', id: `${id}`, label: order.status, payments: 0, paymentId: null }]
  }

  function ofCustomer(id: number): SearchHit[] {
    const account = questions.account(id)
    if (account === undefined) return []
    const payments = searchRows.paymentsOf(id)
    return [{ kind: 'customer', id: `${id}`, label: account.username, payments, paymentId: null }]
  }

  function ofCoupon(id: number): SearchHit[] {
    const coupon = questions.coupon(id)
    return coupon === undefined ? [] : [named('coupon', id, coupon.name)]
  }

  function ofProduct(id: number): SearchHit[] {
    const product = questions.listedProduct(id)
    return product === undefined ? [] : [named('product', id, product.name)]
  }

  function ofOption(id: number): SearchHit[] {
    const option = searchRows.productOfOption(id)
    if (option === undefined) return []
    const product = questions.listedProduct(option.productId)
    return [named('option', id, `${product?.name ?? option.productId} / ${option.optionName}`)]
  }

  /** The payment of a customer that a request was about, by what its saga was told. */
  function paymentAskedBy(customerId: number, request: string): number | null {
    const asked = searchRows
      .ordersOfCustomer(customerId, ordersMax)
      .find(orderId => mentions(() => journal(addressOf('order', orderId)), request))
    return asked ?? null
  }

  return {
    /** Everything that has this number, or a name that goes like this; the likeliest first. */
    search(text: string): readonly SearchHit[] {
      const names = [
        ...searchRows.customersCalled(text, namesMax).flatMap(ofCustomer),
        ...questions
          .products(text, { limit: namesMax })
          .items.map(({ id, name }) => named('product', id, name)),
      ]
      const id = Number(text)
      if (!/^[1-9]\d{0,15}$/.test(text) || !Number.isSafeInteger(id)) return names
      return [...[ofPayment, ofCustomer, ofCoupon, ofProduct, ofOption].flatMap(of => of(id)), ...names]
    },

    /** Those who may have sent a request, the newest first. */
    newestCustomers: (limit: number): readonly number[] => searchRows.newestCustomers(limit),

    /** A request, by the name of its actor and the payment that it says itself it is about. */
    requestHit(
      scope: string,
      route: string,
      customerId: number | undefined,
      told: number | undefined,
    ): SearchHit {
      const known = told !== undefined && payment(told) !== undefined ? told : null
      const paymentId =
        known ?? (customerId === undefined ? null : paymentAskedBy(customerId, addressOf('request', scope)))
      return { kind: 'request', id: scope, label: route, payments: paymentId === null ? 0 : 1, paymentId }
    },
  }
}

function named(kind: SearchHit['kind'], id: number, label: string): SearchHit {
  return { kind, id: `${id}`, label, payments: null, paymentId: null }
}

function mentions(read: () => readonly JournalEntry[], request: string): boolean {
  try {
    return read().some(({ actor, from }) => from === request || actor === request)
  } catch (error) {
    if (error instanceof Damaged) return false
    throw error
  }
}
