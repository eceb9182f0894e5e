import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signatureFault, signatureWindowMs, signedHeaders } from '../../src/delivery/webhook-signature.ts'

const secret = 'a-secret-of-the-platform'
const now = Date.UTC(2026, 0, 5, 3, 0, 0, 250)
const body = '{"id":"payment/1#2#0","type":"PaymentCompleted"}'
const headers = signedHeaders(secret, { id: 'payment/1#2#0', now, body })

describe('A signed event', () => {
  it('is accepted, as it came', () => {
    expect(signatureFault(secret, { headers, body, now })).toBeUndefined()
    expect(signatureFault(secret, { headers, body: Buffer.from(body), now })).toBeUndefined()
  })

  it('is signed as Standard Webhooks says: v1, HMAC-SHA256 over id, timestamp in seconds and body', () => {
    const timestamp = `${Math.floor(now / 1_000)}`
    const expected = createHmac('sha256', secret)
      .update(`payment/1#2#0.${timestamp}.${body}`)
      .digest('base64')
    expect(headers).toEqual({
      'webhook-id': 'payment/1#2#0',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${expected}`,
    })
  })

  it('agrees with the published example of Standard Webhooks', () => {
    const example = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      now: 1_614_265_330_000,
      body: '{"test": 2432232314}',
    }
    expect(signedHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', example)['webhook-signature']).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })

  it.each([
    ['sent again after the window', { now: now + signatureWindowMs + 1_000 }, 'TIMESTAMP_OUTSIDE_WINDOW'],
    ['from a clock that is ahead', { now: now - signatureWindowMs - 1_000 }, 'TIMESTAMP_OUTSIDE_WINDOW'],
    ['whose body was altered', { body: body.replace('1', '2') }, 'SIGNATURE_WRONG'],
    ['with a byte more', { body: `${body} ` }, 'SIGNATURE_WRONG'],
    ['under another id', { headers: { ...headers, 'webhook-id': 'payment/2#2#0' } }, 'SIGNATURE_WRONG'],
    [
      'with a fresh timestamp put on it',
      { headers: { ...headers, 'webhook-timestamp': `${Math.floor(now / 1_000) + 1}` } },
      'SIGNATURE_WRONG',
    ],
    [
      'signed with another secret',
      { headers: signedHeaders('another-secret-by-far', { id: 'payment/1#2#0', now, body }) },
      'SIGNATURE_WRONG',
    ],
    [
      'of another version',
      { headers: { ...headers, 'webhook-signature': `${headers['webhook-signature']}`.replace('v1', 'v0') } },
      'SIGNATURE_WRONG',
    ],
    ['with an empty signature', { headers: { ...headers, 'webhook-signature': 'v1,' } }, 'SIGNATURE_WRONG'],
    ['without signature', { headers: {} }, 'SIGNATURE_MISSING'],
    [
      'with a timestamp that is none',
      { headers: { ...headers, 'webhook-timestamp': '1e9' } },
      'SIGNATURE_MISSING',
    ],
    ['with two ids', { headers: { ...headers, 'webhook-id': ['a', 'b'] } }, 'SIGNATURE_MISSING'],
  ])('%s is refused', (_what, altered, fault) => {
    expect(signatureFault(secret, { headers, body, now, ...altered })).toBe(fault)
  })

  it.each([signatureWindowMs, -signatureWindowMs + 250, 0])(
    'within the window, %d ms off, is accepted',
    ms => {
      expect(signatureFault(secret, { headers, body, now: now + ms })).toBeUndefined()
    },
  )

  it('is accepted when one of several signatures is right', () => {
    const both = { ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` }
    expect(signatureFault(secret, { headers: both, body, now })).toBeUndefined()
  })
})
