import type { Clock } from '../clock.ts'
import type { Envelope, Message } from './envelope.ts'

/** What happens to one message on its way. `answer` takes the place of the receiver. */
export type Interception =
  | 'deliver'
  | 'drop'
  | { readonly delayMs: number }
  | { readonly duplicates: number }
  | { readonly answer: Message }

export type Interceptor = (envelope: Envelope) => Interception

/** The one way from a sender to a mailbox. A process of its own would put a broker here. */
export interface Transport {
  send(envelope: Envelope, deliver: (envelope: Envelope) => void): void
}

/** Delivers at once, within the process. */
export const localTransport: Transport = {
  send: (envelope, deliver) => deliver(envelope),
}

/** A transport on which messages can be answered, delayed, dropped or duplicated on purpose; what is left goes by `next`. */
export function interceptedTransport(
  intercept: Interceptor,
  clock: Clock,
  next: Transport = localTransport,
): Transport {
  return {
    send(envelope, receive) {
      const deliver = (sent: Envelope) => next.send(sent, receive)
      const interception = intercept(envelope)
      if (interception === 'deliver') return deliver(envelope)
      if (interception === 'drop') return
      // Out of the ordinary way a message may come after its undo, or twice: nothing is certain about its key.
      const { fresh: _fresh, ...uncertain } = envelope
      if ('answer' in interception) return deliver(answerTo(uncertain, interception.answer))
      if ('delayMs' in interception) {
        clock.wait(interception.delayMs, () => deliver(uncertain))
        return
      }
      deliver(uncertain)
      // A mailbox on disk holds every id once.
      for (let copy = 1; copy <= interception.duplicates; copy += 1) {
        deliver({ ...uncertain, id: `${envelope.id}-copy-${copy}` })
      }
    },
  }
}

function answerTo(envelope: Envelope, message: Message): Envelope {
  const { id, version, from, to, key, correlationId } = envelope
  return {
    id: `${id}-answer`,
    version,
    from: to,
    to: from,
    message,
    ...(key && { key }),
    inReplyTo: id,
    correlationId,
    causationId: id,
  }
}
