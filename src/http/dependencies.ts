import type { BlockList } from 'node:net'
import type { Catalogue } from '../actors/catalogue.ts'
import type { ConsoleQuestions } from '../actors/console-questions.ts'
import type { Accounts } from '../actors/customer/accounts.ts'
import type { Inspection } from '../actors/inspection.ts'
import type { JournalFeed } from '../actors/journal-feed.ts'
import type { OperatorQuestions } from '../actors/operator-questions.ts'
import type { FaultsOnPurpose } from '../actors/payment/faults-on-purpose.ts'
import type { Questions } from '../actors/questions.ts'
import type { ShopkeepingQuestions } from '../actors/shopkeeping-questions.ts'
import type { Clock } from '../clock.ts'
import type { NewId } from '../ids.ts'
import type { LogFields } from '../log.ts'
import type { Address, Message, Operator } from '../runtime/envelope.ts'

import type { Authenticate } from './access.ts'
import type { Charts } from './chart-routes.ts'
import type { DoorAudit } from './door-audit.ts'
import type { LoginThrottle } from './login-throttle.ts'
import type { AnswerMeasures, Measures } from './metrics-routes.ts'
import type { OutboxOperations } from './outbox-routes.ts'
import type { RateLimiter } from './rate-limits.ts'
import type { SessionBook } from './session-book.ts'

/** Somebody who can be logged in as by everybody. */
interface DemoAccount {
  readonly role: 'customer' | 'operator' | 'administrator'
  readonly username: string
  readonly password: string
}

/** Whether a command begins something, or is about what was begun, which is worth more and is refused last. */
export type Work = 'new' | 'begun'

/** What the HTTP edge needs of everything behind it; `main` hands it over. */
export interface Dependencies {
  /**
   * Sends a message to an actor and resolves with its answer once the commit that made it true is on disk.
   * Rejects with `Unavailable` when nothing was kept (disk full, stopping) and with `Faulted` when the message was set
   * aside because its step threw. `signal` gives up waiting; what was asked goes on. `onKept` is called once the message
   * itself is on disk, whenever its answer comes.
   */
  ask(
    to: Address,
    message: Message,
    options: {
      correlationId: string
      operator?: Operator | undefined
      signal?: AbortSignal
      onKept?: () => void
    },
  ): Promise<Message>
  authenticate: Authenticate
  accounts: Accounts
  /** Absent behind a gateway: there are no sessions. */
  sessionBook?: SessionBook | undefined
  loginThrottle: LoginThrottle
  doorAudit: DoorAudit
  /** Without it callers may come as often as they like. */
  rateLimiter?: RateLimiter | undefined
  questions: Questions
  catalogue: Catalogue
  operatorQuestions: OperatorQuestions
  consoleQuestions: ConsoleQuestions
  shopkeepingQuestions: ShopkeepingQuestions
  outbox: OutboxOperations
  charts: Charts
  feed: Pick<JournalFeed, 'watch'>
  /** Absent unless it is switched on. */
  inspection?: Inspection | undefined
  /** The stored state of an idempotency key, from committed data; `answer` is absent while it runs. */
  storedRequest(scope: string): { hash: string | null; answer?: Message } | undefined
  newId: NewId
  clock: Clock
  measures(): Measures
  answerMeasures: AnswerMeasures
  /** The invariant whose breach has closed the shop to money, and since when in milliseconds. */
  breach(): { name: string; since: number } | undefined
  /** Why no work of this kind may be taken in right now, or `undefined` when all is well. */
  closed(work: Work): 'OVERLOADED' | 'SHUTTING_DOWN' | 'UNAVAILABLE' | undefined
  /** Parts that are gone right now and without which everything goes on, some of it slower. */
  degraded(): readonly string[]
  /** How long what was taken in will keep the server busy, in milliseconds. */
  backlogMs(): number
  settings: {
    /** How long POST /payments waits for the end before it answers 202, in milliseconds. */
    paymentWaitMs: number
    /** After how long an unpaid order expires, in milliseconds. */
    orderExpiryMs: number
    /** How many coupon campaigns one caller may open within an hour. */
    couponsPerHour: number
    /** A credit by staff above it needs a second person, in the minor unit. */
    approvalLimit: number
    /** Whether the staff are told apart, or all show the same token. */
    namedStaff: boolean
    /** Origins whose pages may use this API from a browser, as `https://shop.example`. */
    allowedOrigins: readonly string[]
    /** Whose X-Forwarded-For is believed. */
    trustedProxies: BlockList
    /** A code such as KRW. */
    currency: string
    timeZone: string
    version: string
  }
  /** The accounts of a demo, whose passwords everybody may know; `undefined` where there are none. */
  demoAccounts(): readonly DemoAccount[] | undefined
  /** Where steps can be made to fail on purpose: in a demo on loopback, and nowhere else. */
  faultsOnPurpose?: FaultsOnPurpose | undefined
  /** One line for the operator of the process about a request that failed for no fault of the caller. */
  reportFault(error: unknown, correlationId: string, requestId: string): void
  /** Told of every request; absent where nobody wants to know. */
  logRequest?: (sentence: string, fields: LogFields) => void
}
