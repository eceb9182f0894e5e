import { afterAll, beforeAll, expect, it } from 'vitest'
import { accessibilityFaults } from './support/accessibility-faults.ts'
import type { Window } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'
import { customerOf, openAsOperator, type Shop } from './support/people.ts'

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
