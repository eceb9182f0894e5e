import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoAccounts } from '../../src/cli/seed/demo-accounts.ts'
import { accessibilityFaults } from './support/accessibility-faults.ts'
import { openWindow, type Window } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'
import { customerOf, type Shop } from './support/people.ts'

const refused = /the server responded with a status of 4\d\d/

/** Logs in as one of the demo's people, without the pages. */
async function logIn({ page }: Window, shop: Shop, person: keyof typeof demoAccounts): Promise<void> {
  await page.goto(`${shop.url}/console`)
  const { username, password } = demoAccounts[person]
  const status = await page.evaluate(
    async body =>
      (await fetch('/sessions', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } }))
        .status,
    JSON.stringify({ username, password }),
  )
  expect(status).toBe(201)
}

describeInBrowser('The screens', () => {
  let shop: Shop
  let paid: number
  let undone: number
  beforeAll(async () => {
    shop = await openBrowserShop()
    const customer = await customerOf(shop)
    await customer.takeCoupon()
    paid = await customer.pay()
    undone = await customer.pay({ step: 'recordingStatistics', kind: 'refuse' })
  }, 60_000)
  afterAll(() => shop?.close())

  const forOperators = () => [
    '/console',
    '/console/inspector',
    '/console/payments',
    ...['timeline', 'statechart', 'sequence', 'events', 'context'].map(
      tab => `/console/payments/${undone}?tab=${tab}`,
    ),
    '/console/stuck',
    '/console/products',
    '/console/products/101',
    '/console/coupons',
    '/console/customers',
    '/console/customers/1',
    '/console/outbox',
    '/console/audit',
  ]
  const forCustomers = () => [
    '/shop',
    '/shop/products/101',
    '/shop/cart',
    '/shop/orders',
    `/shop/orders/${paid}`,
    `/shop/orders/${undone}`,
    '/shop/account',
    `/console/payments/${paid}`,
  ]

  /** Looks at every page of somebody: nothing bars anybody, nothing goes wrong, nothing foreign is asked for. */
  async function lookAtAll(
    person: keyof typeof demoAccounts,
    paths: readonly string[],
    look: Parameters<typeof openWindow>[1],
  ): Promise<void> {
    const window = await openWindow(shop.url, look)
    try {
      await logIn(window, shop, person)
      for (const path of paths) {
        await window.page.goto(shop.url + path)
        await window.page.getByRole('heading', { level: 1 }).waitFor()
        await window.page.waitForFunction(() =>
          [...document.querySelectorAll('[role=status]')].every(
            ({ textContent }) => textContent !== 'Loading …' && textContent !== '불러오는 중 …',
          ),
        )
        expect(await accessibilityFaults(window), path).toEqual([])
        const tooWide = await window.page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        )
        expect(tooWide, `${path} is wider than the window`).toBe(false)
      }
      expect(window.faults).toEqual([])
    } finally {
      await window.close()
    }
  }

  it.each([
    { theme: 'light', language: 'en-US', width: 1280 },
    { theme: 'dark', language: 'ko-KR', width: 375 },
  ] as const)(
    'of operators bar nobody and need nothing from elsewhere: $theme, $language, $width px',
    async look => lookAtAll('operator', forOperators(), look),
    120_000,
  )

  it.each([
    { theme: 'dark', language: 'en-US', width: 1280 },
    { theme: 'light', language: 'ko-KR', width: 375 },
  ] as const)(
    'of customers bar nobody and need nothing from elsewhere: $theme, $language, $width px',
    async look => lookAtAll('customer', forCustomers(), look),
    120_000,
  )

  it('say clearly what is wrong with an address, to somebody who may know', async () => {
    const window = await openWindow(shop.url, { expected: refused })
    const { page } = window
    try {
      await logIn(window, shop, 'operator')
      await page.goto(`${shop.url}/console/payments/4711`)
      await page.getByText('There is no payment 4711 here.').waitFor()
      await page.goto(`${shop.url}/console/payments/${paid}?at=4711`)
      await page.getByText('Moment 4711 is beyond').waitFor()
      await page.getByRole('button', { name: 'Go to the last moment' }).click()
      await page.getByRole('tablist').waitFor()
      await page.goto(`${shop.url}/console/payments/none`)
      await page.getByText('There is no payment none here.').waitFor()
      await page.goto(`${shop.url}/console/nothing`)
      await page.getByText('There is no such page.').waitFor()
      expect(window.faults).toEqual([])
    } finally {
      await window.close()
    }
  }, 40_000)

  it('tell whoever is no operator what they would have to be', async () => {
    const window = await openWindow(shop.url, { expected: refused })
    const { page } = window
    try {
      await page.goto(`${shop.url}/console/payments`)
      await page.getByText('Log in with an account that has the role operator').waitFor()
      await logIn(window, shop, 'customer')
      await page.goto(`${shop.url}/console/payments`)
      await page.getByText('You are logged in as minji, who is no operator.').waitFor()
      // Their own payment they may see.
      await page.goto(`${shop.url}/console/payments/${paid}`)
      await page.getByRole('tablist').waitFor()
    } finally {
      await window.close()
    }
  }, 40_000)

  it('speak the language of the browser, or say that they do not', async () => {
    const french = await openWindow(shop.url, { language: 'fr-FR' })
    try {
      await french.page.goto(`${shop.url}/console`)
      await french.page.getByText('This browser prefers “fr-FR”. Recoup speaks English and Korean.').waitFor()
      await french.page.getByRole('status').getByRole('button', { name: '한국어' }).click()
      await french.page.getByRole('heading', { name: '운영자 전용' }).waitFor()
      expect(await french.page.locator('html').getAttribute('lang')).toBe('ko')
      await french.page.reload()
      await french.page.getByRole('heading', { name: '운영자 전용' }).waitFor()
    } finally {
      await french.close()
    }
  }, 40_000)

  it('say when nobody answers, and go on by themselves', async () => {
    const window = await openWindow(shop.url, { expected: /ERR_|Failed to (load|fetch)|network error/i })
    const { page } = window
    try {
      await logIn(window, shop, 'operator')
      await page.goto(`${shop.url}/console`)
      await page.getByRole('heading', { name: 'How the shop is doing' }).waitFor()
      await shop.stop()
      await page.getByText('The server does not answer.').waitFor()
      await shop.start()
      await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
      expect(window.faults).toEqual([])
    } finally {
      await window.close()
    }
  }, 60_000)
})
