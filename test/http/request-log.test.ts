import { describe, expect, it } from 'vitest'
import type { LogFields } from '../../src/log.ts'
import { client } from './fake-client.ts'
import type { Overrides } from './fake-dependencies.ts'

function logged(overrides: Overrides = {}) {
  const lines: { sentence: string; fields: LogFields }[] = []
  const shop = client({ ...overrides, logRequest: (sentence, fields) => lines.push({ sentence, fields }) })
  return { shop, lines }
}

describe('The log of requests', () => {
  it('has the route, status, time and ids of each', async () => {
    const { shop, lines } = logged()
    await shop.get('/orders/7001', { 'X-Request-Id': 'edge-42' })
    expect(lines).toEqual([
      {
        sentence: expect.stringMatching(/^GET \/orders\/:id.* 200 in [\d.]+ ms$/),
        fields: {
          requestId: 'edge-42',
          method: 'GET',
          route: expect.stringMatching(/^\/orders\/:id/),
          status: 200,
          ms: expect.any(Number),
          orderId: 7001,
        },
      },
    ])
  })

  it('has a payment by its ids', async () => {
    const { shop, lines } = logged({
      reply: () => ({
        type: 'PaymentCompleted',
        paymentId: 7001,
        orderId: 7001,
        customerId: 1001,
        originalPrice: 5,
        discountAmount: 0,
        discountedPrice: 5,
        paidAt: 0,
      }),
    })
    expect(await shop.send('POST', '/payments', { orderId: 7001 })).toMatchObject({ status: 201 })
    expect(lines).toMatchObject([
      { fields: { status: 201, orderId: 7001, paymentId: 7001, route: '/payments' } },
    ])
  })

  it.each(['', 'two words', 'x'.repeat(65), 'é'])('makes an id of its own in place of %j', async named => {
    const { shop, lines } = logged()
    await shop.get('/livez', { 'X-Request-Id': named })
    expect(lines).toMatchObject([{ fields: { requestId: expect.stringMatching(/^request-\d+$/) } }])
  })

  it('does not repeat what callers put where it does not belong', async () => {
    const { shop, lines } = logged()
    await shop.get('/nowhere/canary?token=canary')
    await shop.get('/orders/canary', { Authorization: 'Bearer canary', Cookie: 'canary' })
    await shop.send('POST', '/payments', { password: 'canary' })
    expect(lines).toHaveLength(3)
    expect(JSON.stringify(lines)).not.toContain('canary')
  })
})

describe('A fault', () => {
  it('is reported under the id of its request, which is the same in the log', async () => {
    const ids: string[] = []
    const { shop, lines } = logged({
      reply: () => Promise.reject(new Error('broken')),
      reportFault: (_error, _correlationId, requestId) => ids.push(requestId),
    })
    expect(await shop.send('POST', '/payments', { orderId: 7001 })).toMatchObject({ status: 500 })
    expect(lines.map(({ fields }) => fields['requestId'])).toEqual(ids)
  })
})
