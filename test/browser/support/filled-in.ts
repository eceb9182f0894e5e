import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Gives the reason and sends what is open; resolves when it has been taken. */
export async function send(page: Page, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill(reason)
  await dialog.locator('button[type=submit]').click()
  await dialog.waitFor({ state: 'detached' })
}

/** Sends what is open as it is, and waits for the sentence that says why it cannot be sent. */
export async function sendInVain(page: Page, sentence: string): Promise<void> {
  await page.getByRole('dialog').locator('button[type=submit]').click()
  await page.getByRole('dialog').getByText(sentence).waitFor()
}

/** The sentence about what is wrong with a field, which has to be said to be wrong. */
export async function faultOf(field: Locator): Promise<string | null> {
  const told = await field.getAttribute('aria-describedby')
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  return field.page().locator(`[id="${told}"]`).textContent()
}
