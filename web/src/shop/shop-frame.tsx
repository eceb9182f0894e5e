import { Link, Outlet } from '@tanstack/react-router'
import { useText } from '../frame/language.tsx'
import { Mark } from '../frame/mark.tsx'
import { VisitorBar } from '../frame/visitor-bar.tsx'
import { unitsIn } from './cart.ts'
import { text } from './text.ts'
import { useCart } from './use-cart.ts'

const link =
  'rounded-lg px-3 py-1.5 text-sm font-medium text-muted hover:bg-paper hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent'

/** The frame of the demo shop: what is for sale, one's orders, the cart. */
export function ShopFrame() {
  const words = useText(text)
  const units = unitsIn(useCart().cart)
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded-lg focus:bg-sheet focus:p-2"
      >
        {words.skip}
      </a>
      <header className="border-b border-line bg-sheet">
        <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center gap-x-1 gap-y-2 px-3 py-3 sm:gap-x-4 sm:px-6">
          <Link to="/shop" aria-label="Recoup" className="mr-auto sm:mr-0">
            <Mark />
          </Link>
          <nav aria-label={words.navigation} className="order-last w-full sm:order-none sm:mr-auto sm:w-auto">
            <ul className="flex flex-wrap gap-1">
              <li>
                <Link to="/shop" activeOptions={{ exact: true, includeSearch: false }} className={link}>
                  {words.shop}
                </Link>
              </li>
              <li>
                <Link to="/shop/orders" className={link}>
                  {words.orders}
                </Link>
              </li>
              <li>
                <Link to="/shop/account" className={link}>
                  {words.account}
                </Link>
              </li>
              <li>
                <Link to="/shop/cart" className={link}>
                  {words.cart}
                  {units > 0 && (
                    <span
                      data-cart-units={units}
                      className="ml-1.5 rounded-full bg-accent px-1.5 py-0.5 text-xs font-bold text-on-accent"
                    >
                      {units}
                      <span className="sr-only"> {words.unitsInIt(units)}</span>
                    </span>
                  )}
                </Link>
              </li>
            </ul>
          </nav>
          <VisitorBar />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
        <Outlet />
      </main>
      <footer className="border-t border-line">
        <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center justify-between gap-2 px-4 py-4 text-sm text-muted sm:px-6">
          <p>{words.footer}</p>
          <Link to="/console" className="font-medium text-accent underline-offset-4 hover:underline">
            {words.console} →
          </Link>
        </div>
      </footer>
    </div>
  )
}
