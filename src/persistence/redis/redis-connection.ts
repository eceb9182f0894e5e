import { Redis } from 'ioredis'
import type { Clock } from '../../clock.ts'
import { evictionWarning } from './eviction-warning.ts'

/*
 * The one connection to Redis, with a circuit breaker in front. Closed: the connection stands and a write has just been
 * tried on it. After a few failures in a row, or when the connection is lost, it opens: every call fails at once, and a
 * new connection is made again and again until a write succeeds on it. Nobody's request is spent on trying.
 *
 * Each time it closes there is a new generation. It is part of the name of everything that is only a cache, so what was
 * written before an outage is never believed after it.
 */

/** Redis cannot be asked right now; whoever asked has another way. */
export class RedisGone extends Error {
  override name = 'RedisGone'
}

/** The process was told not to start without Redis. The message is one sentence. */
export class RedisUnavailable extends Error {
  override name = 'RedisUnavailable'
}

export type BreakerState = 'closed' | 'open' | 'half-open'

/** Redis as its users see it. */
export interface RedisCalls {
  readonly state: BreakerState
  /** Different after each outage. */
  readonly generation: string
  /** Runs commands, each with a short limit of time. Rejects with `RedisGone`, whatever went wrong; at once while open. */
  call<T>(run: (client: Redis) => Promise<T>): Promise<T>
}

export interface RedisOptions {
  /** `redis://` or `rediss://`; it may hold a password and is never shown. */
  readonly url: string
  readonly clock: Clock
  /** From the CSPRNG, so that no two processes ever share a name. */
  readonly newGeneration: () => string
  /** One line for whoever runs the process. */
  readonly report: (line: string) => void
}

/** A Redis that answers later than this counts as gone. */
const commandTimeoutMs = 250
const failuresMax = 3
const reconnectDelayMs = 500
const startMsMax = 2_000
const probeMs = 10_000

export class RedisConnection implements RedisCalls {
  state: BreakerState = 'open'
  generation = ''
  /** How often it opened since the start. */
  timesOpened = 0
  /** Resolves once it is known how the start went: with nothing when Redis is there, else with the reason why not. */
  readonly started: Promise<string | undefined>
  readonly #client: Redis
  readonly #options: RedisOptions
  readonly #where: string
  #failures = 0
  #reason = ''
  #stopped = false
  #askedOfEviction = false
  #settleStart: (reason?: string) => void = () => {}

  constructor(options: RedisOptions) {
    this.#options = options
    this.#where = new URL(options.url).host
    this.started = new Promise(resolve => {
      const cancel = options.clock.wait(startMsMax, () =>
        this.#settleStart(this.#reason || 'it does not answer'),
      )
      this.#settleStart = reason => {
        cancel()
        resolve(reason)
      }
    })
    this.#client = new Redis(options.url, {
      commandTimeout: commandTimeoutMs,
      connectTimeout: 2 * reconnectDelayMs,
      enableOfflineQueue: false,
      // What a crowd asks within one turn of the event loop leaves in one write.
      enableAutoPipelining: true,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => reconnectDelayMs,
      // A peer that is not there any more does not answer the goodbye either.
      disconnectTimeout: 100,
      connectionName: 'recoup',
    })
    this.#client.on('error', error => {
      this.#reason = reasonOf(error)
    })
    this.#client.on('ready', () => void this.#probe())
    this.#client.on('close', () => {
      this.#open(this.#reason || 'the connection was closed')
      if (this.#reason !== '') this.#settleStart(this.#reason)
    })
  }

  async call<T>(run: (client: Redis) => Promise<T>): Promise<T> {
    if (this.state !== 'closed') throw new RedisGone('Redis is gone')
    const { generation } = this
    try {
      const result = await run(this.#client)
      this.#failures = 0
      return result
    } catch (error) {
      // What failed on the connection before says nothing about this one.
      if (this.generation === generation && this.state === 'closed') {
        this.#failures += 1
        if (this.#failures >= failuresMax) {
          this.#open(reasonOf(error))
          this.#client.disconnect(true)
        }
      }
      throw new RedisGone(reasonOf(error))
    }
  }

  /** Whether it is there, as one sentence for people if it is not. */
  async startProblem(): Promise<string | undefined> {
    const reason = await this.started
    return reason && `Redis at ${this.#where} cannot be used: ${reason}`
  }

  close(): void {
    this.#stopped = true
    this.state = 'open'
    this.#settleStart('the process ends')
    this.#client.disconnect()
  }

  /** A write, because a Redis that is full or only a copy still answers whoever reads. */
  async #probe(): Promise<void> {
    if (this.#stopped) return
    this.state = 'half-open'
    const generation = this.#options.newGeneration()
    try {
      await this.#client.set(`recoup:probe:${generation}`, '1', 'PX', probeMs)
    } catch (error) {
      this.#reason = reasonOf(error)
      this.#settleStart(this.#reason)
      this.state = 'open'
      if (this.#client.status === 'ready') this.#client.disconnect(true)
      return
    }
    // It may have been lost again meanwhile.
    if (this.#stopped || this.state !== 'half-open') return
    const first = this.generation === ''
    this.generation = generation
    this.#failures = 0
    this.#reason = ''
    this.state = 'closed'
    this.#settleStart()
    if (!first || this.timesOpened > 0) this.#options.report(`Redis at ${this.#where} is back.`)
    if (!this.#askedOfEviction) void this.#warnOfEviction()
  }

  async #warnOfEviction(): Promise<void> {
    try {
      const warning = await evictionWarning(this.#client)
      this.#askedOfEviction = true
      if (warning !== undefined) this.#options.report(warning)
    } catch {
      // It was lost again; when it is back it is asked again.
    }
  }

  #open(reason: string): void {
    const wasClosed = this.state === 'closed'
    this.state = 'open'
    if (!wasClosed || this.#stopped) return
    this.timesOpened += 1
    this.#options.report(
      `Redis at ${this.#where} is gone: ${reason}. Everything goes on without it, some of it slower.`,
    )
  }
}

/** Never more than the code and first line of an error: its other fields hold what was sent. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  const [line = ''] = (message || code || String(error)).split('\n')
  return line
}
