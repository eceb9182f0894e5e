import type { Address, Message, Operator } from './envelope.ts'

/**
 * To `request/<scope>`, where the scope names caller, route and idempotency key. The actor behind it passes `message` on to
 * `to` once, keeps the answer, and gives it again to whoever asks with the same `hash`.
 */
export type RequestCommand =
  | {
      type: 'BeginRequest'
      hash: string
      to: Address
      message: Message
      operator?: Operator | undefined
      /** Answered at once, for a caller who does not want to wait at all. */
      accepted?: Message
    }
  /** The caller waits no longer: unless the answer is there, `answer` becomes it. */
  | { type: 'StopWaiting'; hash: string; answer: Message }

export type RequestReply =
  /** Whatever the addressed actor answers, to the first who asks, or: */
  | { type: 'RequestRejected'; code: 'IDEMPOTENCY_KEY_REUSED' | 'REQUEST_IN_FLIGHT' }
  /** What the first who asked was answered. */
  | { type: 'RequestReplayed'; answer: Message }
