import type { Role } from '../../src/actors/customer/customer-messages.ts'
import { addressOf } from '../../src/runtime/envelope.ts'
import { type Answer, clientOf } from './client.ts'
import { openScenario, type Scenario } from './open-scenario.ts'

type Options = Parameters<typeof openScenario>[0]

export const password = 'linen shirts dry in the wind'

/** Somebody with an account, who is logged in. */
export interface Person extends ReturnType<typeof clientOf> {
  readonly customerId: number
  readonly username: string
  readonly token: string
}

/** A shop where everybody logs in. How often anybody may come is no matter here. */
export async function openSessionShop(options: Options = {}) {
  const environment = { RECOUP_AUTH: 'session', RECOUP_RATE_LIMITS: 'off', ...options.environment }
  const shop = await openScenario({ ...options, environment })
  return { ...shop, ...doorsOf(shop) }
}

/** The ways into a shop where everybody logs in. */
export function doorsOf(shop: Scenario) {
  const from = (address: string) => ({ incoming: { socket: { remoteAddress: address } } })

  /** Logs in from an address. */
  async function logIn(username: string, given = password, address = '203.0.113.7') {
    const response = await shop.app.request(
      '/sessions',
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username, password: given }),
      },
      from(address),
    )
    const body = (await response.json()) as { token: string; expiresAt: string; code: string; detail: string }
    return { status: response.status, headers: response.headers, body }
  }

  /** Everything that is sent with this token. */
  const withToken = (token: string) =>
    clientOf((path, init) =>
      shop.app.request(path, { ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } }),
    )

  function signUp(username: string, more: object = {}): Promise<Answer> {
    return shop.request('POST', '/customers', { username, password, ...more })
  }

  /** Somebody new, with these roles. */
  async function person(username: string, ...roles: readonly Role[]): Promise<Person> {
    const { status, body } = await signUp(username)
    if (status !== 201) throw new Error(`${username} could not sign up: ${JSON.stringify(body)}`)
    const { customerId } = body as unknown as { customerId: number }
    if (roles.length > 0) await setRoles(customerId, roles)
    const { token } = (await logIn(username)).body
    return { customerId, username, token, ...withToken(token) }
  }

  function setRoles(customerId: number, roles: readonly Role[]) {
    const to = addressOf('customer', customerId)
    return shop.ask(to, { type: 'SetRoles', roles }, { correlationId: 'test' })
  }

  const auditLog = () =>
    shop.database.prepare('SELECT operator, action, subject, reason, outcome FROM audit_log').all()

  return { logIn, withToken, signUp, person, setRoles, auditLog }
}

export type SessionShop = Awaited<ReturnType<typeof openSessionShop>>
