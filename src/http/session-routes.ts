import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { LoggedIn } from '../actors/customer/accounts.ts'
import { roles } from '../actors/customer/customer-messages.ts'
import { isoTime } from '../clock.ts'
import { addressOf } from '../runtime/envelope.ts'
import { printableName } from '../username.ts'
import { password, username } from './account-fields.ts'
import { answer, guardHeaders } from './answer.ts'
import { clientAddress } from './client-address.ts'
import type { Dependencies } from './dependencies.ts'
import { directRoute } from './direct-route.ts'
import { moment, positive } from './fields.ts'
import { clearedSessionCookie, cookieToken, presentedToken, setSessionCookie } from './presented-token.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'
import { type SessionBook, sessionMs } from './session-book.ts'
import { tryPassword } from './try-password.ts'

const session = z
  .object({
    token: z.string().openapi({ description: 'For Authorization: Bearer; browsers get it as a cookie too.' }),
    expiresAt: moment.openapi({ description: 'The latest; it ends after half an hour without a request.' }),
  })
  .openapi('Session')

const loggedIn = z
  .object({ customerId: positive, username: z.string(), roles: z.array(z.enum(['customer', ...roles])) })
  .openapi('LoggedIn')

export function sessionRoutes(dependencies: Dependencies, book: SessionBook): OpenAPIHono {
  const app = new OpenAPIHono()
  const { accounts, questions, doorAudit, settings } = dependencies

  directRoute(app, dependencies, {
    method: 'post',
    path: '/sessions',
    access: 'anyone',
    summary: 'Log in',
    body: z.strictObject({ username, password }),
    success: { 201: { description: 'The session', schema: session } },
    problems: ['LOGIN_FAILED'],
    async run(input, _caller, c) {
      const { username } = input
      const from = `from ${clientAddress(c, settings.trustedProxies)}`
      let shown: LoggedIn
      try {
        shown = await tryPassword(dependencies, c, username, () => accounts.logIn(username, input.password))
      } catch (error) {
        if (error instanceof Refused && error.code === 'LOGIN_FAILED') {
          void doorAudit.note('LOGIN_FAILED', {
            operator: 'anonymous',
            action: 'LogIn',
            // A name that nobody has is not written down: people type passwords there.
            subject: addressOf('customer', questions.accountCalled(username)?.customerId ?? 'unknown'),
            reason: from,
            outcome: 'LOGIN_FAILED',
          })
        }
        throw error
      }
      const { account, sessionEpoch } = shown
      // Whatever this browser came with is not carried on: it may have been put there by somebody else.
      const before = cookieToken(c)
      if (before !== undefined) await book.end(before)
      const { token, expiresAt } = await book.begin(account.customerId, sessionEpoch)
      const subject = addressOf('customer', account.customerId)
      await doorAudit.note(`LoggedIn ${subject}`, {
        operator: `${printableName(account.username)} (customer ${account.customerId})`,
        action: 'LogIn',
        subject,
        reason: from,
        outcome: 'LoggedIn',
      })
      const cookie = setSessionCookie(token, sessionMs / 1_000)
      return answer(201, { token, expiresAt: isoTime(expiresAt) }, { 'Set-Cookie': cookie })
    },
  })

  questionRoute(app, dependencies, {
    path: '/sessions/current',
    access: 'anyone',
    summary: 'Who is logged in here, if anybody',
    success: {
      200: { description: 'Whose session it is', schema: z.object({ account: loggedIn.nullable() }) },
    },
    problems: [],
    async answer(_input, _caller, c) {
      const token = presentedToken(c)
      const customerId = token === undefined ? undefined : await book.customerOf(token)
      const account = customerId === undefined ? undefined : questions.account(customerId)
      if (account === undefined || account.disabled) return answer(200, { account: null })
      const { username, roles } = account
      return answer(200, { account: { customerId, username, roles: ['customer', ...roles] } })
    },
  })

  directRoute(app, dependencies, {
    method: 'delete',
    path: '/sessions/current',
    access: 'customer',
    summary: 'Log out',
    success: { 204: { description: 'The session has ended' } },
    problems: [],
    async run(_input, _caller, c) {
      await book.end(presentedToken(c) ?? '')
      return new Response(null, {
        status: 204,
        headers: { ...guardHeaders, 'Set-Cookie': clearedSessionCookie() },
      })
    },
  })

  return app
}
