import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults } from './support/accessibility-faults.ts'
import type { Theme, Window } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { awayPlatform } from './support/data-platform.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'
import { sendInVain } from './support/filled-in.ts'
import { customerOf, openAs, type Shop } from './support/people.ts'

const looks = [
  ['light', 1280],
  ['dark', 375],
] as const satisfies [Theme, number][]

/** Presses a button of the page, of which there may be several alike. */
const press = (name: string | RegExp) => async (page: Page) =>
  page.getByRole('main').getByRole('button', { name, exact: true }).first().click()

/** The same, and sends what is then open as it is, so that its sentences are there too. */
const pressAndSend = (name: string, sentence: string) => async (page: Page) => {
  await press(name)(page)
  await sendInVain(page, sentence)
}

describeInBrowser('What opens on a page of the console', () => {
  let shop: Shop
  let platform: Awaited<ReturnType<typeof awayPlatform>>
  let window: Window
  let page: Page
  /** The page on which the last dialog was opened. */
  let shown = ''
  const payments = { waiting: 0, uncounted: 0, senseless: 0 }

  beforeAll(async () => {
    platform = await awayPlatform()
    // A refusal without a reason, which no payment can bear: its message is set aside.
    shop = await openBrowserShop(
      { ...platform.environment, RECOUP_STEP_DEADLINE_MS: '600000' },
      ({ message, correlationId }) =>
        message.type === 'DeductBalance' && correlationId === `order/${payments.senseless}`
          ? { answer: { type: 'DeductBalanceRejected' } }
          : 'deliver',
    )
    const customer = await customerOf(shop)
    await customer.pay()
    shop.shop.database.exec(`UPDATE outbox SET attempts = 1439 WHERE topic = 'payments'`)
    payments.waiting = await customer.pay({ step: 'deductingBalance', kind: 'silence' })
    payments.uncounted = await customer.pay({ step: 'recordingStatistics', kind: 'silence' })
    payments.senseless = await customer.order()
    await customer.payFor(payments.senseless)
    window = await openAs('administrator', shop, '/console/customers/1')
    page = window.page
    page.setDefaultTimeout(15_000)
    await press('Give credit')(page)
    await page.getByLabel('Amount, in the minor unit').fill('250000')
    await page.getByLabel('Reason').fill('A parcel was lost.')
    await page.getByRole('dialog').getByRole('button', { name: 'Give credit' }).click()
    await page.getByText('The credit waits for a second person').waitFor()
  }, 60_000)

  afterAll(async () => {
    await window?.close()
    await shop?.close()
    await platform?.leave()
  })

  const ofProducts: [string, () => string, (page: Page) => Promise<void>][] = [
    ['a new product', () => 'products', pressAndSend('Put a product on sale', 'Give it a name.')],
    ['a change of a product', () => 'products/101', pressAndSend('Change', 'Change the name or the price')],
    ['a new option', () => 'products/101', pressAndSend('Add an option', 'Give it a name.')],
    ['a restock', () => 'products/101', pressAndSend('Restock', 'Enter a whole number')],
    ['a write-off', () => 'products/101', pressAndSend('Write off', 'Enter a whole number')],
  ]
  const ofMoney: typeof ofProducts = [
    ['a new campaign', () => 'coupons', pressAndSend('Open a campaign', 'Give it a name.')],
    [
      'a new campaign of a percentage',
      () => 'coupons',
      async page => {
        await press('Open a campaign')(page)
        await page.getByLabel('Discount').selectOption('RATE')
        await page.getByLabel('At most').waitFor()
      },
    ],
    ['the end of a campaign', () => 'coupons', press('End it')],
    ['a credit', () => 'customers/2', pressAndSend('Give credit', 'Enter a whole number')],
    ['a door that is shut', () => 'customers/2', press('Disable')],
    ['an approval', () => 'customers', press('Approve')],
    ['a refusal of a credit', () => 'customers', press('Decline')],
    ['an event delivered again', () => 'outbox', press('Deliver again')],
    ['all events delivered again', () => 'outbox', pressAndSend('Deliver all again', 'Say why')],
  ]
  const ofPayments: typeof ofProducts = [
    [
      'more filters',
      () => 'payments',
      async page => {
        await page.getByText('More filters').click()
        await page.getByLabel('Failed at').waitFor()
      },
    ],
    [
      'what a search has found',
      () => 'payments',
      async page => {
        await page.getByRole('searchbox').fill('l')
        await page.keyboard.press('Enter')
        await page.getByRole('link', { name: /Product Linen shirt/ }).waitFor()
      },
    ],
    [
      'an operation on all',
      () => 'payments?state=PAYING',
      async page => {
        await press('Do to all of them …')(page)
        await page.getByText('can take it.').waitFor()
      },
    ],
    ['a retry', () => `payments/${payments.waiting}`, pressAndSend('Retry now …', 'Say why')],
    ['a compensation', () => `payments/${payments.waiting}`, press('Give up and undo …')],
    ['a skip', () => `payments/${payments.uncounted}`, press('Skip …')],
  ]
  const ofLetters: typeof ofProducts = [
    ['a message with its stack', () => 'stuck', async page => page.getByText('Message and stack').click()],
    [
      'a message handled again',
      () => 'stuck',
      async page => {
        await press('Retry now')(page)
        await page.getByText('It would fail again').waitFor()
      },
    ],
    ['a message skipped', () => 'stuck', press('Skip it')],
    [
      'a message edited',
      () => 'stuck',
      async page => {
        await press('Edit and handle')(page)
        await page.getByLabel('Message, as JSON').fill('{}')
        await page.getByText('A JSON object with a “type” is needed.').waitFor()
      },
    ],
    ['several messages', () => 'stuck', press('Several at once …')],
  ]

  describe.each([
    ['products and stock', ofProducts],
    ['coupons, customers and outbox', ofMoney],
    ['payments', ofPayments],
    ['messages set aside', ofLetters],
  ])('about %s', (_about, openings) => {
    it.each(openings)('bars nobody, light and wide or dark and narrow: %s', async (name, path, open) => {
      await page.setViewportSize({ width: 1280, height: 900 })
      const dialog = page.getByRole('dialog')
      if (shown === path() && (await dialog.isVisible())) {
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
      } else {
        shown = path()
        await page.goto(`${shop.url}/console/${shown}`)
      }
      await open(page)
      for (const [theme, width] of looks) {
        await page.setViewportSize({ width, height: 900 })
        // As the switch of the theme does, which cannot be reached while a dialog is open.
        await page.evaluate(next => document.documentElement.setAttribute('data-theme', next), theme)
        expect(await accessibilityFaults(window, 'dialog[open]'), `${name}, ${theme}, ${width} px`).toEqual(
          [],
        )
        const isWide = await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        )
        expect(isWide, `${name} is wider than ${width} px`).toBe(false)
      }
    })
  })

  describe('with keys alone', () => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent)

    /** Goes on with Tab until the focus is on what is called so. */
    async function tabTo(name: string): Promise<void> {
      for (let steps = 0; (await focused()) !== name; steps += 1) {
        expect(steps, `steps to ${name}`).toBeLessThan(60)
        await page.keyboard.press('Tab')
      }
    }

    it('is opened, filled in and sent, and gives the focus back to what opened it', async () => {
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.goto(`${shop.url}/console/products/101`)
      const small = page.getByRole('group', { name: 'S', exact: true })
      await small.waitFor()
      await tabTo('Restock')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog', { name: 'Restock S' }).waitFor()
      await page.keyboard.type('5')
      await page.keyboard.press('Enter')
      // The reason is missing, so it is where one goes on.
      await page.getByText('Say why, in a few words.').waitFor()
      await page.keyboard.type('A box was found.')
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByText('105', { exact: true }).waitFor()
      expect(await focused()).toBe('Restock')
      expect(await small.getByRole('button', { name: 'Restock' }).evaluate(is => is.matches(':focus'))).toBe(
        true,
      )
    })

    it.each([
      ['Write off', 'products/101'],
      ['Skip it', 'stuck'],
    ])('is dismissed, and gives the focus back to what opened it: %s', async (name, path) => {
      await page.goto(`${shop.url}/console/${path}`)
      await page.getByRole('button', { name }).first().waitFor()
      const leave = [
        () => page.keyboard.press('Escape'),
        async () => {
          await page.keyboard.press('Shift+Tab')
          await page.keyboard.press('Enter')
        },
      ]
      for (const dismiss of leave) {
        await tabTo(name)
        await page.keyboard.press('Enter')
        await page.getByRole('dialog').waitFor()
        await page.keyboard.type('7')
        await dismiss()
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        expect(await focused()).toBe(name)
      }
    })
  })

  it('went wrong nowhere meanwhile', () => {
    expect(window.faults).toEqual([])
  })
})
