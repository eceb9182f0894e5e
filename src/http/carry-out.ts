import type { Clock } from '../clock.ts'
import type { Address, Message, Operator } from '../runtime/envelope.ts'
import type { RequestCommand } from '../runtime/request-messages.ts'
import type { Dependencies } from './dependencies.ts'
import { type RequestKey, requestAddress } from './request-key.ts'

/** What a request asks of an actor. */
export interface Command {
  to: Address
  message: Message
  correlationId: string
  operator?: Operator
  /** The answer of one who does not wait for the end. Without it the end is always waited for. */
  accepted?: Message
}

/**
 * Sends the command, through the request actor when it has a key, and resolves with the reply; or with the command's
 * `accepted` when the wait is over first, at once if `waits` is false.
 */
export async function carryOut(
  { ask, clock, settings }: Dependencies,
  command: Command,
  key: RequestKey | undefined,
  waits: boolean,
): Promise<Message> {
  const { correlationId, accepted, operator } = command
  if (accepted === undefined) {
    // With a key it is the request actor that passes on who commands it.
    return ask(...addressed(key, command), {
      correlationId,
      operator: key === undefined ? operator : undefined,
    })
  }
  if (!waits && key !== undefined) {
    return ask(requestAddress(key), beginRequest(key, command, accepted), { correlationId })
  }

  const abandon = new AbortController()
  // That a command was accepted may be said once a commit has made it true.
  let noteKept = () => {}
  const kept = new Promise<Message>(resolve => {
    noteKept = () => resolve(accepted)
  })
  const reply = ask(...addressed(key, command), {
    correlationId,
    signal: abandon.signal,
    onKept: noteKept,
  })
  const inTime = waits ? await within(clock, settings.paymentWaitMs, reply) : undefined
  if (inTime !== undefined) return inTime
  try {
    if (key === undefined) return await Promise.race([kept, reply])
    const stop: RequestCommand = { type: 'StopWaiting', hash: key.hash, answer: accepted }
    return await Promise.race([reply, ask(requestAddress(key), stop, { correlationId })])
  } finally {
    abandon.abort()
  }
}

function addressed(key: RequestKey | undefined, command: Command): [Address, Message] {
  if (key === undefined) return [command.to, command.message]
  return [requestAddress(key), beginRequest(key, command)]
}

function beginRequest(
  { hash }: RequestKey,
  { to, message, operator }: Command,
  accepted?: Message,
): RequestCommand {
  return { type: 'BeginRequest', hash, to, message, operator, ...(accepted && { accepted }) }
}

/** What `reply` resolves with, or `undefined` when `waitMs` pass first. */
function within<T>(clock: Clock, waitMs: number, reply: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.wait(waitMs, () => resolve(undefined))
    void reply.then(resolve, reject).finally(cancel)
  })
}
