import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { client } from './fake-client.ts'
import { fakeDependencies } from './fake-dependencies.ts'

describe('a path', () => {
  test.each([['/nothing'], ['/orders/'], ['/orders/7001/cancel/now'], ['/toString']])(
    '%s that leads nowhere answers 404',
    async path => {
      expect(await client().get(path)).toMatchObject({ status: 404, body: { code: 'ROUTE_NOT_FOUND' } })
    },
  )

  test.each([
    ['DELETE', '/orders', 'POST, GET, HEAD'],
    ['PUT', '/payments', 'POST'],
    ['PATCH', '/orders/7001', 'GET, HEAD'],
    ['POST', '/balances/charge', 'GET, PATCH, HEAD'],
    ['OPTIONS', '/payments', 'POST'],
  ])('answers 405 to %s %s and names what it allows', async (method, path, allow) => {
    const answer = await client().send(method, path, {})
    expect(answer).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } })
    const allowed = answer.headers.get('allow')?.split(', ')
    expect(allowed?.toSorted()).toEqual(allow.split(', ').toSorted())
  })

  test('answers HEAD as GET without the body', async () => {
    const response = await createApp(fakeDependencies()).request('/orders/7001', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })
})

describe('every answer', () => {
  test.each([
    ['/livez'],
    ['/orders/7001'],
    ['/orders/7002'],
    ['/nothing'],
    ['/products'],
    ['/docs'],
    ['/openapi.json'],
  ])('guards its content: %s', async path => {
    const { headers } = await client().get(path)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.has('server')).toBe(false)
    expect(headers.has('x-powered-by')).toBe(false)
  })
})
