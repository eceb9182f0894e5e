import type { Refusal } from '../../src/refusal.ts'
import { type Envelope, kindOf } from '../../src/runtime/envelope.ts'
import type { Interceptor } from '../../src/runtime/transport.ts'

/** Sees every message of a shop on its way, and lets happen to it what `rule` says. */
export class MessageTap {
  readonly sent: Envelope[] = []
  rule: Interceptor = () => 'deliver'

  readonly intercept: Interceptor = envelope => {
    this.sent.push(envelope)
    return this.rule(envelope)
  }

  ofType(type: string): Envelope[] {
    return this.sent.filter(({ message }) => message.type === type)
  }

  /** The undo commands of payments as they were sent, such as `RestoreStock 1012`. */
  undos(): string[] {
    return this.sent
      .filter(({ undoes }) => undoes !== undefined)
      .map(({ message, to }) => (kindOf(to) === 'stock' ? `${message.type} ${to.slice(6)}` : message.type))
  }
}

/** Whether it is a payment's command of this type. */
function isCommand({ from, message }: Envelope, type: string): boolean {
  return kindOf(from) === 'payment' && message.type === type
}

/** Whether it answers a payment's command of this type, whose key bears its name. */
function isReply({ inReplyTo, key }: Envelope, type: string): boolean {
  const name = type.charAt(0).toLowerCase() + type.slice(1)
  return inReplyTo !== undefined && key?.name.split('/')[0] === name
}

/** Rules: what becomes of a payment's commands of one type, or of their replies. The rest is delivered. */
export const refused =
  (type: string, refusal: Refusal, to?: string): Interceptor =>
  envelope =>
    isCommand(envelope, type) && (to === undefined || envelope.to === to)
      ? { answer: { type: `${type}Rejected`, refusal } }
      : 'deliver'

export const lost =
  (type: string): Interceptor =>
  envelope =>
    isCommand(envelope, type) ? 'drop' : 'deliver'

/** The command is handled, and nobody hears of it. */
export const unanswered =
  (type: string): Interceptor =>
  envelope =>
    isReply(envelope, type) ? 'drop' : 'deliver'

export const late =
  (type: string, delayMs: number): Interceptor =>
  envelope =>
    isCommand(envelope, type) ? { delayMs } : 'deliver'

export const lateReply =
  (type: string, delayMs: number): Interceptor =>
  envelope =>
    isReply(envelope, type) ? { delayMs } : 'deliver'
