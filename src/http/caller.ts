import type { Context } from 'hono'
import { idText } from './fields.ts'
import { Refused } from './refused.ts'

/**
 * The customer whom the gateway vouches for, or `undefined` when it names none: then it is trusted with everyone's.
 * A `customerId` in the request, wherever it stands, must be the caller's own.
 * Throws `Refused` with INVALID_ARGUMENT or FORBIDDEN.
 */
export function callerOf(c: Context, input: object): number | undefined {
  const header = c.req.header('x-customer-id')
  if (header === undefined) return undefined
  const caller = idText.safeParse(header)
  if (!caller.success) {
    throw new Refused('INVALID_ARGUMENT', {
      path: 'X-Customer-Id',
      reason: 'a positive whole number is needed',
    })
  }
  if ('customerId' in input && input.customerId !== caller.data) throw new Refused('FORBIDDEN', {})
  return caller.data
}
