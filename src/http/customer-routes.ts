import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Profile } from '../actors/customer/account-rows.ts'
import {
  type Account,
  type CustomerCommand,
  type CustomerReply,
  roles,
} from '../actors/customer/customer-messages.ts'
import { addressOf } from '../runtime/envelope.ts'
import type { Caller } from './access.ts'
import { newPassword, password, profileFields, refusedAccount, username } from './account-fields.ts'
import { answer } from './answer.ts'
import { clientAddress } from './client-address.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { directRoute } from './direct-route.ts'
import { idText, positive, givenReason as reason } from './fields.ts'
import { clearedSessionCookie } from './presented-token.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'
import { tryPassword } from './try-password.ts'

const customer = z.object({ customerId: positive, username: z.string() }).openapi('Customer')

const me = customer
  .extend({
    roles: z.array(z.enum(['customer', ...roles])),
    displayName: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
  })
  .openapi('Me')

export const account = customer
  .extend({ roles: z.array(z.enum(['customer', ...roles])), disabled: z.boolean() })
  .openapi('Account')

/** Accounts as their owners see them, and as administrators do. What is secret of them never becomes a message. */
export function customerRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { accounts, questions, newId, clock, settings } = dependencies

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/customers',
    access: 'anyone',
    summary: 'Sign up',
    work: 'new',
    body: z.strictObject({ username, password: newPassword, ...profileFields }),
    // A fast hash of a password is as good as the password.
    keyOf: ({ password: _, ...rest }) => rest,
    success: { 201: { description: 'The customer', schema: customer } },
    problems: ['USERNAME_TAKEN'],
    async command({ username, password, ...told }) {
      const made = await accounts.signUp(username, password, profileOf(told))
      if (!('command' in made)) throw refusedAccount(made)
      const { command } = made
      const to = addressOf('customer', command.customerId)
      return { to, message: command, correlationId: `http/${newId()}` }
    },
    present(reply: CustomerReply) {
      if (reply.type !== 'CustomerCreated') return undefined
      return answer(201, { customerId: reply.customerId, username: reply.username })
    },
  })

  function ownAccount({ customerId }: Caller): Account {
    if (customerId === undefined) throw new Refused('MISSING_CUSTOMER_CONTEXT', {})
    const found = questions.account(customerId)
    if (found === undefined) throw new Refused('CUSTOMER_NOT_FOUND', { customerId })
    return found
  }

  function showMe(shown: Account): z.infer<typeof me> {
    const { displayName, email, phone } = accounts.profile(shown.customerId)
    const { customerId, username } = shown
    return { customerId, username, roles: ['customer', ...shown.roles], displayName, email, phone }
  }

  questionRoute(app, dependencies, {
    path: '/customers/me',
    access: 'customer',
    summary: 'Your account and profile',
    success: { 200: { description: 'You', schema: me } },
    problems: ['CUSTOMER_NOT_FOUND'],
    answer: (_input, caller) => answer(200, showMe(ownAccount(caller))),
  })

  directRoute(app, dependencies, {
    method: 'patch',
    path: '/customers/me',
    access: 'customer',
    summary:
      'Change your profile, where null erases, or with the current one your password, which ends every session',
    body: z.strictObject({
      ...profileFields,
      password: newPassword.optional(),
      currentPassword: password.optional(),
    }),
    success: { 200: { description: 'You', schema: me } },
    problems: ['LOGIN_FAILED', 'CUSTOMER_NOT_FOUND'],
    async run({ password: next, currentPassword: current, ...told }, caller, c) {
      const own = ownAccount(caller)
      const { customerId } = own
      if ((next === undefined) !== (current === undefined)) {
        const path = next === undefined ? 'password' : 'currentPassword'
        throw new Refused('INVALID_ARGUMENT', { path, reason: 'both passwords are needed' })
      }
      if (next !== undefined && current !== undefined) {
        const entry = {
          at: clock.now(),
          operator: caller.name,
          action: 'ChangePassword',
          subject: addressOf('customer', customerId),
          reason: `from ${clientAddress(c, settings.trustedProxies)}`,
          outcome: 'PasswordChanged',
        }
        const outcome = await tryPassword(dependencies, c, own.username, async () => {
          const changed = await accounts.changePassword(customerId, { current, next }, entry)
          return changed === 'WRONG' ? undefined : changed
        })
        if (outcome !== 'CHANGED') throw refusedAccount(outcome)
      }
      const before = accounts.profile(customerId)
      if (Object.keys(told).length > 0) await accounts.changeProfile(customerId, profileOf(told, before))
      const shown = showMe(ownAccount(caller))
      return answer(200, shown, next === undefined ? undefined : { 'Set-Cookie': clearedSessionCookie() })
    },
  })

  questionRoute(app, dependencies, {
    path: '/customers/{id}',
    access: 'administrator',
    summary: 'An account, without what its owner tells about themselves',
    params: { id: idText },
    success: { 200: { description: 'The account', schema: account } },
    problems: ['CUSTOMER_NOT_FOUND'],
    answer({ id }) {
      const found = questions.account(id)
      if (found === undefined) throw new Refused('CUSTOMER_NOT_FOUND', { customerId: id })
      return answer(200, showAccount(found))
    },
  })

  /** Nobody takes their own power away, so that there is always somebody left who has it. */
  function refuseForOneself(id: number, { customerId }: Caller): void {
    if (id === customerId) throw new Refused('FORBIDDEN', {})
  }

  function sent(id: number, message: CustomerCommand, name: string, reason: string) {
    const to = addressOf('customer', id)
    return { to, message, correlationId: `http/${newId()}`, operator: { name, reason } }
  }

  function present(reply: CustomerReply): Response | undefined {
    if (reply.type === 'CustomerCreated' || 'refusal' in reply) return undefined
    return answer(200, showAccount(reply))
  }

  commandRoute(app, dependencies, {
    method: 'patch',
    path: '/customers/{id}/roles',
    access: 'administrator',
    summary: 'Put these roles in place of those of another account; each is a customer as well',
    params: { id: idText },
    body: z.strictObject({ roles: z.array(z.enum(roles)).max(roles.length), reason }),
    success: { 200: { description: 'The account', schema: account } },
    problems: ['CUSTOMER_NOT_FOUND'],
    command({ id, roles, reason }, caller) {
      refuseForOneself(id, caller)
      return sent(id, { type: 'SetRoles', roles }, caller.name, reason)
    },
    present,
  })

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/customers/{id}/disable',
    access: 'administrator',
    summary: 'Let another account log in no more; its sessions end at once',
    params: { id: idText },
    body: z.strictObject({ reason }),
    success: { 200: { description: 'The account', schema: account } },
    problems: ['CUSTOMER_NOT_FOUND'],
    command({ id, reason }, caller) {
      refuseForOneself(id, caller)
      return sent(id, { type: 'DisableCustomer' }, caller.name, reason)
    },
    present,
  })

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/customers/{id}/enable',
    access: 'administrator',
    summary: 'Let an account log in again; its old sessions stay ended',
    params: { id: idText },
    body: z.strictObject({ reason }),
    success: { 200: { description: 'The account', schema: account } },
    problems: ['CUSTOMER_NOT_FOUND'],
    async command({ id, reason }, caller) {
      // While it is disabled they do not count; before it is enabled they have to be over.
      await accounts.endSessions(id)
      return sent(id, { type: 'EnableCustomer' }, caller.name, reason)
    },
    present,
  })

  return app
}

export function showAccount({ customerId, username, roles, disabled }: Account): z.infer<typeof account> {
  return { customerId, username, roles: ['customer', ...roles], disabled }
}

/** What was told on top of what was known. */
function profileOf(
  told: { [Field in keyof Profile]?: string | null | undefined },
  before: Profile = { displayName: null, email: null, phone: null },
): Profile {
  const { displayName = before.displayName, email = before.email, phone = before.phone } = told
  return { displayName, email, phone }
}
