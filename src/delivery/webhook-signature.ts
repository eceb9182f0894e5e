import { createHmac, timingSafeEqual } from 'node:crypto'

/*
 * Signs outgoing events in the form of Standard Webhooks: an HMAC-SHA256 over `id.timestamp.body`, where the body is the
 * bytes as they are sent. Whoever holds the secret knows from it who sent an event, that nothing of it was altered, and
 * that it is not an old one sent again.
 */

export const signatureHeaders = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const

/** An event that is older or newer by the receiver's clock is refused. */
export const signatureWindowMs = 300_000

/** The headers that go with a body sent at `now` (milliseconds). */
export function signedHeaders(
  secret: string,
  { id, now, body }: { id: string; now: number; body: string | Uint8Array },
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000))
  return {
    [signatureHeaders.id]: id,
    [signatureHeaders.timestamp]: timestamp,
    [signatureHeaders.signature]: `v1,${digest(secret, id, timestamp, body).toString('base64')}`,
  }
}

export type SignatureFault = 'SIGNATURE_MISSING' | 'TIMESTAMP_OUTSIDE_WINDOW' | 'SIGNATURE_WRONG'

/**
 * What is wrong with the signature of a body received at `now`, or `undefined` when it is right. The header may hold several
 * signatures, for when a secret is replaced.
 */
export function signatureFault(
  secret: string,
  {
    headers,
    body,
    now,
  }: {
    headers: Readonly<Record<string, string | string[] | undefined>>
    body: string | Uint8Array
    now: number
  },
): SignatureFault | undefined {
  const id = headers[signatureHeaders.id]
  const timestamp = headers[signatureHeaders.timestamp]
  const signature = headers[signatureHeaders.signature]
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') {
    return 'SIGNATURE_MISSING'
  }
  if (!/^\d{1,12}$/.test(timestamp)) return 'SIGNATURE_MISSING'
  const expected = digest(secret, id, timestamp, body)
  const right = signature.split(' ').some(each => {
    const [version, encoded = ''] = each.split(',')
    const given = Buffer.from(encoded, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!right) return 'SIGNATURE_WRONG'
  const ageMs = now - Number(timestamp) * 1_000
  // The timestamp is in whole seconds, rounded down.
  return ageMs > signatureWindowMs + 999 || ageMs < -signatureWindowMs
    ? 'TIMESTAMP_OUTSIDE_WINDOW'
    : undefined
}

function digest(secret: string, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  return createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest()
}

/** Standard Webhooks hands secrets round as `whsec_` and base64; any other text is the key as it stands. */
function keyOf(secret: string): Buffer {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64')
}
