import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../frame/routes.tsx'

/** The demo shop: pages for customers, at `/shop`. */
const shopRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/shop',
  component: lazyRouteComponent(() => import('./shop-frame.tsx'), 'ShopFrame'),
})

const productsRoute = createRoute({
  getParentRoute: () => shopRoute,
  path: '/',
  validateSearch: ({ q }: { q?: unknown }): { q?: string } =>
    q === undefined || q === '' ? {} : { q: String(q).slice(0, 100) },
  component: lazyRouteComponent(() => import('./products-page.tsx'), 'ProductsPage'),
})

const productRoute = createRoute({
  getParentRoute: () => shopRoute,
  path: 'products/$id',
  component: lazyRouteComponent(() => import('./product-page.tsx'), 'ProductPage'),
})

const cartRoute = createRoute({
  getParentRoute: () => shopRoute,
  path: 'cart',
  component: lazyRouteComponent(() => import('./cart-page.tsx'), 'CartPage'),
})

const ordersRoute = createRoute({
  getParentRoute: () => shopRoute,
  path: 'orders',
  component: lazyRouteComponent(() => import('./orders-page.tsx'), 'OrdersPage'),
})

const orderRoute = createRoute({
  getParentRoute: () => shopRoute,
  path: 'orders/$id',
  component: lazyRouteComponent(() => import('./order-page.tsx'), 'OrderPage'),
})

const accountRoute = createRoute({
  getParentRoute: () => shopRoute,
  path: 'account',
  component: lazyRouteComponent(() => import('./account-page.tsx'), 'AccountPage'),
})

export const shopRoutes = shopRoute.addChildren([
  productsRoute,
  productRoute,
  cartRoute,
  ordersRoute,
  orderRoute,
  accountRoute,
])
