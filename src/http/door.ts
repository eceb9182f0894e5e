import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { Access, Authenticate, Caller } from './access.ts'
import { clientAddress, clientNetwork } from './client-address.ts'
import type { Dependencies } from './dependencies.ts'
import { refuseForeignPage } from './foreign-page.ts'
import { notingDenials } from './noting-denials.ts'
import { type RateLimiter, rateOf } from './rate-limits.ts'
import { Refused } from './refused.ts'

/**
 * What every request passes before anything of it but its headers is read: whether a foreign page made it, who calls, and
 * how often. Every route asks `authenticate` first, so it stands in its place and no route can go round it.
 */
export function doorOf(dependencies: Dependencies): Authenticate {
  const { rateLimiter, settings } = dependencies
  const authenticate = notingDenials(dependencies)
  const { allowedOrigins, trustedProxies } = settings
  if (rateLimiter === undefined) {
    return (c, access) => {
      refuseForeignPage(c, allowedOrigins)
      return authenticate(c, access)
    }
  }
  return async (c, access) => {
    refuseForeignPage(c, allowedOrigins)
    const caller = await authenticate(c, access)
    await refuseTooMany(rateLimiter, c, access, caller, () => clientAddress(c, trustedProxies))
    return caller
  }
}

/** Counts by customer, and by address those who are nobody yet. Throws `Refused` with RATE_LIMITED. */
async function refuseTooMany(
  rateLimiter: RateLimiter,
  c: Context,
  access: Access,
  { customerId }: Caller,
  address: () => string,
): Promise<void> {
  const route = `${c.req.method === 'HEAD' ? 'GET' : c.req.method} ${routePath(c)}`
  const rate = rateOf(route, access)
  if (rate === undefined) return
  const caller = customerId ?? clientNetwork(address())
  const waitMs = await rateLimiter.take(`${route} ${caller}`, rate)
  if (waitMs === 0) return
  const retryAfterS = Math.ceil(waitMs / 1_000)
  throw new Refused('RATE_LIMITED', { retryAfterS }, { 'Retry-After': String(retryAfterS) })
}
