import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { operatorsRoute } from '../frame/routes.tsx'

const overview = createRoute({
  getParentRoute: () => operatorsRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./overview-page.tsx'), 'OverviewPage'),
})

export const shopkeepingRoutes = [overview] as const
