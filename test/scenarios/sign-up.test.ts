import { describe, expect, test } from 'vitest'
import { dataDirectory } from '../support/data-directory.ts'
import { reopenScenario } from '../support/open-scenario.ts'
import { doorsOf, openSessionShop, password } from '../support/session-shop.ts'

const key = { 'Idempotency-Key': 'a-key-of-16-chars' }

/** Every text that a shop has on disk. */
function textOf({ database }: { database: { serialize(): Buffer } }): string {
  return database.serialize().toString('latin1')
}

describe('Signing up', () => {
  test('makes a customer who can log in and has an empty balance', async () => {
    const shop = await openSessionShop()
    const { status, body } = await shop.signUp('Ada', { email: 'ada@shop.example' })
    expect({ status, body }).toEqual({
      status: 201,
      body: { customerId: expect.any(Number), username: 'Ada' },
    })
    const { token } = (await shop.logIn('ada')).body
    const me = await shop.withToken(token).get('/customers/me')
    const { customerId } = body as unknown as { customerId: number }
    expect(me).toMatchObject({ status: 200 })
    expect(me.body).toEqual({
      customerId,
      username: 'Ada',
      roles: ['customer'],
      displayName: null,
      email: 'ada@shop.example',
      phone: null,
    })
    expect(await shop.withToken(token).get(`/balances/${customerId}`)).toMatchObject({ body: { amount: 0 } })
  })

  test.each([
    [{ username: ' ' }, 'username', 'not blank'],
    [{ username: 'a\r\nb' }, 'username', 'control'],
    [{ username: 'x'.repeat(51) }, 'username', 'at most 50'],
    [{ password: 'short' }, 'password', 'at least 8'],
    [{ password: 'Password1234' }, 'password', 'tried first'],
    [{ password: `${'abcdefg'.repeat(18)}zzz` }, 'password', 'at most 128'],
    [{ email: 'nowhere' }, 'email', ''],
    [{ phone: 'none' }, 'phone', 'telephone'],
    [{ displayName: '' }, 'displayName', 'blank'],
    [{ roles: ['administrator'] }, 'roles', 'no such field'],
  ])('refuses %j', async (fields, path, reason) => {
    const shop = await openSessionShop()
    const answer = await shop.signUp('ada', fields)
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_ARGUMENT', path } })
    expect(JSON.stringify(answer.body)).toContain(reason)
    expect(shop.questions.accountCalled('ada')).toBeUndefined()
  })

  test.each(['minji', 'MINJI', 'ｍｉｎｊｉ', 'min\u200bji'])(
    'refuses %s, where somebody is called minji',
    async username => {
      const shop = await openSessionShop()
      expect(await shop.signUp(username)).toMatchObject({ status: 409, body: { code: 'USERNAME_TAKEN' } })
    },
  )

  test('lets one of many have a name that all want at once, and leaves nothing of the others', async () => {
    const directory = dataDirectory()
    const environment = { RECOUP_AUTH: 'session', RECOUP_RATE_LIMITS: 'off' }
    const shop = await openSessionShop({ dataDirectory: directory, environment })
    const answers = await Promise.all(Array.from({ length: 10 }, () => shop.signUp('ada')))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...new Array(9).fill(409)])
    await shop.close()
    const again = reopenScenario({ dataDirectory: directory, environment })
    expect(again.database.prepare('SELECT count(*) FROM credentials').pluck().get()).toBe(1)
    expect((await doorsOf(again).logIn('ada')).status).toBe(201)
  })

  test('answers a repeat under its key again, whatever the password, which is nowhere on disk', async () => {
    const shop = await openSessionShop()
    const sent = { username: 'ada', password }
    const first = await shop.request('POST', '/customers', sent, key)
    expect(first.status).toBe(201)
    const again = await shop.request('POST', '/customers', sent, key)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const other = await shop.request('POST', '/customers', { ...sent, username: 'bo' }, key)
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
    expect((await shop.logIn('ada')).status).toBe(201)
    expect(textOf(shop)).not.toContain(password)
  })

  test('writes the hash in the form that tells its costs', async () => {
    const shop = await openSessionShop({ hashParameters: { memory: 19 * 1024, passes: 2, parallelism: 1 } })
    await shop.signUp('ada')
    expect(shop.database.prepare('SELECT password_hash FROM credentials').pluck().get()).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/,
    )
  })

  test('hashes one or two at once and lets sixteen wait; the rest is told to come again', async () => {
    const shop = await openSessionShop({ hashParameters: { memory: 4 * 1024, passes: 1, parallelism: 1 } })
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => shop.signUp(`ada${at}`)))
    const refused = answers.filter(({ status }) => status === 503)
    const made = answers.filter(({ status }) => status === 201)
    expect(made.length).toBeGreaterThanOrEqual(17)
    expect(refused.length).toBeGreaterThan(0)
    expect(made.length + refused.length).toBe(40)
    for (const { body, headers } of refused) {
      expect(body.code).toBe('OVERLOADED')
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect((await shop.signUp('late')).status).toBe(201)
  })
})

describe('A hash that was made at another cost', () => {
  test('is made anew when its owner logs in, and stays of the same password', async () => {
    const directory = dataDirectory()
    const environment = { RECOUP_AUTH: 'session', RECOUP_RATE_LIMITS: 'off' }
    const shop = await openSessionShop({ dataDirectory: directory, environment })
    await shop.signUp('ada')
    await shop.close()
    const later = reopenScenario({
      dataDirectory: directory,
      environment,
      hashParameters: { memory: 16, passes: 2, parallelism: 1 },
    })
    const { logIn, withToken } = doorsOf(later)
    const stored = () => later.database.prepare('SELECT password_hash FROM credentials').pluck().get()
    expect(stored()).toContain('$m=8,t=1,p=1$')
    expect((await logIn('ada', 'something else entirely')).status).toBe(401)
    expect(stored()).toContain('$m=8,t=1,p=1$')
    const { token } = (await logIn('ada')).body
    expect(stored()).toContain('$m=16,t=2,p=1$')
    expect((await withToken(token).get('/customers/me')).status).toBe(200)
    expect((await logIn('ada')).status).toBe(201)
  })
})

describe('A profile', () => {
  test('is changed field by field, and gone from the disk once it is erased', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    const told = {
      displayName: 'Ada Unforgettable',
      email: 'ada@unforgettable.example',
      phone: '+82 10-5555-1234',
    }
    expect(await ada.request('PATCH', '/customers/me', told)).toMatchObject({ status: 200, body: told })
    expect(await ada.request('PATCH', '/customers/me', { phone: null })).toMatchObject({
      body: { ...told, phone: null },
    })
    expect(await ada.request('PATCH', '/customers/me', {})).toMatchObject({ body: { ...told, phone: null } })
    await ada.charge(ada.customerId, 1_000)
    const erased = { displayName: null, email: null }
    expect(await ada.request('PATCH', '/customers/me', erased)).toMatchObject({
      body: { ...erased, phone: null, username: 'ada' },
    })
    shop.database.exec('VACUUM')
    expect(textOf(shop)).not.toMatch(/unforgettable|5555/i)
    expect(await ada.get(`/balances/${ada.customerId}`)).toMatchObject({ body: { amount: 1_000 } })
  })
})
