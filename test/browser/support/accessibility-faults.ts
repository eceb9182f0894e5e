import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Window } from './browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds that bars people from what the window shows: names of its rules. */
export async function accessibilityFaults({ page }: Window): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { run } = (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } })
      .axe
    return (await run()).violations.map(({ id }) => id)
  })
}
