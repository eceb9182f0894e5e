import type { ActorDefinition, Effect, Incoming } from '../../runtime/actor.ts'
import { type Address, addressOf, type Message } from '../../runtime/envelope.ts'
import { paymentOf } from './payment.ts'
import type { PaymentCommand, PaymentStatus } from './payment-messages.ts'

/*
 * What an operator can do about a payment, and what would happen then, found out by asking the machine itself: its pure
 * step is run on the stored state and what it wants to do is looked at. Nothing of it is sent or kept.
 */

export const paymentOperations = ['retry', 'skip', 'compensate'] as const
export type PaymentOperation = (typeof paymentOperations)[number]

export const operationCommands = {
  retry: { type: 'RetryStep' },
  skip: { type: 'SkipStep' },
  compensate: { type: 'CompensatePayment' },
} as const satisfies Record<PaymentOperation, PaymentCommand>

/** A message that would be sent. */
interface SentMessage {
  readonly to: Address
  readonly type: string
}

/** What would happen. */
export interface OperationPreview {
  readonly status: PaymentStatus
  /** The state it would be in at once. */
  readonly step: string
  /** What would be sent at once, in order. */
  readonly sends: readonly SentMessage[]
  /** What would be undone from here on until the attempt has failed, in order, what is sent at once included. */
  readonly undoes: readonly SentMessage[]
  /** Events that would leave for the outside, or stay owed. */
  readonly events: readonly string[]
  /** What whoever waits for the payment would be answered; null when nobody is. */
  readonly answers: string | null
  /** After how long without an answer it would be asked again, in milliseconds; null when nothing is waited for. */
  readonly resendAfterMs: number | null
}

/** What an undo is answered once it is done. */
const undoReplies: Readonly<Record<string, string>> = {
  VoidPayment: 'PaymentVoided',
  RefundBalance: 'BalanceRefunded',
  RestoreCoupon: 'CouponRestored',
  RestoreStock: 'StockRestored',
  ReleaseOrder: 'OrderReleased',
}

/** So many answers end every undo: one for each option of an order, and those of the other steps. */
const answersMax = 1_000

const previewed: Address = 'door/preview'

const isSend = (effect: Effect) => effect.type === 'send'
const isEmit = (effect: Effect) => effect.type === 'emit'
const isReply = (effect: Effect) => effect.type === 'reply'
const isSchedule = (effect: Effect) => effect.type === 'schedule'

/** Makes what previews operations on payments that `definition` runs. */
export function previewOperations(definition: ActorDefinition) {
  const stored = (state: unknown) => paymentOf(definition.dehydrate?.(state) ?? state)

  /** What would be undone after `effects`, as long as every undo is answered. */
  function undoesAfter(state: unknown, effects: readonly Effect[], paymentId: number, at: number) {
    const undoes: SentMessage[] = []
    const unanswered = effects.filter(isSend)
    let current = state
    for (let answers = 0; answers < answersMax; answers += 1) {
      const sent = unanswered.shift()
      if (sent === undefined) break
      const answer = undoReplies[sent.message.type]
      if (sent.undoes === undefined || answer === undefined) continue
      undoes.push({ to: sent.to, type: sent.message.type })
      const result = definition.step(current, incoming(paymentId, { type: answer }, sent.to, at))
      current = result.state
      unanswered.push(...result.effects.filter(isSend))
    }
    return undoes
  }

  /** What `operation` would do to a payment of this stored state at `at`; `undefined` when the machine does not take it. */
  return (
    paymentId: number,
    state: unknown,
    operation: PaymentOperation,
    at: number,
  ): OperationPreview | undefined => {
    const before = definition.hydrate?.(state) ?? state
    const command = operationCommands[operation]
    const result = definition.step(before, incoming(paymentId, command, previewed, at))
    const replies = result.effects.filter(isReply)
    const own = replies.find(({ to }) => to === undefined)
    if (own === undefined || own.message.type.endsWith('Rejected')) return undefined
    const { status, step } = stored(result.state)
    return {
      status,
      step,
      sends: result.effects.filter(isSend).map(({ to, message }) => ({ to, type: message.type })),
      undoes: undoesAfter(result.state, result.effects, paymentId, at),
      events: result.effects.filter(isEmit).map(({ message }) => message.type),
      answers: replies.find(({ to }) => to !== undefined)?.message.type ?? null,
      resendAfterMs: result.effects.find(isSchedule)?.delayMs ?? null,
    }
  }
}

export type PreviewOperation = ReturnType<typeof previewOperations>

function incoming(paymentId: number, message: Message, from: Address, at: number): Incoming {
  const self = addressOf('payment', paymentId)
  return { ...message, meta: { at, self, caller: { from, id: 'preview' } } }
}
