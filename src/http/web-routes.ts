import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
import { guardHeaders } from './answer.ts'

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

  app.get('/', c => c.redirect('/console'))
  if (existsSync(directory)) {
    const rewriteRequestPath = (path: string) => path.slice('/console'.length)
    app.get(
      '/console/assets/*',
      serveStatic({ root: directory, rewriteRequestPath, precompressed: true, onFound: keptForEver }),
    )
  }
  // An asset of another version is not the page.
  app.get('/console/assets/*', c => c.notFound())
  for (const path of ['/console', '/console/*', '/shop', '/shop/*']) app.get(path, page)

  return app
}

function keptForEver(_path: string, c: Context): void {
  for (const [name, value] of Object.entries(assetHeaders)) c.header(name, value)
}

function builtPages(): string {
  const brought = fileURLToPath(new URL('../web', import.meta.url))
  return existsSync(brought) ? brought : fileURLToPath(new URL('../../dist/web', import.meta.url))
}
