import { type ActorDefinition, type Effect, erased, type Incoming } from './actor.ts'
import type { Address, Caller, Key, Message, Operator } from './envelope.ts'
import type { RequestCommand, RequestReply } from './request-messages.ts'

/*
 * An idempotency key as an actor: what was asked under it is passed on once, and its first answer is kept for whoever
 * asks again. Being an actor it is durable, handles two requests at once one after the other, and takes the answer also
 * when nobody waits any more or after a restart. What it passes on has a key, and is sent again while nobody answers.
 */

export interface RequestState {
  /** Hash of what was asked; null when the key is free again. */
  readonly hash: string | null
  readonly caller: Caller | null
  readonly answer?: Message
  /** What is passed on, until its own answer comes. */
  readonly passed?: {
    readonly to: Address
    readonly message: Message
    readonly key: Key
    readonly operator?: Operator | undefined
    readonly resends: number
  }
}

const free: RequestState = { hash: null, caller: null }

const resendTimer = 'ResendRequest'
const resendDelayMs = 2_000
const resendDelayMsMax = 60_000

const passingCodes: ReadonlySet<string> = new Set(['PAYMENT_STEP_TIMED_OUT', 'REQUEST_IN_FLIGHT'])

/** Answers that say nothing about the request itself: the next try under the same key is a first one again. */
function isPassing(answer: Message): boolean {
  const { refusal } = answer as { refusal?: { code: string } }
  return answer.type === 'RequestFaulted' || passingCodes.has(refusal?.code ?? '')
}

function pass({ to, message, key, operator, resends }: NonNullable<RequestState['passed']>): Effect[] {
  return [
    { type: 'send', to, message, key, operator, resent: resends > 0 },
    {
      type: 'schedule',
      name: resendTimer,
      delayMs: Math.min(resendDelayMs * 2 ** resends, resendDelayMsMax),
    },
  ]
}

function step(
  state: RequestState | undefined,
  incoming: Incoming<Message>,
): { state: RequestState | undefined; effects: Effect[] } {
  const { meta, ...message } = incoming
  const { hash, caller, answer, passed } = state ?? free
  const command = message as RequestCommand | { type: typeof resendTimer }
  if (command.type === 'BeginRequest') {
    if (hash !== null) return { state, effects: [{ type: 'reply', message: again(state, command.hash) }] }
    const { to, message, operator, accepted } = command
    // The number of the asking message makes the key new again after it was freed.
    const first = { to, message, key: { scope: meta.self, name: meta.caller.id }, operator, resends: 0 }
    return {
      state: {
        hash: command.hash,
        caller: meta.caller,
        passed: first,
        ...(accepted && { answer: accepted }),
      },
      effects: [...pass(first), ...(accepted ? [{ type: 'reply', message: accepted } as const] : [])],
    }
  }
  if (command.type === 'StopWaiting') {
    if (answer !== undefined || hash !== command.hash) {
      // Whoever waited is the first who asked: for them the answer is no repetition.
      const message = answer !== undefined && hash === command.hash ? answer : again(state, command.hash)
      return { state, effects: [{ type: 'reply', message }] }
    }
    return {
      state: { hash, caller, answer: command.answer, ...(passed && { passed }) },
      effects: [{ type: 'reply', message: command.answer }],
    }
  }
  if (passed === undefined) return { state, effects: [] }
  if (command.type === resendTimer) {
    const resent = { ...passed, resends: passed.resends + 1 }
    return { state: { ...(state ?? free), passed: resent }, effects: pass(resent) }
  }
  // A late answer to what was passed on before the key was freed says nothing about what is passed on now.
  if (meta.key !== undefined && meta.key.name !== passed.key.name) return { state, effects: [] }
  // Whatever else comes is the answer to what was passed on; it is the request's own unless a 202 was that.
  const settled: Effect = { type: 'cancel', name: resendTimer }
  if (answer !== undefined || caller === null)
    return { state: { hash, caller, ...(answer && { answer }) }, effects: [settled] }
  return {
    state: isPassing(message) ? free : { hash, caller, answer: message },
    effects: [settled, { type: 'reply', to: caller, message }],
  }
}

/** What is said to whoever asks under a key that was used before. */
function again(state: RequestState | undefined, asked: string): RequestReply {
  const { hash = null, answer } = state ?? free
  if (asked !== hash) return { type: 'RequestRejected', code: 'IDEMPOTENCY_KEY_REUSED' }
  if (answer === undefined) return { type: 'RequestRejected', code: 'REQUEST_IN_FLIGHT' }
  return { type: 'RequestReplayed', answer }
}

export const requestActor: ActorDefinition = erased<RequestState>({ kind: 'request', version: 1, step })
