import type { Context } from 'hono'
import { Refused } from './refused.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses what a page of another origin makes a browser send, so that it cannot act with the cookies or the network
 * place of whoever looks at it. Browsers name the page in Origin and its relation to us in Sec-Fetch-Site, and a page can
 * alter neither; whatever sends neither is no browser. A page of the same site but another origin is foreign as well: a
 * forgotten subdomain is none of ours. Throws `Refused` with FORBIDDEN.
 */
export function refuseForeignPage(c: Context, allowedOrigins: readonly string[]): void {
  if (!safeMethods.has(c.req.method)) refuseForeignOrigin(c, allowedOrigins)
}

/** The same where reading is enough to do harm: a page may read a WebSocket of any origin. */
export function refuseForeignOrigin(c: Context, allowedOrigins: readonly string[]): void {
  const origin = c.req.header('origin')
  if (origin !== undefined && allowedOrigins.includes(origin)) return
  const site = c.req.header('sec-fetch-site')
  const isOwn = site === undefined || site === 'same-origin' || site === 'none'
  if (!isOwn || (origin !== undefined && hostOf(origin) !== hostOf(c.req.url))) {
    throw new Refused('FORBIDDEN', { foreignPage: true })
  }
}

/** Without the scheme: behind a proxy that ends TLS, ours is not what the browser sees. Of `null` there is none. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined
}
