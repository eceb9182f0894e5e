import type { Context } from 'hono'
import { HashingOverloaded } from '../actors/customer/hashing-queue.ts'
import { clientAddress, clientNetwork } from './client-address.ts'
import type { Dependencies } from './dependencies.ts'
import { Refused } from './refused.ts'

/**
 * Compares a password, unless this caller has tried too many. `compare` resolves with nothing when it is wrong, and that
 * is thrown as `Refused` with LOGIN_FAILED; a try that comes too soon with RATE_LIMITED, whether or not there is such a
 * name.
 */
export async function tryPassword<Result>(
  { loginThrottle, settings }: Dependencies,
  c: Context,
  username: string,
  compare: () => Promise<Result | undefined>,
): Promise<Result> {
  const place = clientNetwork(clientAddress(c, settings.trustedProxies))
  const waitMs = await loginThrottle.begin(username, place)
  if (waitMs > 0) {
    const retryAfterS = Math.ceil(waitMs / 1_000)
    throw new Refused('RATE_LIMITED', { retryAfterS }, { 'Retry-After': String(retryAfterS) })
  }
  let result: Result | undefined
  try {
    result = await compare()
  } catch (error) {
    if (error instanceof HashingOverloaded) await loginThrottle.notMade(username, place)
    throw error
  }
  if (result === undefined) throw new Refused('LOGIN_FAILED', {})
  await loginThrottle.succeeded(username, place)
  return result
}
