import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { answer, guardHeaders } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { questionRoute } from './question-route.ts'

const scriptPath = '/docs/standalone.js'

const configuration = {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
}

/** The configuration stands in an attribute, so that the page needs no inline script. */
const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Recoup API</title>
  </head>
  <body>
    <script id="api-reference" data-configuration='${JSON.stringify(configuration)}'></script>
    <script src="${scriptPath}"></script>
  </body>
</html>
`

const pageHeaders = {
  ...guardHeaders,
  'Content-Type': 'text/html; charset=utf-8',
  // Nothing foreign may load, whatever the script would like; it does write styles into the page.
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

const scriptHeaders = {
  ...guardHeaders,
  'Cache-Control': 'public, max-age=3600',
  'Content-Type': 'text/javascript; charset=utf-8',
}

/** `document` makes the OpenAPI document; it is asked for once, when every route is known. */
export function docsRoutes(dependencies: Dependencies, document: () => object): OpenAPIHono {
  const app = new OpenAPIHono()
  let made: object | undefined

  questionRoute(app, dependencies, {
    path: '/openapi.json',
    access: 'anyone',
    summary: 'This document',
    success: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({}) } },
    problems: [],
    answer() {
      made ??= document()
      return answer(200, made)
    },
  })

  app.get('/docs', () => new Response(page, { headers: pageHeaders }))
  app.get(scriptPath, async () => new Response(await readFile(scriptFile()), { headers: scriptHeaders }))

  return app
}

/** The package brings a copy of the script; a checkout has it among its development dependencies. */
function scriptFile(): string {
  const copy = fileURLToPath(new URL('../docs/standalone.js', import.meta.url))
  if (existsSync(copy)) return copy
  const main = createRequire(import.meta.url).resolve('@scalar/api-reference')
  return join(dirname(main), 'browser/standalone.js')
}
