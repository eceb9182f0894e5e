import type { Clock } from '../clock.ts'
import type { Address, Message } from '../runtime/envelope.ts'
import type { RequestCommand } from '../runtime/request-messages.ts'
import type { Dependencies } from './dependencies.ts'
import { type RequestKey, requestAddress } from './request-key.ts'

/** What a request asks of an actor. */
export interface Command {
  to: Address
  message: Message
  correlationId: string
  /** The answer of one who does not wait for the end. Without it the end is always waited for. */
  accepted?: Message
}

/**
 * Sends the command, through the request actor when it has a key, and resolves with the reply; or with the command's
 * `accepted` when the wait is over first, at once if `waits` is false.
 */
export async function carryOut(
  { ask, clock, newId, settings }: Dependencies,
  { to, message, correlationId, accepted }: Command,
  key: RequestKey | undefined,
  waits: boolean,
): Promise<Message> {
  if (accepted === undefined) return ask(...addressed(key, to, message), { correlationId })

  // That a command was accepted may be said once a commit has made it true. An actor that keeps the answer can tell; so
  // who does not wait gets one even without a key.
  const keeper = key ?? (waits ? undefined : { scope: `${newId()}`, hash: '' })
  const abandon = new AbortController()
  const reply = ask(...addressed(keeper, to, message), { correlationId, signal: abandon.signal })
  if (waits) {
    const inTime = await within(clock, settings.paymentWaitMs, reply)
    if (inTime !== undefined) return inTime
  }
  try {
    if (keeper === undefined) return accepted
    const stop: RequestCommand = { type: 'StopWaiting', hash: keeper.hash, answer: accepted }
    return await Promise.race([reply, ask(requestAddress(keeper), stop, { correlationId })])
  } finally {
    abandon.abort()
  }
}

function addressed(key: RequestKey | undefined, to: Address, message: Message): [Address, Message] {
  if (key === undefined) return [to, message]
  const begin: RequestCommand = { type: 'BeginRequest', hash: key.hash, to, message }
  return [requestAddress(key), begin]
}

/** What `reply` resolves with, or `undefined` when `waitMs` pass first. */
function within<T>(clock: Clock, waitMs: number, reply: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.wait(waitMs, () => resolve(undefined))
    void reply.then(resolve, reject).finally(cancel)
  })
}
