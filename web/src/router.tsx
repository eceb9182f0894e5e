import { createRouter } from '@tanstack/react-router'
import { consoleRoutes } from './console/console-routes.tsx'
import { consoleRoute, operatorsRoute, rootRoute } from './frame/routes.tsx'
import { liveRoute, paymentRoute } from './inspector/inspector-routes.tsx'
import { shopRoutes } from './shop/shop-routes.tsx'
import { shopkeepingRoutes } from './shopkeeping/shopkeeping-routes.tsx'

/** Every page has a URL. Each room says its own pages in `<room>-routes.tsx`; they are loaded when they are first looked at. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    consoleRoute.addChildren([
      paymentRoute,
      operatorsRoute.addChildren([liveRoute, ...consoleRoutes, ...shopkeepingRoutes]),
    ]),
    shopRoutes,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
