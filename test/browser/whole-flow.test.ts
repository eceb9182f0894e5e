import { expect, it } from 'vitest'
import { openWindow } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'

describeInBrowser('A stranger', () => {
  it('signs up, charges, takes a coupon, orders, pays, and sees the machine that holds the money', async () => {
    const shop = await openBrowserShop()
    const window = await openWindow(shop.url)
    const { page } = window
    try {
      await page.goto(`${shop.url}/shop/account`)
      await page.getByRole('button', { name: 'New here? Sign up' }).click()
      await page.getByLabel('Username').fill('hangang')
      await page.getByLabel('Password').fill('a river runs through the city')
      await page.getByRole('button', { name: 'Sign up', exact: true }).click()
      await page.getByRole('button', { name: 'Log out' }).waitFor()

      await page.getByLabel('Other amount').fill('100000')
      await page.getByRole('button', { name: 'Charge', exact: true }).click()
      await page.locator('[data-balance="100000"]').waitFor()
      await page.getByRole('button', { name: 'Take it: 3,000 off' }).click()
      await page.getByText('You have it').waitFor()

      await page.goto(`${shop.url}/shop/products/101`)
      await page.getByRole('button', { name: 'Add to cart' }).click()
      await page.getByRole('link', { name: 'To the cart' }).click()
      await page.getByRole('button', { name: 'Place the order' }).click()
      await page.locator('[data-order-status="CREATED"]').waitFor()
      await page.getByLabel('Coupon', { exact: true }).selectOption({ index: 1 })
      await page.getByRole('button', { name: /^Pay / }).click()
      await page.locator('[data-order-status="PAID"]').waitFor()

      await page.getByRole('link', { name: /inspector/ }).click()
      await page.locator('[data-standing=completed]').waitFor()
      await page.getByRole('tab', { name: 'Statechart' }).click()
      await page.locator('g[data-state=completed][data-lit=true]').waitFor()
      await page.getByRole('tab', { name: 'Sequence' }).click()
      const lines = page.locator('li[data-step]')
      await lines.first().waitFor()
      const said = await lines.evaluateAll(all => all.map(line => line.getAttribute('data-type')))
      // The order and the table of the payment's specification.
      expect(said.slice(said.indexOf('BeginPayment'))).toEqual([
        'BeginPayment',
        'OrderPaymentBegun',
        'DecreaseStock',
        'StockDecreased',
        'UseCoupon',
        'CouponUsed',
        'DeductBalance',
        'BalanceDeducted',
        'CompletePayment',
        'OrderPaid',
        'RecordSale',
        'SaleRecorded',
        'PaymentCompleted',
      ])
      expect(await page.locator('[data-ledger-sum]').getAttribute('data-ledger-sum')).toBe('0')
      expect(window.faults).toEqual([])
    } finally {
      await window.close()
      await shop.close()
    }
  }, 60_000)
})
