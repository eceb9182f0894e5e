import { describe } from 'vitest'
import { chromiumPath } from './browser.ts'

/** A suite that needs a real Chromium. Without one it is skipped with a visible line, but never in CI. */
export function describeInBrowser(name: string, suite: () => void): void {
  if (chromiumPath() !== undefined || process.env['CI'] !== undefined) describe(name, suite)
  else
    describe.skip(`${name} (no chromium on the PATH; install it, or name one in RECOUP_TEST_CHROMIUM)`, suite)
}
