import type { Request } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Window } from './support/browser.ts'
import { openBrowserShop } from './support/browser-shop.ts'
import { describeInBrowser } from './support/describe-in-browser.ts'
import { customerOf, openAs, type Shop } from './support/people.ts'

describeInBrowser('The page of a payment', () => {
  let shop: Shop
  let window: Window
  let undone: number
  let customer: Awaited<ReturnType<typeof customerOf>>

  beforeAll(async () => {
    shop = await openBrowserShop()
    customer = await customerOf(shop)
    undone = await customer.pay({ step: 'recordingStatistics', kind: 'refuse' })
    window = await openAs('operator', shop, `/console/payments/${undone}?tab=statechart`)
  })
  afterAll(async () => {
    await window?.close()
    await shop?.close()
  })

  it('shows each moment as it was: the lit state, and a ledger that sums to zero', async () => {
    const { page } = window
    const { entries } = await customer.history(undone)
    let state = 'idle'
    await page.locator('[data-lit="true"]').first().waitFor()
    await page.getByRole('slider').focus()
    await page.keyboard.press('Home')
    for (const [place, entry] of entries.entries()) {
      if (entry.actor === `payment/${undone}` && entry.state !== null) state = entry.state
      await page.getByText(`Moment ${place + 1} of ${entries.length}`, { exact: true }).waitFor()
      await page.locator(`[data-state="${state}"][data-lit="true"]`).waitFor()
      const sums = await page
        .locator('[data-ledger-sum]')
        .evaluateAll(cells => cells.map(cell => cell.textContent))
      expect(sums.every(sum => sum === '₩0')).toBe(true)
      await page.keyboard.press('ArrowRight')
    }
    expect(state).toBe('failed')
    expect(await page.locator('[data-ledger-sum]').getAttribute('data-ledger-sum')).toBe('0')
    expect(await page.locator('[data-standing]').first().textContent()).toContain('Rolled back')
    expect(await page.locator('[data-sentence]').textContent()).toMatch(/^Rolled back: /)
  })

  it('keeps tab and moment in the address, also when it is loaded again', async () => {
    const { page } = window
    await page.getByRole('tab', { name: 'Sequence' }).click()
    await page.getByRole('button', { name: /VoidPayment/ }).click()
    const moment = await page.getByText(/^Moment \d+ of/).textContent()
    await page.waitForURL(new RegExp(`[?&]at=${moment?.match(/\d+/)?.[0]}(&|$)`))
    const said = await page.locator('pre').textContent()
    expect(JSON.parse(said ?? '')).toEqual({ type: 'VoidPayment' })
    await page.reload()
    await page.locator('[aria-current="step"][aria-label*="VoidPayment"]').waitFor()
    expect(await page.getByText(/^Moment \d+ of/).textContent()).toBe(moment)
  })

  it('draws every undo as one', async () => {
    const { page } = window
    const undos = await page
      .locator('[data-lane="undo"]')
      .evaluateAll(lines => lines.map(undo => undo.getAttribute('data-type')))
    expect(undos).toEqual([
      ...['VoidPayment', 'PaymentVoided', 'RefundBalance', 'BalanceRefunded'],
      ...['RestoreStock', 'StockRestored', 'ReleaseOrder', 'OrderReleased'],
    ])
  })

  it('says that a moment is beyond the journal, and leads to the last one', async () => {
    const { page } = window
    await page.goto(`${shop.url}/console/payments/${undone}?at=999`)
    await page.getByText(/Moment 999 is beyond/).waitFor()
    await page.getByRole('button', { name: 'Go to the last moment' }).click()
    await page.getByText(/^Moment (\d+) of \1$/).waitFor()
    expect(window.faults).toEqual([])
  })

  it('follows a payment that goes on', async () => {
    const { page } = window
    const { entries } = await customer.history(undone)
    await page.goto(`${shop.url}/console/payments/${undone}`)
    await page.getByText(`Moment ${entries.length} of ${entries.length}`).waitFor()
    await shop.shop.ask(
      `payment/${undone}`,
      { type: 'PayOrder', orderId: undone, couponId: null },
      { correlationId: `order/${undone}` },
    )
    await page.locator('[data-standing="completed"]').waitFor()
    await page.getByRole('region', { name: 'Attempt 2' }).waitFor()
    expect(await page.locator('[data-sentence]').textContent()).toMatch(/^Completed in 2 attempts: /)
  })

  it('is told of each commit by the feed, and asks for nothing in between', async () => {
    const id = await customer.pay({ step: 'recordingStatistics', kind: 'refuse' })
    const own = await openAs('operator', shop, '/console')
    const { page } = own
    const questions = new Set<Request>()
    const waiting = new Set<Request>()
    page.on('request', request => {
      if (!request.url().includes(`/operator/payments/${id}`)) return
      questions.add(request)
      waiting.add(request)
    })
    for (const end of ['requestfinished', 'requestfailed'] as const)
      page.on(end as 'requestfinished', request => void waiting.delete(request))
    await page.clock.install()
    await page.goto(`${shop.url}/console/payments/${id}?at=3`)
    await page.locator('[data-connection="live"]').waitFor()
    await page.getByText(/^Moment 3 of \d+$/).waitFor()
    await expect.poll(() => questions.size > 0 && waiting.size === 0).toBe(true)
    const toBegin = questions.size
    await page.clock.fastForward(30_000)
    await page.evaluate(() => fetch('/settings').then(answer => answer.text()))
    expect(questions.size).toBe(toBegin)

    await shop.shop.ask(
      `payment/${id}`,
      { type: 'PayOrder', orderId: id, couponId: null },
      { correlationId: `order/${id}` },
    )
    await page.locator('[data-standing="completed"]').waitFor()
    const { entries } = await customer.history(id)
    // Whoever looks at an earlier moment stays there.
    await page.getByText(`Moment 3 of ${entries.length}`, { exact: true }).waitFor()
    expect(own.faults).toEqual([])
    await own.close()
  })

  it('goes on after a restart of the server, and shows what it missed', async () => {
    const id = await customer.pay({ step: 'recordingStatistics', kind: 'refuse' })
    const own = await openAs('operator', shop, `/console/payments/${id}`, {
      expected: /ERR_|Failed to (load|fetch)|network error/i,
    })
    const { page } = own
    await page.locator('[data-connection="live"]').waitFor()
    await shop.stop()
    await page.locator('[data-connection="lost"]').waitFor()
    await shop.start()
    await shop.shop.ask(
      `payment/${id}`,
      { type: 'PayOrder', orderId: id, couponId: null },
      { correlationId: `order/${id}` },
    )
    await page.locator('[data-connection="live"]').waitFor()
    await page.locator('[data-standing="completed"]').waitFor()
    const { entries } = await customer.history(id)
    await page.getByText(`Moment ${entries.length} of ${entries.length}`, { exact: true }).waitFor()
    expect(own.faults).toEqual([])
    await own.close()
  }, 60_000)

  it('that is not there, or of somebody else, says so to each in their own way', async () => {
    const expected = /404/
    const operator = await openAs('operator', shop, '/console/payments/12345', { expected })
    await operator.page.getByText('There is no payment 12345 here.').waitFor()
    expect(operator.faults).toEqual([])
    await operator.close()

    const minji = await openAs('customer', shop, `/console/payments/${undone}`, {
      language: 'ko-KR',
      expected,
    })
    await minji.page.getByText(/완료/).first().waitFor()
    await minji.page.goto(`${shop.url}/console/payments/12345`)
    await minji.page.getByText('결제 12345은(는) 여기에 없습니다.').waitFor()
    await minji.page.goto(`${shop.url}/console/inspector`)
    await minji.page.getByText(/운영자 전용/).waitFor()
    expect(minji.faults).toEqual([])
    await minji.close()
  })
})

describeInBrowser('The live list', () => {
  let shop: Shop
  let window: Window
  let customer: Awaited<ReturnType<typeof customerOf>>

  beforeAll(async () => {
    shop = await openBrowserShop()
    customer = await customerOf(shop)
    window = await openAs('operator', shop, '/console/inspector')
    await window.page.locator('[data-connection="live"]').waitFor()
  })
  afterAll(async () => {
    await window?.close()
    await shop?.close()
  })

  const linkTo = (id: number) => window.page.getByRole('link', { name: `Payment ${id}` })

  it('shows a payment as it is committed, and leads to its moment', async () => {
    const { page } = window
    const id = await customer.pay()
    await linkTo(id).first().waitFor()
    await page
      .getByRole('link', { name: /Take the money DeductBalance/ })
      .first()
      .click()
    await page.waitForURL(new RegExp(`/console/payments/${id}`))
    await page.getByText(/^Moment \d+ of \d+$/).waitFor()
    await page.getByText(/Balance 1: Take the money/).waitFor()
    await page.goBack()
    await linkTo(id).first().waitFor()
  })

  it('stands still while it is paused, and catches up', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'Pause' }).click()
    const id = await customer.pay()
    await page.getByText(/\d+ new/).waitFor()
    expect(await linkTo(id).count()).toBe(0)
    await page.getByRole('button', { name: /Go on/ }).click()
    await linkTo(id).first().waitFor()
  })

  it('keeps its filters in the address, also when it is loaded again', async () => {
    const { page } = window
    await page.getByLabel('State').fill('compensating')
    await page.keyboard.press('Enter')
    await page.waitForURL(/state=compensating/)
    const id = await customer.pay({ step: 'recordingStatistics', kind: 'refuse' })
    await linkTo(id).first().waitFor()
    await page.reload()
    await linkTo(id).first().waitFor()
    expect(await page.getByLabel('State').inputValue()).toBe('compensating')
    expect(await page.locator('[data-live]').textContent()).not.toContain('paying.claimingOrder')
    await page.getByRole('link', { name: 'Clear filters' }).click()
    await page.waitForURL(/inspector$/)
    expect(window.faults).toEqual([])
  })
})
