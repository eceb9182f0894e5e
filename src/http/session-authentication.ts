import type { Questions } from '../actors/questions.ts'
import { printableName } from '../username.ts'
import type { Access, Authenticate, Caller } from './access.ts'
import { isOperatorToken } from './operator-token.ts'
import { presentedToken } from './presented-token.ts'
import { Refused } from './refused.ts'
import type { SessionBook } from './session-book.ts'

const nobody: Caller = { customerId: undefined, name: 'anonymous' }
const tokenBearer: Caller = { customerId: undefined, name: 'operator token' }

const challenge = { 'WWW-Authenticate': 'Bearer realm="recoup"' }
const expired = { 'WWW-Authenticate': 'Bearer realm="recoup", error="invalid_token"' }

/**
 * Session mode: callers show the token of their session, or operators theirs from the settings. What an account may is
 * read anew for every request, and whatever is not allowed by a line here is refused.
 */
export function sessionAuthentication({
  book,
  questions,
  operatorToken,
}: {
  book: Pick<SessionBook, 'customerOf'>
  questions: Pick<Questions, 'account'>
  operatorToken: string | undefined
}): Authenticate {
  return async (c, access) => {
    if (access === 'anyone') return nobody
    const token = presentedToken(c)
    if (token === undefined) throw new Refused('MISSING_CUSTOMER_CONTEXT', {}, challenge)
    if (isOperatorToken(token, operatorToken)) {
      if (access === 'operator') return tokenBearer
      throw new Refused('FORBIDDEN', {}, undefined, tokenBearer)
    }
    const customerId = await book.customerOf(token)
    const account = customerId === undefined ? undefined : questions.account(customerId)
    if (account === undefined || account.disabled) throw new Refused('SESSION_EXPIRED', {}, expired)
    const caller = {
      customerId: account.customerId,
      name: `${printableName(account.username)} (customer ${account.customerId})`,
    }
    if (mayUse(account.roles, access)) return caller
    throw new Refused('FORBIDDEN', {}, undefined, caller)
  }
}

function mayUse(roles: readonly string[], access: Exclude<Access, 'anyone'>): boolean {
  switch (access) {
    case 'customer':
      return true
    case 'operator':
      return roles.includes('operator') || roles.includes('administrator')
    case 'administrator':
      return roles.includes('administrator')
  }
}
