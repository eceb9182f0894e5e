import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoAccounts } from '../../src/cli/seed/demo-accounts.ts'
import { line } from '../support/client.ts'
import { openWindow, type Window } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'

type Shop = Awaited<ReturnType<typeof openBrowserShop>>

/** An order whose payment is undone, from outside the browser. It ends on the far side of the picture. */
async function undoneOrder({ url }: Shop): Promise<number> {
  async function send(path: string, body: object, token?: string, method = 'POST') {
    const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` }
    const answer = await fetch(url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...authorization },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as { orderId: number; token: string }
  }
  const { username, password } = demoAccounts.customer
  const { token } = await send('/sessions', { username, password })
  const { orderId } = await send('/orders', { customerId: 1, items: [line(1061)] }, token)
  await send(`/demo/faults/${orderId}`, { step: 'deductingBalance', kind: 'refuse' }, token, 'PUT')
  await send('/payments', { orderId }, token)
  return orderId
}

describeInBrowser('A statechart on a phone', () => {
  let shop: Shop
  let window: Window
  const frame = () => window.page.getByRole('region', { name: /^Statechart of the machine payment/ })
  const widthOf = async () => (await frame().locator('svg').boundingBox())?.width ?? Number.NaN

  beforeAll(async () => {
    shop = await openBrowserShop()
    const order = await undoneOrder(shop)
    window = await openWindow(shop.url, { width: 375 })
    await window.page.goto(`${shop.url}/console/payments/${order}?tab=statechart`)
    await window.page.getByRole('button', { name: /demo-operator/ }).click()
    await frame().waitFor()
  }, 60_000)
  afterAll(async () => {
    await window?.close()
    await shop?.close()
  })

  it('is scrolled in its frame, large enough to be read, and the page is not', async () => {
    const letters = await frame()
      .locator('[data-state] text')
      .first()
      .evaluate(text => text.getBoundingClientRect().height)
    expect(letters).toBeGreaterThan(10)
    const isWide = await frame().evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    expect(isWide).toBe(true)
    const excess = await window.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(excess).toBe(0)
  })

  it('begins with what is lit within the frame', async () => {
    const [around, lit] = await Promise.all([
      frame().boundingBox(),
      frame().locator('[data-state][data-lit="true"]').boundingBox(),
    ])
    if (around === null || lit === null) throw new Error('Nothing is lit')
    expect(lit.x).toBeGreaterThanOrEqual(around.x)
    expect(lit.x + lit.width).toBeLessThanOrEqual(around.x + around.width)
  })

  it('is larger and smaller with every press, and as before with the last', async () => {
    const { page } = window
    const before = await widthOf()
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
    await press('Larger')
    expect(await widthOf()).toBeCloseTo(before * 1.25, -1)
    await press('Fit')
    await press('Smaller')
    expect(await widthOf()).toBeCloseTo(before / 1.25, -1)
    await press('Fit')
    expect(await widthOf()).toBeCloseTo(before, -1)
  })

  it('tells of a state that is chosen with the keyboard', async () => {
    const { page } = window
    await frame().focus()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-state'))).toBe('idle')
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    expect(focused).toMatch(/^paying\.claimingOrder\. visited once\. /)
    await page.keyboard.press('Enter')
    await page.locator('[aria-live="polite"]', { hasText: 'OrderPaymentBegun' }).waitFor()
    expect(window.faults).toEqual([])
  })
})
