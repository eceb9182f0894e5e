import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { RouterRoute } from 'hono/types'
import { HashingOverloaded } from '../actors/customer/hashing-queue.ts'
import { CursorInvalid } from '../actors/questions.ts'
import { Faulted, Unavailable } from '../runtime/faults.ts'
import { CommitRefused, Damaged, ReadFailed } from '../runtime/store.ts'
import { balanceRoutes } from './balance-routes.ts'
import { chartRoutes } from './chart-routes.ts'
import { couponAdministrationRoutes } from './coupon-administration-routes.ts'
import { couponRoutes } from './coupon-routes.ts'
import { creditRoutes } from './credit-routes.ts'
import { crossOrigin } from './cross-origin.ts'
import { customerListRoutes } from './customer-list-routes.ts'
import { customerRoutes } from './customer-routes.ts'
import type { Dependencies } from './dependencies.ts'
import { docsRoutes } from './docs-routes.ts'
import { doorOf } from './door.ts'
import { faultRoutes } from './fault-routes.ts'
import { feedRoutes } from './feed-routes.ts'
import { healthFiguresRoutes } from './health-figures-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { historyRoutes } from './history-routes.ts'
import { inspectionRoutes } from './inspection-routes.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { operatorRoutes } from './operator-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { outboxRoutes } from './outbox-routes.ts'
import { paymentListRoutes } from './payment-list-routes.ts'
import { paymentOperationRoutes } from './payment-operation-routes.ts'
import { paymentRoutes } from './payment-routes.ts'
import { problem } from './problem.ts'
import { productAdministrationRoutes } from './product-administration-routes.ts'
import { productRoutes } from './product-routes.ts'
import { Refused } from './refused.ts'
import { requestIdOf, requestLog } from './request-log.ts'
import { returnRoutes } from './return-routes.ts'
import { searchRoutes } from './search-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { settingsRoutes } from './settings-routes.ts'
import { shopkeepingRoutes } from './shopkeeping-routes.ts'
import { stockRoutes } from './stock-routes.ts'
import { webRoutes } from './web-routes.ts'

/** Everything that is answered over HTTP. Whatever goes wrong leaves as a problem document, here and nowhere else. */
export function createApp(given: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const dependencies: Dependencies = { ...given, authenticate: doorOf(given) }
  const { newId, reportFault, logRequest, settings } = dependencies
  if (logRequest !== undefined) app.use(requestLog(logRequest, newId))

  if (settings.allowedOrigins.length > 0) app.use(crossOrigin(settings.allowedOrigins))

  app.route('/', balanceRoutes(dependencies))
  app.route('/', customerRoutes(dependencies))
  if (given.sessionBook !== undefined) app.route('/', sessionRoutes(dependencies, given.sessionBook))
  app.route('/', productRoutes(dependencies))
  app.route('/', productAdministrationRoutes(dependencies))
  app.route('/', stockRoutes(dependencies))
  app.route('/', orderRoutes(dependencies))
  app.route('/', returnRoutes(dependencies))
  app.route('/', paymentRoutes(dependencies))
  app.route('/', historyRoutes(dependencies))
  app.route('/', couponRoutes(dependencies))
  app.route('/', couponAdministrationRoutes(dependencies))
  app.route('/', paymentListRoutes(dependencies))
  app.route('/', paymentOperationRoutes(dependencies))
  app.route('/', searchRoutes(dependencies))
  app.route('/', operatorRoutes(dependencies))
  app.route('/', outboxRoutes(dependencies))
  app.route('/', feedRoutes(dependencies))
  if (given.inspection !== undefined) app.route('/', inspectionRoutes(dependencies, given.inspection))
  app.route('/', creditRoutes(dependencies))
  app.route('/', healthRoutes(dependencies))
  app.route('/', metricsRoutes(dependencies))
  app.route('/', healthFiguresRoutes(dependencies))
  app.route('/', customerListRoutes(dependencies))
  app.route('/', shopkeepingRoutes(dependencies))
  app.route('/', settingsRoutes(dependencies))
  app.route('/', chartRoutes(dependencies))
  if (given.faultsOnPurpose !== undefined) app.route('/', faultRoutes(dependencies, given.faultsOnPurpose))
  app.route('/', webRoutes())
  app.route(
    '/',
    docsRoutes(dependencies, () =>
      app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'Recoup', version: settings.version } }),
    ),
  )

  app.openAPIRegistry.registerComponent('securitySchemes', 'session', { type: 'http', scheme: 'bearer' })

  app.notFound(c => {
    const allowed = allowedMethods(app, c)
    if (allowed.length === 0) return problem('ROUTE_NOT_FOUND', {})
    return problem('METHOD_NOT_ALLOWED', { allowed }, { Allow: allowed.join(', ') })
  })

  app.onError((error, c) => {
    if (error instanceof Refused) return error.answer()
    if (error instanceof CursorInvalid) {
      return problem('INVALID_ARGUMENT', {
        path: 'cursor',
        reason: 'take it from the Link of a page as it stands',
      })
    }
    if (error instanceof Unavailable || error instanceof ReadFailed || error instanceof CommitRefused) {
      return problem('UNAVAILABLE', {})
    }
    if (error instanceof HashingOverloaded) return problem('OVERLOADED', {})
    if (error instanceof Damaged) {
      reportFault(error, `http/${newId()}`, requestIdOf(c, newId))
      return problem('UNAVAILABLE', { damaged: true })
    }
    const correlationId = error instanceof Faulted ? error.correlationId : `http/${newId()}`
    reportFault(error, correlationId, requestIdOf(c, newId))
    return problem('INTERNAL_SERVER_ERROR', { correlationId })
  })

  return app
}

/** The methods that the path of the request does have. */
function allowedMethods(app: OpenAPIHono, c: Context): string[] {
  const methods = new Set(app.routes.map(route => route.method))
  // What stands before every route is none.
  const isRoute = ([[, { method }]]: [[unknown, RouterRoute], unknown]) => method !== 'ALL'
  const allowed = [...methods].filter(method => app.router.match(method, c.req.path)[0].some(isRoute))
  return allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed
}
