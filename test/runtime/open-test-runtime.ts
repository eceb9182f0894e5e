import type { Database } from 'better-sqlite3'
import { openDatabase } from '../../src/persistence/database.ts'
import { createSqliteStore } from '../../src/persistence/sqlite-store.ts'
import type { ActorDefinition, Effect } from '../../src/runtime/actor.ts'
import type { Address, Key, Message } from '../../src/runtime/envelope.ts'
import { Runtime, type RuntimeOptions } from '../../src/runtime/runtime.ts'
import type { Batch, Store } from '../../src/runtime/store.ts'
import { type Interceptor, interceptedTransport } from '../../src/runtime/transport.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { type Heard, puppet, smallActors } from './small-actors.ts'

export interface TestRuntimeOptions
  extends Pick<RuntimeOptions, 'limits' | 'mode' | 'onCommitted' | 'onIndeterminate'> {
  /** The small actors, unless told otherwise; a puppet is always among them. */
  readonly actors?: readonly ActorDefinition[]
  readonly intercept?: Interceptor
  /** Called with every batch before it is written, which waits for it: what it throws is the disk's answer. */
  onCommit?(batch: Batch): void | Promise<void>
  /** Puts another store in the place of the real one. */
  wrap?(store: Store): Store
}

export interface Sent {
  readonly to: Address
  readonly message: Message
  readonly key?: Key
  readonly undoes?: Key
  readonly resent?: boolean
}

/** The runtime on a real database, in a process that can lose its power. */
export function openTestRuntime(options: TestRuntimeOptions = {}) {
  const database = openDatabase(':memory:', { timeZone: 'Asia/Seoul', currency: 'KRW' })
  return start(options, database, new SimulatedClock())
}

export interface TestRuntime extends ReturnType<typeof processOn> {
  /** The process is killed, and another one starts on what it left. */
  crash(changed?: TestRuntimeOptions): TestRuntime
}

function start(options: TestRuntimeOptions, database: Database, clock: SimulatedClock): TestRuntime {
  const current = processOn(options, database, clock)
  return Object.assign(current, {
    crash(changed: TestRuntimeOptions = {}) {
      current.cutPower()
      clock.advance(1)
      return start({ ...options, ...changed }, database, clock)
    },
  })
}

function processOn(options: TestRuntimeOptions, database: Database, clock: SimulatedClock) {
  const commits: Batch[] = []
  let powered = true
  const disk = createSqliteStore(database, { subscribedTopics: new Set(['news', 'command']) })
  const store: Store = {
    ...(options.wrap?.(disk) ?? disk),
    commit(batch) {
      if (!powered) throw new Error('The power is off')
      const ready = options.onCommit?.(batch)
      return ready === undefined ? disk.commit(batch) : ready.then(() => disk.commit(batch))
    },
  }
  const { actors = smallActors, intercept, limits, mode, onCommitted, onIndeterminate } = options
  const runtime = new Runtime({
    actors: [puppet, ...actors],
    store,
    clock,
    ...(intercept && { transport: interceptedTransport(intercept, clock) }),
    ...(limits && { limits }),
    ...(mode && { mode }),
    onCommitted(batch) {
      commits.push(batch)
      onCommitted?.(batch)
    },
    onIndeterminate: error => {
      if (powered) onIndeterminate?.(error)
    },
  })

  /** The stored state of an actor, or `undefined`. */
  function stored(address: Address): unknown {
    const [kind = '', id = ''] = address.split(/\/(.*)/)
    const snapshot = disk.snapshot(kind, id)
    return snapshot && JSON.parse(snapshot.state)
  }

  const ask = (to: Address, message: Message, key?: Key, correlationId = 'test') =>
    runtime.ask(to, message, { correlationId, ...(key && { key }) })

  function heard(id = 'teller'): readonly Heard[] {
    return (stored(`puppet/${id}`) as { heard: Heard[] } | undefined)?.heard ?? []
  }

  async function have(effects: readonly Effect[], id = 'teller'): Promise<void> {
    const done = ask(`puppet/${id}`, { type: 'Do', effects })
    runtime.runUntilIdle()
    await done
  }

  return {
    runtime,
    database,
    clock,
    commits,
    ask,
    stored,
    heard,
    /** Asks, and runs until everything is handled and committed. */
    async run(to: Address, message: Message, key?: Key): Promise<Message> {
      const answer = ask(to, message, key)
      runtime.runUntilIdle()
      return answer
    },
    /** Lets `ms` milliseconds pass, and runs until everything that fell due is handled and committed. */
    pass(ms: number): void {
      clock.advance(ms)
      runtime.runUntilIdle()
    },
    /** Has a puppet do something, and runs until everything is handled and committed. */
    have,
    /** Sends messages as an actor would, in one step, and resolves with the answers it got. */
    async tell(...sent: Sent[]): Promise<Message[]> {
      const before = heard().length
      await have(sent.map(each => ({ type: 'send', ...each })))
      return heard()
        .slice(before)
        .map(({ at: _at, ...message }) => message)
    },
    deadLetters: () =>
      database
        .prepare<[], { actor: string; error: string }>(
          'SELECT actor, error FROM dead_letters ORDER BY sequence',
        )
        .all(),
    cutPower() {
      powered = false
    },
  }
}

/** Every row of every table. */
export function everyRow(database: Database): Record<string, unknown[]> {
  const tables = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .pluck()
    .all()
  return Object.fromEntries(tables.map(name => [name, database.prepare(`SELECT * FROM ${name}`).all()]))
}
