import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** Where a Chromium is, or `undefined`. `RECOUP_TEST_CHROMIUM` names one that is not on the PATH. */
export function chromiumPath(): string | undefined {
  const given = process.env['RECOUP_TEST_CHROMIUM']
  if (given !== undefined) return given
  try {
    return execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}

export type Theme = 'light' | 'dark'

export interface Window {
  readonly page: Page
  /** What went wrong in it that nobody sees: console errors, uncaught faults, violations of the security policy, foreign requests. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

/**
 * A real Chromium that reaches one server and nothing else: every request elsewhere is blocked and noted. It has no
 * history: each window begins with a profile of its own, as a new visitor.
 */
export async function openWindow(
  serverUrl: string,
  options: {
    theme?: Theme
    language?: string
    width?: number
    height?: number
    scale?: number
    /** Faults that this window is there to provoke, and that its page has to bear. */
    expected?: RegExp
  } = {},
): Promise<Window> {
  const { theme = 'light', language = 'en-US', width = 1280, height = 900, scale = 1, expected } = options
  const profile = mkdtempSync(join(tmpdir(), 'recoup-browser-'))
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath() ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${new URL(serverUrl).hostname}`,
    ],
    colorScheme: theme,
    locale: language,
    viewport: { width, height },
    deviceScaleFactor: scale,
  })
  const faults: string[] = []
  const note = (fault: string) => {
    if (expected === undefined || !expected.test(fault)) faults.push(fault)
  }
  const own = new URL(serverUrl).origin
  // Names lead nowhere else. Were requests intercepted instead, the browser would keep nothing of what it has loaded.
  context.on('request', request => {
    if (new URL(request.url()).origin !== own) note(`asked for ${request.url()}`)
  })
  // A violation of the policy is told on the console too, but not in every case.
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
      console.error(`Violation of ${effectiveDirective} by ${blockedURI}`),
    )
  })
  const page = context.pages()[0] ?? (await context.newPage())
  page.on('console', message => {
    if (message.type() === 'error') note(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', error => note(String(error)))
  return {
    page,
    faults,
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
