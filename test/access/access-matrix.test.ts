import { describe, expect, test } from 'vitest'
import { operationsOf } from '../support/api-document.ts'
import { contentOf } from '../support/content-of.ts'
import { openScenario } from '../support/open-scenario.ts'
import { openTestShop } from '../support/open-test-shop.ts'
import { windowPaths } from '../support/window-paths.ts'
import { type CallerKind, cellsOf, expectedStatus, type Target } from './access-expected.ts'
import { type Asked, accessRows, type Row, type Things } from './access-rows.ts'
import { openPeopledShop, type PeopledShop } from './peopled-shop.ts'

const example = openTestShop({ environment: { RECOUP_AUTH: 'session', RECOUP_DEMO: '1' } })
const operations = await operationsOf(example.app)
const routes = example.app.routes.map(({ method, path }) => `${method} ${path}`)
await example.close()

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

/** Pages and scripts, the same for everybody. */
const open = ['/docs', '/docs/standalone.js', ...windowPaths].map(path => `GET ${path}`).sort()

describe('The access matrix', () => {
  test('has a row for every route, and none for another', () => {
    expect(Object.keys(accessRows).sort()).toEqual(operations.map(nameOf).sort())
  })

  test('knows every route that the server has', () => {
    const documented = operations.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`)
    expect(routes.filter(route => !documented.includes(route)).sort()).toEqual(open)
    expect(routes.length).toBeGreaterThan(50)
  })
})

const rows = operations.flatMap(operation => {
  const row = accessRows[nameOf(operation)]
  return row === undefined ? [] : [{ ...operation, row, name: nameOf(operation) }]
})

/** Whose things a caller asks about; those of a stranger are somebody's too. */
function thingsFor({ people, thingsOf, missing }: PeopledShop, caller: CallerKind, target: Target): Things {
  if (target === 'missing') return missing
  const self = caller === 'anonymous' ? 'customer' : caller
  if (target === 'own') return thingsOf(people[self])
  return thingsOf(people[self === 'customer' ? 'another customer' : 'customer'])
}

function urlOf(path: string, asked: Asked): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => String(asked.in?.[name]))
  return asked.query === undefined ? filled : `${filled}?${asked.query}`
}

interface Operation {
  readonly method: string
  readonly path: string
  readonly row: Row
}

/** Asks the route, and tells its status and whether anything was changed. The audit log may say that it was asked. */
async function ask(
  { shop }: PeopledShop,
  { method, path, row }: Operation,
  things: Things,
  headers: Readonly<Record<string, string>>,
) {
  const asked = await row.ask(things, path)
  const before = contentOf(shop, ['audit_log'])
  const response = await shop.app.request(urlOf(path, asked), {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(row.keyed && { 'Idempotency-Key': crypto.randomUUID() }),
      ...headers,
    },
    ...(asked.body !== undefined && { body: JSON.stringify(asked.body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    text,
    changed: contentOf(shop, ['audit_log']) !== before,
  }
}

describe('Where everybody logs in,', () => {
  test.each(rows)('$name is for $access', async operation => {
    const peopled = await openPeopledShop()
    const { people, shop } = peopled
    for (const { caller, target } of cellsOf(operation.row)) {
      const things = thingsFor(peopled, caller, target)
      // Anew each time: one of the routes ends the session.
      const { token } = caller === 'anonymous' ? {} : (await shop.logIn(people[caller].username)).body
      const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
      const { status, challenge, text, changed } = await ask(peopled, operation, things, headers)
      const what = `${caller}, ${target}: ${text}`
      expect(status, what).toBe(expectedStatus(operation.row, operation.access, caller, target))
      if (status === 401) expect(challenge, what).toContain('Bearer')
      if ([401, 403, 404].includes(status)) expect(changed, what).toBe(false)
    }
  })

  test('another thing is answered like a missing one, letter for letter', async () => {
    const peopled = await openPeopledShop()
    const { people, thingsOf, missing, shop } = peopled
    const headers = { Authorization: `Bearer ${people.customer.token}` }
    const about = rows.filter(({ row }) => row.about === 'ownThing')
    expect(about.length).toBeGreaterThan(6)
    for (const operation of about) {
      const hers = thingsOf(people['another customer'])
      const asked = await operation.row.ask(hers, operation.path)
      const number = Object.values(asked.in ?? asked.body ?? {})[0]
      const others = await ask(
        peopled,
        { ...operation, row: { ...operation.row, ask: () => asked } },
        hers,
        headers,
      )
      const nobodys = await ask(peopled, operation, missing, headers)
      expect(others.text.replaceAll(String(number), 'N')).toBe(
        nobodys.text.replaceAll(String(missing.customerId), 'N'),
      )
    }
    expect(shop.reports).toEqual([])
  })
})

describe('Behind a gateway,', () => {
  const token = 'a-token-of-operators'
  const ofCustomers = rows.filter(({ access, row }) => access === 'customer' && row.about !== 'nothing')
  const ofStaff = rows.filter(({ access }) => access === 'operator' || access === 'administrator')

  test.each(ofCustomers)('$name is for the customer whom it names', async operation => {
    const peopled = await openPeopledShop({ RECOUP_AUTH: 'gateway' })
    for (const { caller, target } of cellsOf(operation.row)) {
      if (caller !== 'customer' && caller !== 'another customer') continue
      const headers = { 'X-Customer-Id': String(peopled.people[caller].customerId) }
      const things = thingsFor(peopled, caller, target)
      const { status, text, changed } = await ask(peopled, operation, things, headers)
      const what = `${caller}, ${target}: ${text}`
      expect(status, what).toBe(expectedStatus(operation.row, 'customer', caller, target))
      if (status !== operation.row.status) expect(changed, what).toBe(false)
    }
  })

  test.each(ofStaff)('$name is for who has the token', async ({ method, path }) => {
    const shop = await openScenario({ environment: { RECOUP_OPERATOR_TOKEN: token } })
    const before = contentOf(shop, ['audit_log'])
    for (const headers of [
      {},
      { Authorization: 'Bearer wrong' },
      { Authorization: token },
      { 'X-Customer-Id': '1' },
      { Cookie: `__Host-session=${token}x` },
    ]) {
      const url = path.replace(/\{\w+\}/g, '1')
      const response = await shop.app.request(url, { method, headers })
      expect({ status: response.status, body: await response.json() }).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      })
    }
    expect(contentOf(shop, ['audit_log'])).toBe(before)
    const admitted = await shop.app.request(path.replace(/\{\w+\}/g, '1'), {
      method,
      headers: { Authorization: `Bearer ${token}` },
    })
    expect([401, 403]).not.toContain(admitted.status)
  })
})
