import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWindow, type Window } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'

describeInBrowser('The demo shop', () => {
  let shop: Awaited<ReturnType<typeof openBrowserShop>>
  let window: Window
  let page: Page

  beforeAll(async () => {
    shop = await openBrowserShop()
    window = await openWindow(shop.url)
    page = window.page
    page.setDefaultTimeout(15_000)
    // The replay then waits until it is asked for.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto(`${shop.url}/shop`)
    await page.getByRole('button', { name: 'Continue as minji' }).click()
    await page.getByRole('button', { name: 'Log out' }).waitFor()
    await page.getByRole('link', { name: 'Account' }).click()
    await page.getByLabel('Other amount').fill('500000')
    await page.getByRole('button', { name: 'Charge', exact: true }).click()
    await page.locator('[data-balance="650000"]').waitFor()
    await page.getByRole('button', { name: 'Take it: 3,000 off' }).click()
    await page.getByText('You have it').waitFor()
  }, 60_000)

  afterAll(async () => {
    expect(window.faults).toEqual([])
    await window.close()
    await shop.close()
  })

  const balance = () => shop.shop.questions.balanceAmount(1)

  /** Puts a shirt in the cart and orders it. */
  async function order() {
    await page.goto(`${shop.url}/shop/products/101`)
    await page.getByRole('button', { name: 'Add to cart' }).click()
    await page.getByRole('link', { name: 'To the cart' }).click()
    await page.locator('[data-total="39000"]').waitFor()
    await page.getByRole('button', { name: 'Place the order' }).click()
    await page.locator('[data-order-status="CREATED"]').waitFor()
  }

  async function arm(step: string, kind: string) {
    await page.getByLabel('Step', { exact: true }).selectOption(step)
    await page.getByLabel('How', { exact: true }).selectOption(kind)
    await page.getByRole('button', { name: 'Arm the fault' }).click()
    await page.locator(`[data-fault="${step} ${kind}"]`).waitFor()
  }

  const pay = () => page.getByRole('button', { name: /^Pay / })

  const standings = () =>
    page
      .locator('[data-step]')
      .evaluateAll(rows => rows.map(row => row.getAttribute('data-standing')).join(' '))

  describe('a payment', () => {
    test.each([
      ['claimingOrder', 'refused ahead ahead ahead ahead ahead'],
      ['decreasingStock', 'undone refused ahead ahead ahead ahead'],
      ['usingCoupon', 'undone undone refused ahead ahead ahead'],
      ['deductingBalance', 'undone undone undone refused ahead ahead'],
      ['recordingPayment', 'undone undone undone undone refused ahead'],
      ['recordingStatistics', 'undone undone undone undone undone refused'],
    ])('that is refused at %s is shown going back, and nothing was charged', async (step, expected) => {
      const before = balance() ?? 0
      await order()
      await page.getByLabel('Coupon', { exact: true }).selectOption({ index: 1 })
      await arm(step, 'refuse')
      await pay().click()
      await page.locator('[data-ended="rolled-back"]').waitFor()
      expect(await page.locator('[data-ended]').textContent()).toContain('Rolled back: nothing was charged.')
      expect(await standings()).toBe(expected)
      await page.locator('[data-order-status="CREATED"]').waitFor()
      expect(balance()).toBe(before)

      await page.reload()
      await page.locator('[data-ended="rolled-back"]').waitFor()
      await page.getByRole('button', { name: 'Pay again' }).click()
      await page.locator('[data-ended="completed"]').waitFor()
      expect(balance()).toBe(before - 39_000)
    })

    test('whose undo is stuck is called incomplete, and is rolled back once the fault is lifted', async () => {
      const before = balance() ?? 0
      await order()
      await arm('deductingBalance', 'stuck')
      await pay().click()
      await page.locator('[data-standing="rollbackIncomplete"]').waitFor()
      expect(await page.locator('[data-ended]').count()).toBe(0)
      expect(balance()).toBe(before - 39_000)
      await page.getByRole('alert').getByRole('button', { name: 'Lift the fault' }).click()
      await page.locator('[data-ended="rolled-back"]').waitFor()
      await page.locator('[data-order-status="CREATED"]').waitFor()
      expect(balance()).toBe(before)
    })

    test('is made once by a double click, and leads to the inspector', async () => {
      const before = balance() ?? 0
      await order()
      await pay().dblclick()
      await page.locator('[data-ended="completed"]').waitFor()
      await page.locator('[data-order-status="PAID"]').waitFor()
      expect(await standings()).toBe('done done done done done')
      expect(balance()).toBe(before - 39_000)
      await page.getByRole('link', { name: /inspector/ }).click()
      await page.waitForURL(/\/console\/payments\/\d+/)
      await page.goBack()
      await page.locator('[data-ended="completed"]').waitFor()
    })

    test('is replayed in slow motion, labelled so, when asked to', async () => {
      await page.getByRole('button', { name: 'Replay' }).click()
      await page.locator('[data-replay="playing"]').waitFor()
      expect(await page.locator('[data-replay]').textContent()).toMatch(
        /Replayed from the journal.*it really took/,
      )
      await page.locator('[data-step="claimingOrder"][data-standing="asked"]').waitFor()
      expect(await standings()).toMatch(/ahead$/)
      await page.getByRole('button', { name: 'To the end' }).click()
      expect(await standings()).toBe('done done done done done')
    })

    test('is given back item by item', async () => {
      const before = balance() ?? 0
      await page.getByLabel('Linen shirt S: how many of 1').fill('1')
      await page.getByRole('button', { name: 'Return these' }).click()
      await page.locator('[data-order-status="RETURNED"]').waitFor()
      expect(balance()).toBe(before + 39_000)
    })
  })
})
