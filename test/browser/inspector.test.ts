import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWindow, type Window } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'
import { customerOf, openAsOperator, type Shop } from './support/people.ts'

/** The commands of spec'd order: what goes forward, and of each failing step what is undone. */
const forward = [
  'BeginPayment',
  'DecreaseStock',
  'UseCoupon',
  'DeductBalance',
  'CompletePayment',
  'RecordSale',
]
const undone: Readonly<Record<string, readonly string[]>> = {
  claimingOrder: [],
  decreasingStock: ['ReleaseOrder'],
  usingCoupon: ['RestoreStock', 'ReleaseOrder'],
  deductingBalance: ['RestoreCoupon', 'RestoreStock', 'ReleaseOrder'],
  recordingPayment: ['RefundBalance', 'RestoreCoupon', 'RestoreStock', 'ReleaseOrder'],
  recordingStatistics: ['VoidPayment', 'RefundBalance', 'RestoreCoupon', 'RestoreStock', 'ReleaseOrder'],
}
const steps = Object.keys(undone)

const paymentUrl = (shop: Shop, id: number, more = '') => `${shop.url}/console/payments/${id}${more}`

/** The commands of the payment in the sequence diagram, from top to bottom. */
async function commandsShown(page: Page): Promise<(string | null)[]> {
  const lines = page.locator('li[data-step]')
  await lines.first().waitFor()
  const types = await lines.evaluateAll(all => all.map(line => line.getAttribute('data-type')))
  return types.filter(
    type =>
      forward.includes(type ?? '') ||
      Object.values(undone)
        .flat()
        .includes(type ?? ''),
  )
}

async function litStates(page: Page): Promise<string[]> {
  await page.locator('g[data-lit=true]').first().waitFor()
  return page
    .locator('g[data-lit=true]')
    .evaluateAll(all => all.map(state => state.getAttribute('data-state') ?? ''))
}

describeInBrowser('The inspector', () => {
  let shop: Shop
  let customer: Awaited<ReturnType<typeof customerOf>>
  let window: Window
  let page: Page
  let paid: number

  beforeAll(async () => {
    shop = await openBrowserShop()
    customer = await customerOf(shop)
    await customer.takeCoupon()
    window = await openAsOperator(shop, '/console/inspector')
    page = window.page
  }, 60_000)
  afterAll(async () => {
    await window?.close()
    await shop?.close()
  })

  it.each(steps)(
    'shows what is undone when %s fails, in order, and that no money has moved',
    async step => {
      const id = await customer.pay({ step, kind: 'refuse' }, { coupon: true })
      await page.goto(paymentUrl(shop, id, '?tab=sequence'))
      await page.locator('[data-standing=rolledBack]').waitFor()
      const place = steps.indexOf(step) + 1
      expect(await commandsShown(page)).toEqual([...forward.slice(0, place), ...(undone[step] ?? [])])
      if (place > 4) expect(await page.locator('[data-ledger-sum]').getAttribute('data-ledger-sum')).toBe('0')
      await page.goto(paymentUrl(shop, id, '?tab=statechart'))
      expect(await litStates(page)).toEqual(['failed'])
      // The lane is told by its border and its sign too.
      const lane = page.locator('g[data-stage=compensating]')
      expect(await lane.locator('rect').first().getAttribute('stroke-dasharray')).not.toBeNull()
      expect(await lane.textContent()).toContain('↶')
    },
    20_000,
  )

  it('shows a payment that went well, its commands in order and its chart at completed', async () => {
    paid = await customer.pay(undefined, { coupon: true })
    await page.goto(paymentUrl(shop, paid, '?tab=sequence'))
    await page.locator('[data-standing=completed]').waitFor()
    expect(await commandsShown(page)).toEqual(forward)
    await page.getByRole('tab', { name: 'Statechart' }).click()
    expect(await litStates(page)).toEqual(['completed'])
    expect(await page.locator('[data-ledger-sum]').getAttribute('data-ledger-sum')).toBe('0')
  })

  it('went wrong nowhere meanwhile', () => {
    expect(window.faults).toEqual([])
  })

  it('comes back after the server was started again, and has lost nothing', async () => {
    const own = await openWindow(shop.url, { expected: /ERR_|Failed to (load|fetch)|network error/i })
    try {
      await own.page.goto(`${shop.url}/console/inspector`)
      await own.page.getByRole('button', { name: /Continue as demo-operator/ }).click()
      await own.page.locator('[data-connection=live]').waitFor()
      const before = await customer.pay()
      await own.page
        .getByRole('link', { name: `Payment ${before}` })
        .first()
        .waitFor()
      await shop.stop()
      await own.page.locator('[data-connection=lost]').waitFor()
      await shop.start()
      // Committed while nobody could be told.
      const missed = await customer.pay()
      await own.page.locator('[data-connection=live]').waitFor()
      await own.page
        .getByRole('link', { name: `Payment ${missed}` })
        .first()
        .waitFor()
      const shown = await own.page
        .locator('li[data-sequence]')
        .evaluateAll(rows => rows.map(row => Number(row.getAttribute('data-sequence'))))
      // Newest first, without a gap since the first that is shown.
      expect(shown).toEqual(shown.map((_, place) => (shown[0] ?? 0) - place))
      expect(await own.page.locator('[data-gap]').count()).toBe(0)
      expect(own.faults).toEqual([])
    } finally {
      await own.close()
    }
  }, 60_000)
})
