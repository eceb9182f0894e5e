import { describe, expect, it } from 'vitest'
import { client } from './fake-client.ts'

const described = { id: 'lamp', version: '1', description: 'A lamp.', digest: 'abc' }
const drawn = { ...described, width: 10, height: 10, states: [], transitions: [], edges: [] }
const charts = {
  list: () => [described],
  chart: (id: string) => (id === 'lamp' ? Promise.resolve(drawn) : undefined),
}

describe('GET /charts', () => {
  it('tells everybody the machines that run', async () => {
    expect(await client({ charts }).get('/charts')).toMatchObject({ status: 200, body: [described] })
  })
})

describe('GET /charts/{machine}', () => {
  it('gives everybody the chart, to be asked for again by its tag', async () => {
    const { status, body, headers } = await client({ charts }).get('/charts/lamp')
    expect(status).toBe(200)
    expect(body).toEqual(drawn)
    expect(headers.get('etag')).toMatch(/^".+"$/)
    expect(headers.get('cache-control')).toBe('no-cache')
  })

  it('does not take another tag for it', async () => {
    const { status } = await client({ charts }).get('/charts/lamp', { 'If-None-Match': '"of before"' })
    expect(status).toBe(200)
  })

  it('knows no other machine', async () => {
    const answer = await client({ charts }).get('/charts/kettle')
    expect(answer).toMatchObject({ status: 404, body: { code: 'CHART_NOT_FOUND' } })
  })
})
