import type { Access } from './access.ts'

/** So many uses in so long a time. They may come all at once; then one more is due every `perMs / uses`. */
export interface Rate {
  readonly uses: number
  readonly perMs: number
}

/** Counts what callers do. The counts may be kept in this process or be shared by several. */
export interface RateLimiter {
  /**
   * Counts one use by `key`, which never goes with another rate. The time until it may be used again in milliseconds
   * when this was one too many, and then it is not counted; else 0.
   */
  take(key: string, rate: Rate): number | Promise<number>
}

const minuteMs = 60_000

const rates = {
  /** Whoever fills a shop with customers, or hashes passwords here, comes from few addresses. */
  signUp: { uses: 20, perMs: 60 * minuteMs },
  /** Beside what slows down wrong passwords. */
  logIn: { uses: 30, perMs: minuteMs },
  /** A crowd that wants coupons is many customers; one customer needs each of them once. */
  coupon: { uses: 20, perMs: minuteMs },
  command: { uses: 60, perMs: minuteMs },
  read: { uses: 600, perMs: minuteMs },
  staff: { uses: 600, perMs: minuteMs },
} as const satisfies Record<string, Rate>

const ofRoute: Readonly<Record<string, Rate>> = {
  'POST /customers': rates.signUp,
  'POST /sessions': rates.logIn,
  'PATCH /customers/me': rates.logIn,
  'POST /coupons/issue': rates.coupon,
}

/** What supervises the process asks as often as it likes. */
const unlimited = new Set(['GET /livez', 'GET /readyz', 'GET /metrics'])

/** How often one caller may use a route, `POST /orders/:id/cancel`; `undefined` where nothing is counted. */
export function rateOf(route: string, access: Access): Rate | undefined {
  if (unlimited.has(route)) return undefined
  const own = ofRoute[route]
  if (own !== undefined) return own
  if (access === 'operator' || access === 'administrator') return rates.staff
  return route.startsWith('GET ') ? rates.read : rates.command
}
