import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** Every secret setting. */
const canaries = {
  RECOUP_OPERATOR_TOKEN: 'canary-operator-token-0001',
  RECOUP_DATA_PLATFORM_SECRET: 'canary-platform-secret-0002',
}
const addressCanary = 'canary-address-0003'
/** What callers send where it does not belong, or where it must not stay. */
const sent = 'canary-sent-0004'

interface Attempt {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const json = { 'Content-Type': 'application/json' }
const operator = { ...json, Authorization: `Bearer ${canaries.RECOUP_OPERATOR_TOKEN}` }

const attempts: readonly Attempt[] = [
  {
    method: 'GET',
    path: '/balances/1',
    headers: { Authorization: `Bearer ${sent}`, Cookie: `session=${sent}` },
  },
  { method: 'GET', path: '/balances/1', headers: { 'X-Customer-Id': sent } },
  { method: 'GET', path: `/orders/${sent}` },
  { method: 'GET', path: `/nowhere/${sent}?password=${sent}` },
  { method: 'GET', path: `/products?q=${sent}` },
  { method: 'GET', path: `/products?cursor=${sent}` },
  { method: 'GET', path: '/operator/audit', headers: { Authorization: `Bearer ${sent}` } },
  { method: 'GET', path: '/operator/audit', headers: operator },
  { method: 'GET', path: '/operator/outbox', headers: operator },
  {
    method: 'GET',
    path: '/operator/audit',
    headers: { Authorization: `Basic ${canaries.RECOUP_OPERATOR_TOKEN}` },
  },
  {
    method: 'POST',
    path: '/operator/outbox/replay',
    headers: operator,
    body: { parked: true, reason: 'To see.' },
  },
  {
    method: 'POST',
    path: '/operator/dead-letters/1/skip',
    headers: operator,
    body: { reason: 'To see.', token: sent },
  },
  { method: 'POST', path: '/orders', headers: json, body: { customerId: 1, items: [], password: sent } },
  { method: 'POST', path: '/orders', headers: json, body: { customerId: sent, items: sent } },
  { method: 'POST', path: '/payments', headers: json, body: { orderId: sent } },
  { method: 'POST', path: '/payments', headers: { 'Content-Type': sent }, body: {} },
  {
    method: 'PATCH',
    path: '/balances/charge',
    headers: { ...json, Authorization: `Bearer ${sent}` },
    body: { customerId: 1, amount: 5 },
  },
  { method: 'PATCH', path: '/balances/charge', headers: json, body: { customerId: 1, amount: sent } },
  {
    method: 'POST',
    path: '/coupons/issue',
    headers: { ...json, Cookie: `token=${sent}` },
    body: { couponId: 201, customerId: 1 },
  },
  { method: 'POST', path: '/customers', headers: json, body: { username: 'canary-watcher', password: sent } },
  { method: 'POST', path: '/sessions', headers: json, body: { username: 'nobody', password: sent } },
  { method: 'DELETE', path: '/sessions/current', headers: { Authorization: `Bearer ${sent}` } },
  {
    method: 'PATCH',
    path: '/customers/me',
    headers: { ...json, Authorization: `Bearer ${sent}` },
    body: { password: sent },
  },
]

async function tell(url: string, { method, path, headers = {}, body }: Attempt): Promise<string> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`
}

describe('Secrets', () => {
  it('stay out of the log, answers, numbers and files, whatever is sent and whatever fails', async () => {
    using directory = temporaryDirectory()
    await recoup(['seed', '--data', directory.path])
    // Nobody is there, so that its address is in the way of every delivery.
    const environment = {
      ...canaries,
      RECOUP_DATA_PLATFORM_URL: `http://127.0.0.1:9/${addressCanary}?token=${addressCanary}`,
      RECOUP_LOG: 'debug',
    }
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path], {
      environment,
    })
    const url = await server.listening
    const answers: string[] = []
    for (const attempt of attempts) answers.push(await tell(url, attempt))

    const items = [{ productId: 101, productOptionId: 1012, quantity: 1 }]
    const order = await tell(url, {
      method: 'POST',
      path: '/orders',
      headers: json,
      body: { customerId: 1, items },
    })
    const orderId = Number(/"orderId":(\d+)/.exec(order)?.[1])
    const paid = await tell(url, { method: 'POST', path: '/payments', headers: json, body: { orderId } })
    expect(paid).toMatch(/^201 /)
    const numbers = await tell(url, { method: 'GET', path: '/metrics' })
    const files = () =>
      readdirSync(directory.path).map(name => readFileSync(join(directory.path, name), 'latin1'))
    const whileRunning = files()
    const { output, errors } = await server.end('SIGTERM')

    // There was something to find it in: the log has every request, and the files what was sent in earnest.
    const lines = errors
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { method?: string })
    expect(lines.filter(({ method }) => method !== undefined).length).toBeGreaterThanOrEqual(
      attempts.length + 3,
    )
    expect(errors).toContain(`"orderId":${orderId}`)
    expect(whileRunning.join('')).toContain(`order/${orderId}`)

    const places = {
      output,
      errors,
      numbers,
      answers: answers.join('\n'),
      files: [...whileRunning, ...files()].join('\n'),
    }
    for (const canary of [...Object.values(canaries), addressCanary, sent]) {
      expect(
        Object.entries(places)
          .filter(([, text]) => text.includes(canary))
          .map(([place]) => `${canary} in ${place}`),
      ).toEqual([])
    }
  })

  it('stay out of what is said about wrong settings', async () => {
    const environment = {
      RECOUP_OPERATOR_TOKEN: 'canary of blanks 0005',
      RECOUP_DATA_PLATFORM_SECRET: 'canary-6',
      RECOUP_DATA_PLATFORM_URL: 'ftp://canary-0007',
    }
    const { status, output, errors } = await recoup(['serve', '--port', '0'], { environment })
    expect(status).toBe(2)
    expect(errors.trimEnd().split('\n')).toHaveLength(3)
    expect(`${output}${errors}`).not.toContain('canary')
  })
})
