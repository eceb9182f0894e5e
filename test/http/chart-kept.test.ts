import { describe, expect, it } from 'vitest'
import { client } from './fake-client.ts'

const lamp = { id: 'lamp', version: '1', description: 'Shines or does not.', digest: 'of-the-machine' }
const laidOut = { ...lamp, width: 100, height: 60, states: [], transitions: [], edges: [] }

/** A server of one machine, whose picture is this wide. */
function drawn(width: number) {
  const chart = (id: string) => (id === 'lamp' ? Promise.resolve({ ...laidOut, width }) : undefined)
  return client({ charts: { list: () => [lamp], chart } })
}

describe('A chart that a browser kept', () => {
  it('is not sent again to a browser that kept it, however the browser names it', async () => {
    const shop = drawn(100)
    const tag = (await shop.get('/charts/lamp')).headers.get('etag') ?? ''
    for (const named of [tag, `W/${tag}`, `"another", ${tag}`, '*']) {
      const { status, body, headers } = await shop.get('/charts/lamp', { 'If-None-Match': named })
      expect(status, named).toBe(304)
      expect(body).toBe('')
      expect(headers.get('etag')).toBe(tag)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
    expect((await shop.get('/charts/lamp', { 'If-None-Match': '"another"' })).status).toBe(200)
  })

  it('is sent again when another release lays the same machine out otherwise', async () => {
    const tag = (await drawn(100).get('/charts/lamp')).headers.get('etag') ?? ''
    const { status, body } = await drawn(120).get('/charts/lamp', { 'If-None-Match': tag })
    expect(status).toBe(200)
    expect(body.width).toBe(120)
  })
})
