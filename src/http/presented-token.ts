import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'

/** The prefix makes browsers take it only over HTTPS, for the whole host and for no other. */
const sessionCookie = '__Host-session'

const cookieGuards = 'Path=/; HttpOnly; Secure; SameSite=Lax'

/** What a request shows to say who sent it: a bearer token, or else the cookie of a browser. */
export function presentedToken(c: Context): string | undefined {
  const authorization = c.req.header('authorization')
  if (authorization === undefined) return cookieToken(c)
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
}

export function cookieToken(c: Context): string | undefined {
  // Most requests have none: then nothing is parsed.
  return c.req.header('cookie')?.includes(sessionCookie) ? getCookie(c, sessionCookie) : undefined
}

export function setSessionCookie(token: string, maxAgeS: number): string {
  return `${sessionCookie}=${token}; Max-Age=${maxAgeS}; ${cookieGuards}`
}

export function clearedSessionCookie(): string {
  return `${sessionCookie}=; Max-Age=0; ${cookieGuards}`
}
