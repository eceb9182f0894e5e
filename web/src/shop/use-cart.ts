import { useMemo, useSyncExternalStore } from 'react'
import { added, type Cart, type CartLine, cartOf, storedCart, withQuantity } from './cart.ts'

/** The cart of this browser; a change in another tab is seen here too. */
export function useCart() {
  const stored = useSyncExternalStore(storedCart.subscribe, storedCart.text)
  const cart: Cart = useMemo(() => cartOf(stored), [stored])
  return {
    cart,
    add: (line: CartLine) => storedCart.keep(added(cartOf(storedCart.text()), line)),
    setQuantity: (productOptionId: number, quantity: number) =>
      storedCart.keep(withQuantity(cartOf(storedCart.text()), productOptionId, quantity)),
    empty: () => storedCart.keep([]),
  }
}
