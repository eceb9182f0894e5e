import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { dataDirectory } from '../support/data-directory.ts'
import { reopenScenario } from '../support/open-scenario.ts'
import { doorsOf, openSessionShop, type Person, password, type SessionShop } from '../support/session-shop.ts'

const minuteMs = 60_000
const reason = 'Somebody else asked for it.'

const statusOf = async (person: Pick<Person, 'get'>) => {
  const { status, body } = await person.get('/customers/me')
  return status === 200 ? 200 : body.code
}

/** Lets time pass, and everything that is written meanwhile be written. */
async function pass(shop: SessionShop, ms: number): Promise<void> {
  shop.clock.advance(ms)
  await new Promise(setImmediate)
}

describe('A session', () => {
  test('is begun by a login, with a token of 256 bits of which only a hash is kept', async () => {
    const shop = await openSessionShop()
    await shop.signUp('ada')
    const { status, body, headers } = await shop.logIn('ada')
    expect({ status, body }).toEqual({
      status: 201,
      body: { token: expect.stringMatching(/^[\w-]{43}$/), expiresAt: '2026-01-05T15:00:00.000Z' },
    })
    expect(Buffer.from(body.token, 'base64url')).toHaveLength(32)
    expect(headers.get('set-cookie')).toBe(
      `__Host-session=${body.token}; Max-Age=43200; Path=/; HttpOnly; Secure; SameSite=Lax`,
    )
    const kept = shop.database.prepare('SELECT token_hash FROM sessions').pluck().all()
    expect(kept).toEqual([hash('sha256', body.token, 'base64url')])
    expect(shop.database.serialize().toString('latin1')).not.toContain(body.token)
  })

  test('is another one with each login, whatever the browser came with', async () => {
    const shop = await openSessionShop()
    await shop.signUp('ada')
    const mallory = await shop.person('mallory')
    const response = await shop.app.request('/sessions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: `__Host-session=${mallory.token}` },
      body: JSON.stringify({ username: 'ada', password }),
    })
    const { token } = (await response.json()) as { token: string }
    expect(token).not.toBe(mallory.token)
    expect(await statusOf(shop.withToken(token))).toBe(200)
    // Whoever put their own session into the browser has none of it.
    expect(await statusOf(mallory)).toBe('SESSION_EXPIRED')
    expect((await shop.logIn('ada')).body.token).not.toBe(token)
  })

  test('goes by the cookie of a browser as well, and by the header where there are both', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    const me = (headers: Record<string, string>) => shop.request('GET', '/customers/me', undefined, headers)
    expect((await me({ Cookie: `theme=dark; __Host-session=${ada.token}` })).status).toBe(200)
    expect(await me({ Cookie: `__Host-session=${ada.token}`, Authorization: 'Bearer nobody' })).toMatchObject(
      {
        status: 401,
        body: { code: 'SESSION_EXPIRED' },
      },
    )
    expect(await me({ Cookie: `session=${ada.token}` })).toMatchObject({ status: 401 })
    expect(await me({ Authorization: `Basic ${ada.token}` })).toMatchObject({
      status: 401,
      body: { code: 'MISSING_CUSTOMER_CONTEXT' },
    })
  })

  test.each(['', 'x', 'a'.repeat(43), 'ä', "' OR 1=1 --", 'x'.repeat(4_000)])(
    'is not begun with a token such as %j',
    async token => {
      const shop = await openSessionShop()
      await shop.person('ada')
      const { status, headers } = await shop.request('GET', '/customers/me', undefined, {
        Authorization: `Bearer ${encodeURI(token)}`,
      })
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="recoup"/)
    },
  )

  test('ends at the logout for good, and no other does', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    const elsewhere = shop.withToken((await shop.logIn('ada')).body.token)
    const response = await shop.app.request('/sessions/current', {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${ada.token}` },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('set-cookie')).toContain(
      '__Host-session=; Max-Age=0; Path=/; HttpOnly; Secure',
    )
    expect(await statusOf(ada)).toBe('SESSION_EXPIRED')
    expect(await statusOf(elsewhere)).toBe(200)
    expect(shop.database.prepare('SELECT count(*) FROM sessions').pluck().get()).toBe(1)
  })

  test('ends when nobody has used it for half an hour', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    for (let time = 0; time < 5; time += 1) {
      await pass(shop, 29 * minuteMs)
      expect(await statusOf(ada)).toBe(200)
      await pass(shop, 0)
    }
    await pass(shop, 30 * minuteMs)
    expect(await statusOf(ada)).toBe('SESSION_EXPIRED')
  })

  test('ends twelve hours after its login, however much it is used', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    for (let passed = 0; passed < 12 * 60 - 20; passed += 20) {
      await pass(shop, 20 * minuteMs)
      expect(await statusOf(ada)).toBe(200)
      await pass(shop, 0)
    }
    await pass(shop, 20 * minuteMs - 1)
    expect(await statusOf(ada)).toBe(200)
    await pass(shop, 1)
    expect(await statusOf(ada)).toBe('SESSION_EXPIRED')
  })

  test('is written down as used once a minute at most', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    const seen = () => shop.database.prepare('SELECT last_seen_at FROM sessions').pluck().get()
    const begun = shop.clock.now()
    await pass(shop, minuteMs - 1)
    await statusOf(ada)
    await pass(shop, 0)
    expect(seen()).toBe(begun)
    await pass(shop, 1)
    await Promise.all([statusOf(ada), statusOf(ada), statusOf(ada)])
    await pass(shop, 0)
    expect(seen()).toBe(begun + minuteMs)
  })

  test('outlives a restart, and is dropped a day after its last use', async () => {
    const directory = dataDirectory()
    const environment = { RECOUP_AUTH: 'session', RECOUP_RATE_LIMITS: 'off' }
    const shop = await openSessionShop({ dataDirectory: directory })
    const { token } = await shop.person('ada')
    await shop.close()
    const again = reopenScenario({ dataDirectory: directory, clock: shop.clock, environment })
    expect(await statusOf(doorsOf(again).withToken(token))).toBe(200)
    again.clock.advance(24 * 60 * minuteMs + minuteMs)
    await new Promise(setImmediate)
    expect(again.database.prepare('SELECT count(*) FROM sessions').pluck().get()).toBe(0)
  })
})

describe('A changed password', () => {
  const next = 'wool cardigans rest in drawers'
  const change = (person: Person, currentPassword = password) =>
    person.request('PATCH', '/customers/me', { password: next, currentPassword })

  test('ends every session of the account and of no other', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    const bo = await shop.person('bo')
    const elsewhere = shop.withToken((await shop.logIn('ada')).body.token)
    const { status, headers } = await change(ada)
    expect(status).toBe(200)
    expect(headers.get('set-cookie')).toContain('Max-Age=0')
    expect(await Promise.all([ada, elsewhere, bo].map(statusOf))).toEqual([
      'SESSION_EXPIRED',
      'SESSION_EXPIRED',
      200,
    ])
    expect((await shop.logIn('ada')).body.code).toBe('LOGIN_FAILED')
    expect((await shop.logIn('ada', next)).status).toBe(201)
    expect(shop.auditLog()).toContainEqual({
      operator: `ada (customer ${ada.customerId})`,
      action: 'ChangePassword',
      subject: `customer/${ada.customerId}`,
      reason: 'from unknown',
      outcome: 'PasswordChanged',
    })
  })

  test('needs the current one, and one that is good enough', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    expect(await change(ada, 'something else')).toMatchObject({ status: 401, body: { code: 'LOGIN_FAILED' } })
    for (const [body, path] of [
      [{ password: next }, 'currentPassword'],
      [{ currentPassword: password }, 'password'],
      [{ password: 'short', currentPassword: password }, 'password'],
    ] as const) {
      expect(await ada.request('PATCH', '/customers/me', body)).toMatchObject({
        status: 400,
        body: { code: 'INVALID_ARGUMENT', path },
      })
    }
    expect(await statusOf(ada)).toBe(200)
  })

  test('leaves no session that was begun with the one before, not even at the same moment', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    const [, ...logins] = await Promise.all([
      change(ada),
      ...Array.from({ length: 8 }, () => shop.logIn('ada')),
    ])
    for (const { status, body } of logins) {
      if (status === 201) expect(await statusOf(shop.withToken(body.token))).toBe('SESSION_EXPIRED')
    }
  })
})

describe('A disabled account', () => {
  test('is out at once, cannot log in, and comes back without its old sessions', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    const boss = await shop.person('boss', 'administrator')
    const order = (verb: string) => boss.request('POST', `/customers/${ada.customerId}/${verb}`, { reason })
    expect(await order('disable')).toMatchObject({ status: 200, body: { disabled: true } })
    expect(await statusOf(ada)).toBe('SESSION_EXPIRED')
    const failed = await shop.logIn('ada')
    expect({ ...failed.body, status: failed.status }).toEqual((await shop.logIn('nobody at all')).body)
    expect(await order('enable')).toMatchObject({ status: 200, body: { disabled: false } })
    expect(await statusOf(ada)).toBe('SESSION_EXPIRED')
    expect((await shop.logIn('ada')).status).toBe(201)
    const by = {
      operator: `boss (customer ${boss.customerId})`,
      subject: `customer/${ada.customerId}`,
      reason,
    }
    expect(shop.auditLog()).toEqual(
      expect.arrayContaining([
        { ...by, action: 'DisableCustomer', outcome: 'CustomerDisabled' },
        { ...by, action: 'EnableCustomer', outcome: 'CustomerEnabled' },
      ]),
    )
  })
})

describe('A role', () => {
  test('counts from the next request on, and so does its absence', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    const boss = await shop.person('boss', 'administrator')
    const set = (roles: string[]) =>
      boss.request('PATCH', `/customers/${ada.customerId}/roles`, { roles, reason })
    const see = async () => (await ada.get('/operator/audit')).status
    const rule = async () => (await ada.get(`/customers/${boss.customerId}`)).status
    expect([await see(), await rule()]).toEqual([403, 403])
    expect(await set(['operator'])).toMatchObject({ status: 200, body: { roles: ['customer', 'operator'] } })
    expect([await see(), await rule()]).toEqual([200, 403])
    await set(['administrator'])
    expect([await see(), await rule()]).toEqual([200, 200])
    await set([])
    expect([await see(), await rule()]).toEqual([403, 403])
    expect(shop.auditLog()).toContainEqual({
      operator: `boss (customer ${boss.customerId})`,
      action: 'SetRoles',
      subject: `customer/${ada.customerId}`,
      reason,
      outcome: 'RolesSet',
    })
  })

  test('is nothing that anybody gives or takes themselves', async () => {
    const shop = await openSessionShop()
    const boss = await shop.person('boss', 'administrator')
    const { customerId } = boss
    for (const answer of [
      boss.request('PATCH', `/customers/${customerId}/roles`, { roles: [], reason }),
      boss.request('POST', `/customers/${customerId}/disable`, { reason }),
    ]) {
      expect(await answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    }
    const ada = await shop.person('ada')
    for (const body of [{ roles: ['administrator'] }, { disabled: false }, { customerId: 1 }]) {
      expect((await ada.request('PATCH', '/customers/me', body)).status).toBe(400)
    }
    expect(shop.questions.account(customerId)?.roles).toEqual(['administrator'])
  })

  test('is set for nobody who is not there, needs a reason, and is one of two', async () => {
    const shop = await openSessionShop()
    const boss = await shop.person('boss', 'administrator')
    const set = (id: number, body: object) => boss.request('PATCH', `/customers/${id}/roles`, body)
    expect(await set(999, { roles: [], reason })).toMatchObject({
      status: 404,
      body: { code: 'CUSTOMER_NOT_FOUND' },
    })
    expect(await set(1, { roles: [] })).toMatchObject({ status: 400, body: { path: 'reason' } })
    expect(await set(1, { roles: ['king'], reason })).toMatchObject({ status: 400 })
  })
})

describe("The operators' token", () => {
  test('opens the routes of operators where everybody logs in, and no others', async () => {
    const token = 'a-token-of-operators'
    const shop = await openSessionShop({ environment: { RECOUP_OPERATOR_TOKEN: token } })
    const holder = shop.withToken(token)
    expect((await holder.get('/operator/payments')).status).toBe(200)
    for (const path of ['/customers/1', '/customers/me', '/balances/1']) {
      expect(await holder.get(path)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    }
    expect(await shop.withToken(`${token}x`).get('/operator/payments')).toMatchObject({ status: 401 })
  })
})
