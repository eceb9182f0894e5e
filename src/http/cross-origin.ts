import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'

/**
 * Lets pages of these origins, and of no other, read answers in a browser, with whatever their visitor is logged in by.
 * Only added where there are any: it costs every answer something.
 */
export function crossOrigin(allowedOrigins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: [...allowedOrigins],
    credentials: true,
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Prefer'],
    exposeHeaders: ['Idempotency-Replayed', 'Link', 'Location', 'Retry-After'],
    maxAge: 600,
  })
}
