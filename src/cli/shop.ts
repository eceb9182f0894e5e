import type { Accounts } from '../actors/customer/accounts.ts'
import type { Questions } from '../actors/questions.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { ActorDefinition } from '../runtime/actor.ts'
import type { Address, Message, Operator } from '../runtime/envelope.ts'

/** A shop opened on a data directory, as commands use it. */
export interface Shop {
  ask(
    to: Address,
    message: Message,
    options: { correlationId: string; operator?: Operator },
  ): Promise<Message>
  questions: Questions
  clock: Clock
  accounts: Accounts
  /**
   * Serves HTTP; port 0 picks a free one. Rejects with one clear sentence when it cannot listen there. Who sends is found out as the
   * settings say, unless `auth` says that it is the gateway.
   */
  listen(host: string, port: number, auth?: 'gateway'): Promise<{ url: string; stop(): Promise<void> }>
  /** Finishes what is in flight and lets go of the directory. */
  close(): void | Promise<void>
}

/** What a command is given: the only doors out of it. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** What is typed or piped in. */
  readonly input: NodeJS.ReadStream
  readonly version: string
  /** Throws one clear sentence when the directory cannot be used. */
  openShop(config: Config): Shop
  /** What would run in that shop. */
  actorsOf(config: Config): readonly ActorDefinition[]
  out(text: string): void
  readonly errorStream: NodeJS.WritableStream
}
