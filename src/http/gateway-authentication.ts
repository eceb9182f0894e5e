import type { Context } from 'hono'
import type { Authenticate } from './access.ts'
import { idText } from './fields.ts'
import { isOperatorToken } from './operator-token.ts'
import { presentedToken } from './presented-token.ts'
import { Refused } from './refused.ts'

/**
 * Gateway mode: a gateway in front has authenticated and names the customer in X-Customer-Id; when it names none it is
 * trusted with everyone's. Operators and administrators show the operators' token; where none is set there are no such
 * routes.
 */
export function gatewayAuthentication(operatorToken: string | undefined): Authenticate {
  return (c, access) => {
    if (access === 'operator' || access === 'administrator') refuseWithoutToken(c, operatorToken)
    return { customerId: vouchedFor(c), name: 'operator' }
  }
}

function refuseWithoutToken(c: Context, token: string | undefined): void {
  if (token === undefined) throw new Refused('ROUTE_NOT_FOUND', {})
  if (!isOperatorToken(presentedToken(c), token)) throw new Refused('FORBIDDEN', {})
}

function vouchedFor(c: Context): number | undefined {
  const header = c.req.header('x-customer-id')
  if (header === undefined) return undefined
  const customerId = idText.safeParse(header)
  if (customerId.success) return customerId.data
  throw new Refused('INVALID_ARGUMENT', {
    path: 'X-Customer-Id',
    reason: 'a positive whole number is needed',
  })
}
