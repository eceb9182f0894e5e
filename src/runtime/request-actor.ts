import { type ActorDefinition, erased, type Incoming } from './actor.ts'
import type { Caller, Message } from './envelope.ts'
import type { RequestCommand } from './request-messages.ts'

/*
 * An idempotency key as an actor: what was asked under it is passed on once, and its first answer is kept for whoever
 * asks again. Being an actor it is durable, handles two requests at once one after the other, and takes the answer also
 * when nobody waits any more or after a restart.
 */

export interface RequestState {
  /** Hash of what was asked; null when the key is free again. */
  readonly hash: string | null
  readonly caller: Caller | null
  readonly answer?: Message
}

/** Answers that say nothing about the request itself: the next try under the same key is a first one again. */
function isPassing(answer: Message): boolean {
  const { refusal } = answer as { refusal?: { code: string } }
  return refusal?.code === 'PAYMENT_STEP_TIMED_OUT'
}

function step(state: RequestState | undefined, incoming: Incoming<Message>) {
  const { meta, ...message } = incoming
  const { hash = null, caller = null, answer } = state ?? {}
  const command = message as RequestCommand
  if (command.type === 'BeginRequest') {
    if (hash === null) {
      return {
        state: {
          hash: command.hash,
          caller: meta.caller,
          ...(command.accepted && { answer: command.accepted }),
        },
        effects: [
          // Its own number in the key: a key that was freed asks anew.
          {
            type: 'send' as const,
            to: command.to,
            message: command.message,
            key: { scope: meta.self, name: meta.caller.id },
          },
          ...(command.accepted === undefined ? [] : [{ type: 'reply' as const, message: command.accepted }]),
        ],
      }
    }
    return { state, effects: [{ type: 'reply' as const, message: repeated(command.hash, hash, answer) }] }
  }
  if (command.type === 'StopWaiting') {
    if (answer !== undefined || hash !== command.hash) {
      return { state, effects: [{ type: 'reply' as const, message: repeated(command.hash, hash, answer) }] }
    }
    return {
      state: { hash, caller, answer: command.answer },
      effects: [{ type: 'reply' as const, message: command.answer }],
    }
  }
  // Whatever else comes is the answer; after the first it changes nothing.
  if (hash === null || caller === null || answer !== undefined) return { state, effects: [] }
  const next: RequestState = isPassing(message)
    ? { hash: null, caller: null }
    : { hash, caller, answer: message }
  return { state: next, effects: [{ type: 'reply' as const, to: caller, message }] }
}

function repeated(asked: string, hash: string | null, answer: Message | undefined): Message {
  if (asked !== hash) return { type: 'RequestRejected', code: 'IDEMPOTENCY_KEY_REUSED' }
  return answer ?? { type: 'RequestRejected', code: 'REQUEST_IN_FLIGHT' }
}

export const requestActor: ActorDefinition = erased<RequestState>({ kind: 'request', version: 1, step })
