import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoAccounts } from '../../src/cli/seed/demo-accounts.ts'
import { line } from '../support/client.ts'
import { openWindow, type Theme, type Window } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Shop = Awaited<ReturnType<typeof openBrowserShop>>

/** A customer's side of the shop, from outside the browser. */
async function customerOf({ url }: Shop) {
  async function ask(method: string, path: string, body: object | undefined, token?: string) {
    const headers = {
      Prefer: 'respond-async',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    }
    const answer = await fetch(url + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as { orderId: number; token: string }
  }
  const { username, password } = demoAccounts.customer
  const { token } = await ask('POST', '/sessions', { username, password })
  return {
    /** Pays an order, one step of which may be made to fail. */
    async pay(fault?: { step: string; kind: string }): Promise<number> {
      const { orderId } = await ask('POST', '/orders', { customerId: 1, items: [line(1061)] }, token)
      if (fault !== undefined) await ask('PUT', `/demo/faults/${orderId}`, fault, token)
      await ask('POST', '/payments', { orderId }, token)
      return orderId
    },
    lift: (orderId: number) => ask('DELETE', `/demo/faults/${orderId}`, undefined, token),
  }
}

/** Opens a window in which an operator is logged in. */
async function openAsOperator({ url }: Shop, path: string, theme: Theme = 'light'): Promise<Window> {
  const window = await openWindow(url, { theme })
  await window.page.goto(url + path)
  await window.page.getByRole('button', { name: /Continue as demo-operator/ }).click()
  await window.page.getByRole('link', { name: 'Audit log' }).waitFor()
  return window
}

async function accessibilityFaults({ page }: Window): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { run } = (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } })
      .axe
    return (await run()).violations.map(({ id }) => id)
  })
}

describeInBrowser('The console', () => {
  let shop: Shop
  let customer: Awaited<ReturnType<typeof customerOf>>
  let window: Window
  const payments = { paid: 0, refused: 0, stuck: 0 }

  beforeAll(async () => {
    shop = await openBrowserShop()
    customer = await customerOf(shop)
    payments.paid = await customer.pay()
    payments.refused = await customer.pay({ step: 'deductingBalance', kind: 'refuse' })
    payments.stuck = await customer.pay({ step: 'deductingBalance', kind: 'stuck' })
    window = await openAsOperator(shop, '/console/payments')
  }, 60_000)

  afterAll(async () => {
    await window?.close()
    await shop?.close()
  })

  it('keeps what is looked for in the address, so that it survives loading the page again', async () => {
    const { page } = window
    const rows = page.locator('tbody tr')
    await page.getByRole('button', { name: /^Rolled back/ }).click()
    await page.waitForURL(/state=FAILED/)
    await page.getByText('More filters').click()
    await page.getByLabel('Failed at').selectOption('deductingBalance')
    await page.waitForURL(/failedAt=deductingBalance/)
    await page.reload()
    await rows.first().waitFor()
    expect(await rows.count()).toBe(1)
    expect(await rows.first().textContent()).toContain(`${payments.refused}`)
    expect(await page.getByRole('button', { name: /^Rolled back/ }).getAttribute('aria-pressed')).toBe('true')
    expect(await page.getByLabel('Failed at').inputValue()).toBe('deductingBalance')
    await page.getByRole('button', { name: 'Drop filters' }).click()
    await page.waitForURL(url => !url.search.includes('failedAt'))
  })

  it('goes to the only thing that has an id, and lists those that share a name', async () => {
    const { page } = window
    await page.goto(`${shop.url}/console/payments`)
    await page.getByText('3 payments').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('l')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: /Product Linen shirt/ }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox').fill(`${payments.paid}`)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/console/payments/${payments.paid}`)
  })

  it('is walked through with the keyboard', async () => {
    const { page } = window
    await page.goto(`${shop.url}/console/payments`)
    const links = page.locator('a[data-payment]')
    await links.first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    const focused = await page.evaluate(() => document.activeElement?.textContent)
    expect(focused).toBe(await links.nth(1).textContent())
  })

  it('has a rollback that nobody ends resolved by an operator with a reason, effect first', async () => {
    const { page } = window
    await page.goto(`${shop.url}/console/stuck`)
    // Five resends of the undo, each after twice as long.
    await page.locator('[data-standing=rollbackIncomplete]').waitFor({ timeout: 20_000 })
    expect(await page.locator('[data-standing=rolledBack]').count()).toBe(0)
    await page.getByRole('button', { name: 'Retry now' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('the money is given back').waitFor()
    expect(await accessibilityFaults(window)).toEqual([])
    await dialog.getByRole('button', { name: 'Retry now' }).click()
    await dialog.getByText('Say why, in a few words.').waitFor()
    await dialog.getByLabel('Reason').fill('The wallet answers again.')
    await dialog.getByRole('button', { name: 'Retry now' }).click()
    // Its resends are counted anew.
    await page.getByText('Nobody is needed.').waitFor()
    await customer.lift(payments.stuck)
    await page.goto(`${shop.url}/console/audit?subject=payment/${payments.stuck}`)
    await page.getByText('The wallet answers again.').waitFor()
    await page.goto(`${shop.url}/console/payments?order=${payments.stuck}`)
    await page.locator('[data-standing=rolledBack]').waitFor()
  }, 40_000)

  it('tells what would happen to all before it happens to any', async () => {
    const { page } = window
    const stuck = [
      await customer.pay({ step: 'decreasingStock', kind: 'stuck' }),
      await customer.pay({ step: 'decreasingStock', kind: 'stuck' }),
    ]
    await page.goto(`${shop.url}/console/payments?state=COMPENSATING`)
    await page.getByText('2 of 5 payments').waitFor()
    await page.getByRole('button', { name: 'Do to all of them …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('of 2 can take it.').waitFor()
    await dialog.getByLabel('Reason').fill('The warehouse answers again.')
    await dialog.getByRole('button', { name: 'Retry now: 2' }).click()
    await dialog.getByText('Done: 2.').waitFor()
    for (const orderId of stuck) await customer.lift(orderId)
    await dialog.getByRole('button', { name: 'Fine' }).click()
    await page.getByText('Nothing goes with these filters.').waitFor()
  }, 20_000)

  it.each(['light', 'dark'] as const)(
    'is accessible in the %s theme, and asks nothing of anybody else',
    async theme => {
      const own = await openAsOperator(shop, '/console/payments?attention=true', theme)
      try {
        for (const path of [
          'payments',
          'payments?attention=true',
          'stuck',
          'audit',
          'audit?operator=nobody',
        ]) {
          await own.page.goto(`${shop.url}/console/${path}`)
          await own.page.getByRole('heading', { level: 1 }).waitFor()
          await own.page.waitForLoadState('networkidle')
          expect(await accessibilityFaults(own), path).toEqual([])
        }
        expect(own.faults).toEqual([])
      } finally {
        await own.close()
      }
    },
    40_000,
  )

  it('went wrong nowhere meanwhile', () => {
    expect(window.faults).toEqual([])
  })
})
