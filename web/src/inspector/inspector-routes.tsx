import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { consoleRoute, operatorsRoute } from '../frame/routes.tsx'
import { liveSearchOf } from './live-search.ts'
import { type PaymentSearch, tabNames } from './payment-search.ts'

/** A payment: for operators any, for customers their own. */
export const paymentRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'payments/$id',
  validateSearch: (search): PaymentSearch => {
    const tab = tabNames.find(name => name === search['tab'])
    const at = Number(search['at'])
    return {
      ...(tab && { tab }),
      ...('at' in search && Number.isInteger(at) && { at }),
      ...(typeof search['moment'] === 'string' && { moment: search['moment'] }),
    }
  },
  component: lazyRouteComponent(() => import('./payment-page.tsx'), 'PaymentPage'),
})

/** What happens in the shop, live. */
export const liveRoute = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'inspector',
  validateSearch: liveSearchOf,
  component: lazyRouteComponent(() => import('./live-page.tsx'), 'LivePage'),
})
