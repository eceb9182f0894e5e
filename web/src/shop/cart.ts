/*
 * What a visitor means to buy: in this browser alone, by option. Prices and stock are the shop's and are asked when the
 * cart is looked at; a cart never says what something costs.
 */

export interface CartLine {
  readonly productId: number
  readonly productOptionId: number
  readonly quantity: number
}

export type Cart = readonly CartLine[]

/** As many of one option as an order may hold here. */
export const quantityMax = 99

const storedAs = 'recoup-cart'

/** With so many more of an option. */
export function added(cart: Cart, line: CartLine): Cart {
  const there = cart.find(({ productOptionId }) => productOptionId === line.productOptionId)
  if (there === undefined) return [...cart, { ...line, quantity: within(line.quantity) }]
  return withQuantity(cart, line.productOptionId, there.quantity + line.quantity)
}

/** With exactly so many of an option; none takes it out. */
export function withQuantity(cart: Cart, productOptionId: number, quantity: number): Cart {
  if (quantity < 1) return cart.filter(line => line.productOptionId !== productOptionId)
  return cart.map(line =>
    line.productOptionId === productOptionId ? { ...line, quantity: within(quantity) } : line,
  )
}

export function unitsIn(cart: Cart): number {
  return cart.reduce((units, { quantity }) => units + quantity, 0)
}

/** A cart as it was stored; whatever is no cart is an empty one. */
export function cartOf(stored: string | null): Cart {
  let value: unknown
  try {
    value = JSON.parse(stored ?? '[]')
  } catch {
    return []
  }
  if (!Array.isArray(value)) return []
  return value.flatMap((line: Partial<CartLine> | null) => {
    const { productId, productOptionId, quantity } = line ?? {}
    const isLine = [productId, productOptionId, quantity].every(
      part => Number.isSafeInteger(part) && Number(part) > 0,
    )
    return isLine ? [{ productId, productOptionId, quantity: within(Number(quantity)) } as CartLine] : []
  })
}

const listeners = new Set<() => void>()

/** The cart of this browser, for all its tabs. */
export const storedCart = {
  text: () => localStorage.getItem(storedAs),
  keep(cart: Cart): void {
    localStorage.setItem(storedAs, JSON.stringify(cart))
    for (const listener of listeners) listener()
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    addEventListener('storage', listener)
    return () => {
      listeners.delete(listener)
      removeEventListener('storage', listener)
    }
  },
}

function within(quantity: number): number {
  return Math.min(Math.max(Math.trunc(quantity), 1), quantityMax)
}
