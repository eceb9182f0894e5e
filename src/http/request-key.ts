import { hash } from 'node:crypto'
import type { Context } from 'hono'
import type { Address, Message } from '../runtime/envelope.ts'
import type { Caller } from './access.ts'
import type { Dependencies } from './dependencies.ts'
import { Refused } from './refused.ts'

/** One use of an `Idempotency-Key`: the actor that keeps its answer, and what was asked. */
export interface RequestKey {
  scope: string
  /** Of the validated input, so spacing, order of fields and spelled-out defaults make no difference. */
  hash: string
}

export const keyForm = /^[\x21-\x7e]{16,255}$/

/** What the actor of a key is called; `route` as `post /payments`, nobody in particular where there is no customer. */
export function requestScope(customerId: number | undefined, route: string, key: string): string {
  return hash('sha256', `${customerId ?? '-'} ${route} ${key}`, 'base64url')
}

/**
 * The request's idempotency key, if it has one; a key belongs to its caller and to `route`.
 * Throws `Refused` with IDEMPOTENCY_KEY_INVALID.
 */
export function requestKeyOf(
  c: Context,
  route: string,
  { customerId }: Caller,
  input: object,
): RequestKey | undefined {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return undefined
  if (!keyForm.test(key)) throw new Refused('IDEMPOTENCY_KEY_INVALID', {})
  return {
    scope: requestScope(customerId, route, key),
    hash: hash('sha256', JSON.stringify(input), 'base64url'),
  }
}

/**
 * The answer that a request of this key was given before, or `undefined` when it is the first.
 * Throws `Refused` with IDEMPOTENCY_KEY_REUSED or REQUEST_IN_FLIGHT.
 */
export function firstAnswer(dependencies: Dependencies, key: RequestKey): Message | undefined {
  const stored = dependencies.storedRequest(key.scope)
  if (stored === undefined || stored.hash === null) return undefined
  if (stored.hash !== key.hash) throw new Refused('IDEMPOTENCY_KEY_REUSED', {})
  if (stored.answer === undefined) throw new Refused('REQUEST_IN_FLIGHT', {})
  return stored.answer
}

export function requestAddress(key: RequestKey): Address {
  return `request/${key.scope}`
}
