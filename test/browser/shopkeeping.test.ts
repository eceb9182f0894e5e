import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Window } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { awayPlatform } from './support/data-platform.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'
import { faultOf, send, sendInVain } from './support/filled-in.ts'
import { customerOf, openAs, type Shop } from './support/people.ts'

describeInBrowser('Shopkeeping', () => {
  let shop: Shop
  let platform: Awaited<ReturnType<typeof awayPlatform>>
  const windows: Window[] = []
  let administrator: Page
  let operator: Page
  let customer: Page

  beforeAll(async () => {
    platform = await awayPlatform()
    shop = await openBrowserShop(platform.environment)
    const open = async (...given: [Parameters<typeof openAs>[0], string, { expected?: RegExp }?]) => {
      const window = await openAs(given[0], shop, given[1], given[2])
      windows.push(window)
      window.page.setDefaultTimeout(15_000)
      return window.page
    }
    ;[administrator, operator, customer] = await Promise.all([
      open('administrator', '/console/products'),
      // Who approves what they proposed themselves is refused, which a browser notes.
      open('operator', '/console/products', { expected: /status of 403 .*\/approve\)$/ }),
      open('customer', '/shop'),
    ])
  }, 60_000)

  afterAll(async () => {
    for (const window of windows) {
      expect(window.faults).toEqual([])
      await window.close()
    }
    await shop?.close()
    await platform?.leave()
  })

  /** The row of the audit log in which something stands. */
  const audited = async (page: Page, hasText: string | RegExp) => {
    await page.goto(`${shop.url}/console/audit`)
    return page.getByRole('main').getByRole('listitem').filter({ hasText }).textContent()
  }
  const productsCalled = async (name: string) =>
    (await (await fetch(`${shop.url}/products?q=${name}`)).json()) as { id: number }[]

  it('says at each field why a product cannot be put on sale, and puts none', async () => {
    const page = administrator
    await page.getByRole('button', { name: 'Put a product on sale' }).click()
    const dialog = page.getByRole('dialog')
    await sendInVain(page, 'Give it a name.')
    expect(await faultOf(dialog.getByLabel('Name', { exact: true }))).toBe('Give it a name.')
    const price = dialog.getByLabel('Price, in the minor unit')
    expect(await faultOf(price)).toBe('Enter a whole number from 0 to 1,000,000,000.')
    expect(await faultOf(dialog.getByLabel('Options'))).toBe('Name at least one option.')
    expect(await faultOf(dialog.getByLabel('Reason'))).toBe('Say why, in a few words.')
    // Whoever uses the keyboard goes on where the first thing is missing.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true')
    await dialog.getByLabel('Name', { exact: true }).fill('Silk scarf')
    await dialog.getByLabel('Options').fill('Navy, Navy')
    await dialog.getByText('Name each option once.').waitFor()
    await dialog.getByLabel('Options').fill('Navy, Rose')
    await dialog.getByLabel('Reason').fill('New for spring.')
    await price.fill('-5')
    await sendInVain(page, 'Enter a whole number from 0 to 1,000,000,000.')
    expect(await productsCalled('Silk')).toEqual([])
  })

  it('puts a product on sale that customers see, and restocks it', async () => {
    const page = administrator
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Price, in the minor unit').fill('45,000')
    await dialog.getByText('= ₩45,000').waitFor()
    await send(page, 'New for spring.')
    await page.getByRole('heading', { name: 'Silk scarf' }).waitFor()
    const navy = page.getByRole('listitem').filter({ hasText: 'Navy' })
    await navy.getByText('sold out').waitFor()
    await navy.getByRole('button', { name: 'Restock' }).click()
    await dialog.getByLabel('Units').fill('-3')
    await sendInVain(page, 'Enter a whole number from 1 to 1,000,000,000.')
    await dialog.getByLabel('Units').fill('12')
    await send(page, 'The first delivery.')
    await navy.getByText('12', { exact: true }).waitFor()
    await page.reload()
    await navy.getByText('12', { exact: true }).waitFor()

    await customer.goto(`${shop.url}/shop?q=silk`)
    await customer.getByRole('link', { name: 'Silk scarf' }).click()
    await customer.getByLabel(/Navy/).waitFor()
    await customer.getByText('₩45,000').first().waitFor()
    await customer.getByText('12 in stock').waitFor()
  })

  it('changes name, price and units, and tells why the stock is what it is', async () => {
    const page = administrator
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Change', exact: true }).first().click()
    await dialog.getByLabel('Name', { exact: true }).fill(' ')
    await sendInVain(page, 'Give it a name.')
    await dialog.getByLabel('Name', { exact: true }).fill('Silk shawl')
    await dialog.getByLabel('Price, in the minor unit').fill('52000')
    await send(page, 'It is wider than we thought.')
    await page.getByRole('heading', { name: 'Silk shawl' }).waitFor()
    const navy = page.getByRole('listitem').filter({ hasText: 'Navy' })
    await navy.getByRole('button', { name: 'Write off' }).click()
    await dialog.getByLabel('Units').fill('2')
    await send(page, 'Two had holes.')
    await navy.getByText('10', { exact: true }).waitFor()
    await navy.getByRole('link', { name: 'Movements' }).click()
    await page.getByRole('row', { name: /Written off -2 staff/ }).waitFor()
    await page.getByRole('row', { name: /Came in \+12 staff/ }).waitFor()

    await customer.reload()
    await customer.getByRole('heading', { name: 'Silk shawl' }).waitFor()
    await customer.getByText('10 in stock').waitFor()
    expect(await audited(page, 'Two had holes.')).toContain('demo-administrator')
  })

  it('offers none of this to an operator who is no administrator, and says who may', async () => {
    const [product] = await productsCalled('Silk')
    await operator.getByText('Administrators may change products and stock').waitFor()
    await operator.goto(`${shop.url}/console/products/${product?.id}`)
    await operator.getByText('Administrators may change products and stock').waitFor()
    await operator.getByRole('link', { name: 'Movements' }).first().waitFor()
    await operator.goto(`${shop.url}/console/coupons`)
    await operator.getByText('Administrators may open and end campaigns').waitFor()
    const forbidden = /Put a product|^Change|Add an option|Restock|Write off|Open a campaign|End it/
    expect(await operator.getByRole('main').getByRole('button', { name: forbidden }).count()).toBe(0)
  })

  it('opens a campaign whose remaining count falls under the eyes of who watches, until it is ended', async () => {
    const page = administrator
    const dialog = page.getByRole('dialog')
    await page.goto(`${shop.url}/console/coupons`)
    await page.getByRole('button', { name: 'Open a campaign' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Spring')
    await dialog.getByLabel('Amount, in the minor unit').fill('0')
    await dialog.getByText('Enter a whole number from 1 to 1,000,000,000,000.').waitFor()
    await dialog.getByLabel('Amount, in the minor unit').fill('5000')
    await dialog.getByLabel('How many').fill('3')
    const ends = dialog.getByLabel('Ends, included')
    const end = await ends.inputValue()
    await ends.fill('2020-01-01T00:00')
    await dialog.getByLabel('Reason').fill('The first warm day.')
    await sendInVain(page, 'It has to end after it begins.')
    await ends.fill(end)
    await send(page, 'The first warm day.')
    const card = page.getByRole('listitem').filter({ hasText: 'Spring' })
    await card.getByText('3 of 3 left').waitFor()

    await page.evaluate(() => document.documentElement.setAttribute('data-not-reloaded', ''))
    await customer.goto(`${shop.url}/shop/account`)
    await customer.getByRole('button', { name: 'Take it: Spring' }).click()
    await card.getByText('2 of 3 left').waitFor()
    expect(await page.locator('html[data-not-reloaded]').count()).toBe(1)

    await card.getByRole('button', { name: 'End it' }).click()
    await send(page, 'It is cold again.')
    await card.getByText('Ended early').waitFor()
    expect(await card.getByRole('button', { name: 'End it' }).count()).toBe(0)
    await customer.reload()
    await customer.getByText('Spring').waitFor()
    await customer
      .getByRole('button', { name: /^Take it/ })
      .first()
      .waitFor()
    expect(await customer.getByRole('button', { name: 'Take it: Spring' }).count()).toBe(0)
  })

  it('gives a customer small credits at once, and large ones when a second person approves', async () => {
    const dialog = operator.getByRole('dialog')
    await operator.goto(`${shop.url}/console/customers`)
    await operator.getByRole('searchbox').fill('min')
    await operator.keyboard.press('Enter')
    await operator.waitForURL(/query=min/)
    await operator.getByRole('link', { name: 'minji' }).click()
    await operator.getByRole('row', { name: /Money in .*₩150,000/ }).waitFor()
    const give = operator.getByRole('button', { name: 'Give credit' })
    await give.click()
    await dialog.getByLabel('Amount, in the minor unit').fill('-1')
    await sendInVain(operator, 'Enter a whole number from 1 to 1,000,000,000.')
    await dialog.getByLabel('Amount, in the minor unit').fill('5000')
    await send(operator, 'A parcel came late.')
    await operator.getByText('The money is there.').waitFor()
    await operator.getByRole('row', { name: /Money in – \+₩5,000 ₩155,000/ }).waitFor()

    await give.click()
    await dialog.getByLabel('Amount, in the minor unit').fill('250000')
    await send(operator, 'A parcel was lost.')
    await operator.getByText('The credit waits for a second person').waitFor()
    await operator.getByRole('link', { name: 'Customers' }).click()
    await operator.getByRole('button', { name: 'Approve' }).click()
    await dialog.getByLabel('Reason').fill('I am sure.')
    await sendInVain(operator, 'Somebody else has to approve what you have proposed.')
    await operator.keyboard.press('Escape')

    await administrator.goto(`${shop.url}/console/customers`)
    await administrator.getByText('A parcel was lost. · proposed by demo-operator').waitFor()
    await administrator.getByRole('button', { name: 'Approve' }).click()
    await send(administrator, 'The carrier has confirmed it.')
    await administrator.getByText('Credits that wait').waitFor({ state: 'detached' })
    await operator.goto(`${shop.url}/console/customers/1`)
    await operator.getByRole('row', { name: /Money in – \+₩250,000 ₩405,000/ }).waitFor()
    await customer.reload()
    await customer.locator('[data-balance="405000"]').waitFor()
    expect(await audited(administrator, /Approved a credit.*demo-administrator/)).toContain(
      'The carrier has confirmed it.',
    )
  })

  it('shows what is owed to the outside, and delivers again what was given up', async () => {
    const payer = await customerOf(shop)
    await payer.pay()
    await payer.pay()
    await operator.goto(`${shop.url}/console/outbox`)
    await operator.getByText('Nothing was given up.').waitFor()
    const topic = operator.getByRole('listitem').filter({ hasText: 'payments' })
    await topic.getByText(/Owed\s*2/).waitFor()
    // A day of trying.
    shop.shop.database.exec(`UPDATE outbox SET attempts = 1439 WHERE topic = 'payments'`)
    await topic.getByText(/Given up\s*⚠\s*2/).waitFor()
    expect(await operator.getByText('ECONNREFUSED').count()).toBe(2)

    await platform.come()
    await operator.getByRole('button', { name: 'Deliver again' }).first().click()
    await sendInVain(operator, 'Say why, in a few words.')
    await send(operator, 'The platform answers one.')
    await operator.getByText('1 event is on the way again.').waitFor()
    await topic.getByText(/Given up\s*⚠\s*1/).waitFor()
    await operator.getByRole('button', { name: 'Deliver all again' }).click()
    await send(operator, 'The platform is back.')
    await operator.getByText('Nothing was given up.').waitFor()
    await topic.getByText(/Owed\s*0/).waitFor()
    expect(new Set(platform.ids()).size).toBe(2)
    expect(await audited(operator, 'The platform answers one.')).toContain('demo-operator')
    expect(await audited(operator, 'The platform is back.')).toContain('outbox/parked')
  })
})
