import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { guardHeaders } from './answer.ts'
import { problem } from './problem.ts'

/** The page loads what is served here and nothing else, and no script that stands in it. */
const pageHeaders = {
  ...guardHeaders,
  'Cache-Control': 'no-cache',
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

/** Their names hold a digest of what is in them, so that they may be kept for ever. */
const assetHeaders = { ...guardHeaders, 'Cache-Control': 'public, max-age=31536000, immutable' }

const pagePaths = ['/console', '/console/*', '/shop', '/shop/*']

const notBuilt =
  'The pages are not built. Run `npm run build:web` in the checkout, then load this page again.\n'

/**
 * The window: inspector, console and demo shop, one page that finds out by its address what it shows. A checkout builds it
 * when it is installed, the package brings it.
 */
export function webRoutes(directory = builtPages()): Hono {
  const app = new Hono()

  async function page(): Promise<Response> {
    const path = `${directory}/index.html`
    if (existsSync(path)) return new Response(await readFile(path), { headers: pageHeaders })
    return new Response(notBuilt, { status: 503, headers: { ...guardHeaders, 'Content-Type': 'text/plain' } })
  }

  app.get('/', () => new Response(null, { status: 302, headers: { ...guardHeaders, Location: '/console' } }))
  const rewriteRequestPath = (path: string) => path.slice('/console'.length)
  const asset = existsSync(directory)
    ? serveStatic({ root: directory, rewriteRequestPath, precompressed: true })
    : undefined
  app.get('/console/assets/*', async c => {
    for (const [name, value] of Object.entries(assetHeaders)) c.header(name, value)
    // An asset of another version is not the page.
    return (await asset?.(c, async () => {})) ?? problem('ROUTE_NOT_FOUND', {})
  })
  for (const path of pagePaths) app.get(path, page)

  return app
}

function builtPages(): string {
  const brought = fileURLToPath(new URL('../web', import.meta.url))
  return existsSync(brought) ? brought : fileURLToPath(new URL('../../dist/web', import.meta.url))
}
