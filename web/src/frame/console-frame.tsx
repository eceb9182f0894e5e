import { Link, Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { useText } from './language.tsx'
import { Mark } from './mark.tsx'
import { isOperator, useMe } from './settings.ts'
import { text } from './text.ts'
import { VisitorBar } from './visitor-bar.tsx'

const pages = [
  ['/console', 'overview'],
  ['/console/inspector', 'inspector'],
  ['/console/payments', 'payments'],
  ['/console/stuck', 'stuck'],
  ['/console/products', 'products'],
  ['/console/coupons', 'coupons'],
  ['/console/customers', 'customers'],
  ['/console/outbox', 'outbox'],
  ['/console/audit', 'audit'],
] as const

/** The frame of inspector and console: where one can go on the left, on a phone behind a button. */
export function ConsoleFrame() {
  const words = useText(text)
  const me = useMe()
  const [open, setOpen] = useState(false)
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[14rem_1fr]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded-lg focus:bg-sheet focus:p-2"
      >
        {words.skip}
      </a>
      <header className="border-b border-line bg-sheet px-4 py-3 lg:sticky lg:top-0 lg:h-dvh lg:border-r lg:border-b-0 lg:px-3">
        <div className="flex items-center justify-between lg:px-2 lg:pb-4">
          <Link to="/console" aria-label="Recoup">
            <Mark />
          </Link>
          <Button
            className="lg:hidden"
            aria-expanded={open}
            aria-controls="pages"
            onClick={() => setOpen(!open)}
          >
            {words.menu}
          </Button>
        </div>
        <div id="pages" className={`${open ? 'block' : 'hidden'} pt-3 lg:block lg:pt-0`}>
          {isOperator(me) && (
            <nav aria-label={words.navigation}>
              <ul className="space-y-0.5">
                {pages.map(([to, name]) => (
                  <li key={to}>
                    <Link
                      to={to}
                      activeOptions={{ exact: to === '/console', includeSearch: false }}
                      onClick={() => setOpen(false)}
                      className="block rounded-lg px-3 py-1.5 text-sm font-medium text-muted hover:bg-paper hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent"
                    >
                      {words[name]}
                    </Link>
                  </li>
                ))}
              </ul>
            </nav>
          )}
          <div className="mt-4 space-y-2 border-t border-line pt-3">
            <Link
              to="/shop"
              className="block rounded-lg px-3 py-1.5 text-sm font-medium text-accent hover:bg-paper"
            >
              {words.shop} ↗
            </Link>
            <VisitorBar />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="min-w-0 outline-none">
        <Outlet />
      </main>
    </div>
  )
}
