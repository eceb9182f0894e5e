import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { operatorsRoute } from '../frame/routes.tsx'
import {
  couponsSearch,
  customerSearch,
  customersSearch,
  productSearch,
  productsSearch,
} from './shopkeeping-search.ts'

const overview = createRoute({
  getParentRoute: () => operatorsRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./overview-page.tsx'), 'OverviewPage'),
})

const products = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'products',
  validateSearch: productsSearch,
  component: lazyRouteComponent(() => import('./products-page.tsx'), 'ProductsPage'),
})

const product = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'products/$id',
  validateSearch: productSearch,
  component: lazyRouteComponent(() => import('./product-page.tsx'), 'ProductPage'),
})

const coupons = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'coupons',
  validateSearch: couponsSearch,
  component: lazyRouteComponent(() => import('./coupons-page.tsx'), 'CouponsPage'),
})

const customers = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'customers',
  validateSearch: customersSearch,
  component: lazyRouteComponent(() => import('./customers-page.tsx'), 'CustomersPage'),
})

const customer = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'customers/$id',
  validateSearch: customerSearch,
  component: lazyRouteComponent(() => import('./customer-page.tsx'), 'CustomerPage'),
})

const outbox = createRoute({
  getParentRoute: () => operatorsRoute,
  path: 'outbox',
  component: lazyRouteComponent(() => import('./outbox-page.tsx'), 'OutboxPage'),
})

export const shopkeepingRoutes = [overview, products, product, coupons, customers, customer, outbox] as const
