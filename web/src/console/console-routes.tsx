import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { operatorsRoute } from '../frame/routes.tsx'
import { auditSearch } from './audit-search.ts'
import { paymentSearch } from './payment-search.ts'

const payments = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'payments',
  validateSearch: paymentSearch,
  component: lazyRouteComponent(() => import('./payments-page.tsx'), 'PaymentsPage'),
})

const stuck = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'stuck',
  component: lazyRouteComponent(() => import('./stuck-page.tsx'), 'StuckPage'),
})

const audit = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./audit-page.tsx'), 'AuditPage'),
})

export const consoleRoutes = [payments, stuck, audit] as const
