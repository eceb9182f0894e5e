import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { consoleRoute } from '../frame/routes.tsx'
import { type PaymentSearch, tabNames } from './payment-search.ts'

/** A payment: for operators any, for customers their own. */
export const paymentRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'payments/$id',
  validateSearch: (search): PaymentSearch => {
    const tab = tabNames.find(name => name === search['tab'])
    const at = Number(search['at'])
    return { ...(tab && { tab }), ...('at' in search && Number.isInteger(at) && { at }) }
  },
  component: lazyRouteComponent(() => import('./payment-page.tsx'), 'PaymentPage'),
})
