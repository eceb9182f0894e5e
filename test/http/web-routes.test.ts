import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { webRoutes } from '../../src/http/web-routes.ts'

describe('The pages of the window', () => {
  const script = 'console.log("here")'
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'recoup-web-'))
    mkdirSync(join(directory, 'assets'))
    writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Recoup</title>')
    writeFileSync(join(directory, 'assets/app-1.js'), script)
    writeFileSync(join(directory, 'assets/app-1.js.br'), brotliCompressSync(script))
    writeFileSync(join(directory, '..', 'recoup-web-secret'), 'secret')
  })
  afterAll(() => {
    rmSync(directory, { recursive: true })
    rmSync(join(directory, '..', 'recoup-web-secret'))
  })
  const get = (path: string, headers = {}) => webRoutes(directory).request(path, { headers })

  it.each(['/console', '/console/payments/7001?at=3', '/shop', '/shop/orders/7001'])(
    'are one page, whatever its address: %s',
    async path => {
      const answer = await get(path)
      expect(await answer.text()).toContain('<title>Recoup</title>')
      expect(answer.headers.get('cache-control')).toBe('no-cache')
      expect(answer.headers.get('content-security-policy')).not.toContain('unsafe')
    },
  )

  it('are where somebody goes who only knows the server', async () => {
    const { status, headers } = await get('/')
    expect({ status, location: headers.get('location') }).toEqual({ status: 302, location: '/console' })
  })

  it('keep their scripts for ever, and send them compressed to who can read that', async () => {
    const plain = await get('/console/assets/app-1.js')
    expect(await plain.text()).toBe(script)
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(plain.headers.get('x-content-type-options')).toBe('nosniff')
    expect(plain.headers.get('content-type')).toMatch(/^text\/javascript/)
    const small = await get('/console/assets/app-1.js', { 'Accept-Encoding': 'gzip, br' })
    expect(small.headers.get('content-encoding')).toBe('br')
    expect(brotliDecompressSync(await small.bytes()).toString()).toBe(script)
  })

  it.each([
    '/console/assets/app-2.js',
    '/console/assets/../recoup-web-secret',
    '/console/assets/%2e%2e/%2e%2e/recoup-web-secret',
    '/console/assets/..%2f..%2frecoup-web-secret',
  ])('hold nothing else: %s', async path => {
    const answer = await get(path)
    expect(await answer.text()).not.toContain('secret\n')
    expect(await (await get(path)).text()).not.toBe('secret')
    expect(answer.status === 404 || answer.headers.get('content-type') === 'text/html; charset=utf-8').toBe(
      true,
    )
  })

  it('say so where they are not built', async () => {
    const answer = await webRoutes(join(directory, 'nowhere')).request('/console')
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('npm run build:web')
  })
})
