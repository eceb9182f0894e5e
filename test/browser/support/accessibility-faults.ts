import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Window } from './browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Axe {
  run(
    within: Element | Document,
    options: { resultTypes: string[] },
  ): Promise<{ violations: { id: string }[] }>
}

/**
 * What axe finds that bars people from what the window shows, of any severity: names of its rules. `within` is a selector,
 * for what opens on a page that was looked at before; the whole page unless something goes with it.
 */
export async function accessibilityFaults({ page }: Window, within = ':root'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
  // Colours are judged once they have come to rest; those of what is folded away are never said to be finished.
  await page.waitForFunction(
    () =>
      !document.getAnimations().some(each => each instanceof CSSTransition && each.playState === 'running'),
  )
  return page.evaluate(async selector => {
    const { run } = (globalThis as unknown as { axe: Axe }).axe
    const part = selector === ':root' ? null : document.querySelector(selector)
    return (await run(part ?? document, { resultTypes: ['violations'] })).violations.map(({ id }) => id)
  }, within)
}
