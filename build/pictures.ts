/**
 * `npm run pictures`: starts the demo, pays, lets a step fail, and writes the pictures of the README, light and dark, into
 * docs/pictures. Needs a Chromium.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { demoAccounts } from '../src/cli/seed/demo-accounts.ts'
import { openWindow, type Theme } from '../test/browser/support/browser.ts'

const pictures = 'docs/pictures'
const twoThings = [
  { productId: 101, productOptionId: 1012, quantity: 1 },
  { productId: 106, productOptionId: 1061, quantity: 1 },
]
const data = mkdtempSync(join(tmpdir(), 'recoup-pictures-'))
const server = spawn(process.execPath, ['src/main.ts', 'demo', '--port', '0', '--data', data], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const exited = once(server, 'exit')
try {
  const url = await listening()
  const { undone, paid, payMore } = await makePayments(url)
  mkdirSync(pictures, { recursive: true })
  const shown: readonly [name: string, path: string, sign: string][] = [
    ['inspector', `/console/payments/${undone}?tab=statechart`, 'svg [data-state]'],
    ['payment', `/console/payments/${paid}?tab=timeline`, '[role=tabpanel]'],
    ['console', '/console', 'canvas'],
    ['shop', '/shop', 'main a[href^="/shop/products/"]'],
  ]
  for (const theme of ['light', 'dark'] as const) {
    for (const [name, path, sign] of shown) {
      await picture(url, path, sign, theme, `${pictures}/${name}-${theme}.png`, payMore)
      process.stdout.write(`${pictures}/${name}-${theme}.png\n`)
    }
  }
} finally {
  server.kill('SIGTERM')
  await exited
  rmSync(data, { recursive: true })
}

async function listening(): Promise<string> {
  if (server.stdout === null) throw new Error('The demo says nothing')
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /listening on (\S+)/.exec(line)?.[1]
    if (url === undefined) continue
    server.stdout.resume()
    return url
  }
  throw new Error('The demo ended before it listened')
}

async function picture(
  url: string,
  path: string,
  shown: string,
  theme: Theme,
  file: string,
  payMore: () => Promise<void>,
): Promise<void> {
  const { page, faults, close } = await openWindow(url, {
    theme,
    width: 1_600,
    height: path.includes('statechart') ? 1_560 : 900,
    scale: 1.25,
  })
  await page.goto(`${url}/console`)
  const { username, password } = path.startsWith('/shop') ? demoAccounts.customer : demoAccounts.operator
  await page.evaluate(async body => {
    await fetch('/sessions', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })
  }, JSON.stringify({ username, password }))
  await page.goto(url + path)
  await page.locator(shown).first().waitFor()
  // What is live has to have lived for a moment.
  await page.waitForLoadState('networkidle').catch(() => {})
  if (path === '/console') await payMore()
  await page.screenshot({ path: file })
  await close()
  if (faults.length > 0) throw new Error(`${path} had faults: ${faults.join(', ')}`)
}

/** Two orders of the demo's customer: one that is paid, and one whose last step fails so that everything is undone. */
async function makePayments(
  url: string,
): Promise<{ undone: number; paid: number; payMore(): Promise<void> }> {
  const json = { 'Content-Type': 'application/json' }
  const { username, password } = demoAccounts.customer
  let headers: Record<string, string> = json
  const { token } = (await send('POST', '/sessions', { username, password })) as { token: string }
  headers = { ...json, Authorization: `Bearer ${token}` }
  await send('POST', '/coupons/issue', { couponId: 201, customerId: 1 })
  const [undone, paid] = [await order(), await order()]
  await send('PUT', `/demo/faults/${undone}`, { step: 'recordingStatistics', kind: 'refuse' })
  await send('POST', '/payments', { orderId: undone, couponId: 201 })
  await send('POST', '/payments', { orderId: paid, couponId: 201 })
  return { undone, paid, payMore }

  /** Payments for some ten seconds, now more and now fewer. */
  async function payMore(): Promise<void> {
    await send('PATCH', '/balances/charge', { customerId: 1, amount: 1_000_000 })
    for (let tick = 0; tick < 12; tick += 1) {
      for (let made = 0; made < 1 + (tick % 4); made += 1) {
        await send('POST', '/payments', {
          orderId: await order([{ productId: 106, productOptionId: 1061, quantity: 1 }]),
        })
      }
      await wait(800)
    }
  }

  async function order(items: readonly object[] = twoThings): Promise<number> {
    const { orderId } = (await send('POST', '/orders', { customerId: 1, items })) as { orderId: number }
    return orderId
  }

  async function send(method: string, path: string, body: object): Promise<unknown> {
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) })
    return answer.json()
  }
}
