import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { Refused } from './refused.ts'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Throws unless the request shows the operators' token. Where none is set there are no such routes. */
export function operatorGuard(token: string | undefined): (c: Context) => void {
  return c => {
    if (token === undefined) throw new Refused('ROUTE_NOT_FOUND', {})
    const shown = c.req.header('authorization') ?? ''
    // Digests have one length, so that comparing them tells nothing about the token's.
    if (!timingSafeEqual(digest(shown), digest(`Bearer ${token}`))) throw new Refused('FORBIDDEN', {})
  }
}
