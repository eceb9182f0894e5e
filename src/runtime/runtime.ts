import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../clock.ts'
import { type Activation, Activations } from './activation.ts'
import type { ActorDefinition, Effect, Incoming, Meta } from './actor.ts'
import { Backlog } from './backlog.ts'
import {
  type Address,
  addressOf,
  type Caller,
  type Envelope,
  idOf,
  isOutside,
  type Message,
} from './envelope.ts'
import { Faulted, Unavailable } from './faults.ts'
import { storedForm } from './load-snapshot.ts'
import { OpenBatch } from './open-batch.ts'
import { patchOf } from './patch.ts'
import {
  type Batch,
  CommitRefused,
  Damaged,
  type InboxRecord,
  type JournalEntry,
  type Patch,
  ReadFailed,
  type Snapshot,
  type Store,
  type Timer,
} from './store.ts'
import { localTransport, type Transport } from './transport.ts'

/*
 * Runs the actors: one message at a time each, in ticks. A tick drains the mailboxes in memory, then commits everything
 * its steps did in one transaction; nothing leaves the process before that commit. So every crash shows a state that was
 * committed as a whole, and a saga over many actors costs a share of one sync.
 *
 * It never waits for company (a lone request is committed at once), never runs two steps of one actor at the same time,
 * and never lets a step that throws touch anything but its own message. That message is set aside. One from outside is
 * refused: its caller is told, and the actor goes on. One within a saga suspends its actor, since whatever comes later
 * may rest on it: the others queue behind it until an operator has resolved it.
 */

export interface Limits {
  /** A tick commits after so many steps, or so many milliseconds, even when messages are waiting. */
  readonly tickStepsMax: number
  readonly tickMs: number
  /** An actor lets the others run after so many messages. */
  readonly turnMessagesMax: number
  /** Characters of JSON that idle actors may keep in memory. */
  readonly activationsSizeMax: number
}

const defaultLimits: Limits = {
  tickStepsMax: 20_000,
  tickMs: 50,
  turnMessagesMax: 64,
  activationsSizeMax: 16 * 1024 * 1024,
}

export interface RuntimeOptions {
  readonly actors: readonly ActorDefinition[]
  readonly store: Store
  readonly clock: Clock
  readonly transport?: Transport
  readonly limits?: Partial<Limits>
  /**
   * `ticks` (default) runs by itself. `steps` runs only when `runStep` or `runUntilIdle` is called and commits after
   * every single step, so that a test can crash everywhere.
   */
  readonly mode?: 'ticks' | 'steps'
  /** Told of every batch once it is on disk. */
  onCommitted?(batch: Batch): void
  /** Told of a message that was set aside. */
  onDeadLetter?(error: unknown, envelope: Envelope): void
  /** The commit's outcome is unknown: nothing may be answered any more and the process has to end. */
  onIndeterminate?(error: unknown): void
}

export interface AskOptions {
  readonly correlationId: string
  /** The key of what must happen once, for messages that come from outside with one. */
  readonly key?: Envelope['key']
  /** The person who commands it, for the audit log. */
  readonly operator?: Envelope['operator']
  /** Gives up waiting; what was asked goes on. */
  readonly signal?: AbortSignal
  /** Called once the message itself was handled and what it did is on disk, whenever its answer comes. */
  onKept?(): void
}

/** What a door is told after the commit: an answer, or only that its message was kept. */
interface Answer {
  readonly to: Address
  readonly message?: Message
}

/** A batch that the store is writing, and what waits for it. */
interface Sent {
  readonly batch: Batch
  readonly answers: readonly Answer[]
  /** The actors it changed, with the state it gives each. */
  readonly activations: readonly (readonly [Activation, state: unknown])[]
  readonly timersFired: readonly string[]
  /** How many requests it let in. */
  readonly requests: number
  /** Resolves once the outcome has been dealt with. */
  written?: Promise<void>
}

interface Waiter {
  readonly to: Address
  readonly onKept: (() => void) | undefined
  resolve(message: Message): void
  reject(error: Error): void
}

/** So many that overdue ones, of which a restart may find very many, hold up a request no longer than a tick does. */
const timersAtOnce = 50

export class Runtime {
  readonly #options: RuntimeOptions
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #store: Store
  readonly #transport: Transport
  readonly #activations: Activations
  readonly #waiters = new Map<Address, Waiter>()
  /** Answers that wait for the commit that makes them true. */
  #gate: Answer[] = []
  /** Messages from outside that no tick has let in yet. */
  #intake: Envelope[] = []
  #ready: Activation[] = []
  #dirty: Activation[] = []
  #batch: OpenBatch
  /** Steps in the open batch. */
  #steps = 0
  /** Requests let into the open batch. */
  #requests = 0
  #sent: Sent | undefined
  /** Ids of undelivered messages that the store has. */
  #storedMessages = new Set<string>()
  #firing = new Map<string, Timer>()
  /** Actors that take no message until an operator has resolved the one that was set aside. */
  #suspended = new Set<Address>()
  /** Actors that wait a moment before what could not be read is read again. */
  readonly #resting = new Set<Activation>()
  #handled = 0
  #unchanged = 0
  #repeats = 0
  readonly #backlog = new Backlog()
  #messages = 0
  readonly #started: string
  #tickPlanned: NodeJS.Immediate | undefined
  #cancelWake: (() => void) | undefined
  #wakeAt = Number.POSITIVE_INFINITY
  /** Only the store knows which timer is next. */
  #nextUnknown = false
  /** The last commit was refused: what is stored waits until something new comes or a while has passed. */
  #refused = false
  #stopping = false
  #stopped = false

  constructor(options: RuntimeOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#clock = options.clock
    this.#store = options.store
    this.#transport = options.transport ?? localTransport
    const definitions = new Map(options.actors.map(definition => [definition.kind, definition]))
    this.#activations = new Activations(definitions, options.store, this.#limits.activationsSizeMax)
    this.#batch = new OpenBatch(options.store)
    // Also where the clock has stood still since the last start, no id may come twice.
    this.#started = `${options.clock.now().toString(36)}-${options.store.journalEnd().toString(36)}`
    this.#recover()
  }

  /**
   * Sends a message from outside and resolves with its answer after the commit that made it true. Rejects with
   * `Unavailable` when nothing was kept, and with `Faulted` when the message was set aside.
   */
  ask(
    to: Address,
    message: Message,
    { correlationId, key, operator, signal, onKept }: AskOptions,
  ): Promise<Message> {
    if (this.#stopping) return Promise.reject(new Unavailable('The process is stopping'))
    const id = this.#newMessageId()
    const from = addressOf('door', id)
    return new Promise((resolve, reject) => {
      this.#waiters.set(from, { to, onKept, resolve, reject })
      signal?.addEventListener('abort', () => {
        if (this.#waiters.delete(from)) reject(signal.reason)
      })
      this.#send({ id, version: 1, from, to, message, correlationId, causationId: id, key, operator })
    })
  }

  /**
   * The committed state of an actor that is in memory anyway, in its stored form: the same as the store would say, without
   * asking it. `undefined` says nothing; then ask the store.
   */
  stateInMemory(address: Address): unknown {
    const activation = this.#activations.peek(address)
    if (activation?.committed === undefined) return undefined
    return storedForm(activation.definition, activation.committed)
  }

  /** How long a request that comes now will wait until it is on disk, in milliseconds, going by the last commits. */
  get backlogMs(): number {
    return this.#backlog.ms(performance.now())
  }

  /**
   * Messages handled since the start, how many of them changed nothing (refused, repeated, late) and how many of those came
   * again with a key that was handled before; how many messages wait to be handled, and how many actors for an operator,
   * now.
   */
  get counts() {
    const mailboxes = [...this.#ready, ...this.#resting, ...this.#suspendedActivations()]
    return {
      handled: this.#handled,
      unchanged: this.#unchanged,
      repeated: this.#repeats,
      waiting: mailboxes.reduce((sum, { mailbox }) => sum + mailbox.length, this.#intake.length),
      suspended: this.#suspended.size,
    }
  }

  /** Whether an actor takes no message until an operator has resolved the one that was set aside. */
  isSuspended(address: Address): boolean {
    return this.#suspended.has(address)
  }

  /**
   * Handles what is waiting and commits; in `steps` mode one step at a time, each with its own commit. With a store that
   * writes elsewhere the last batches are still being written when it returns.
   */
  runUntilIdle(): void {
    do this.#tick()
    while (this.#mayGoOn())
  }

  /** One step and its commit (`steps` mode). False when nothing is waiting. */
  runStep(): boolean {
    this.#tick()
    return this.#mayGoOn()
  }

  /** Takes nothing more in, finishes what is in the mailboxes, and lets go of the clock. A promise when the store writes elsewhere. */
  stop(): void | Promise<void> {
    if (this.#stopped) return
    this.#stopping = true
    this.runUntilIdle()
    if (this.#sent?.written !== undefined) return this.#sent.written.then(() => this.stop())
    this.#stopped = true
    this.#cancelWake?.()
    if (this.#tickPlanned !== undefined) clearImmediate(this.#tickPlanned)
    for (const waiter of this.#waiters.values()) waiter.reject(new Unavailable('The process is stopping'))
    this.#waiters.clear()
  }

  // ── In ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #newMessageId(): string {
    this.#messages += 1
    return `${this.#started}-${this.#messages.toString(36)}`
  }

  #send(envelope: Envelope): void {
    this.#transport.send(envelope, this.#deliver)
  }

  readonly #deliver = (envelope: Envelope): void => {
    if (this.#stopped) return
    if (isDoor(envelope.to)) this.#gate.push({ to: envelope.to, message: envelope.message })
    else if (isDoor(envelope.from)) {
      this.#intake.push(envelope)
      this.#backlog.came(performance.now())
    } else this.#post(envelope)
    this.#planTick()
  }

  #post(envelope: Envelope): void {
    let activation: Activation
    try {
      activation = this.#activations.get(envelope.to)
    } catch (error) {
      this.#setAside(envelope, error)
      return
    }
    if (this.#suspended.has(envelope.to)) {
      if (isOutside(envelope.from)) this.#refuse(envelope, suspended(envelope.to))
      else if (!this.#waitsAlready(activation, envelope)) activation.mailbox.push(envelope)
      return
    }
    activation.mailbox.push(envelope)
    this.#schedule(activation)
  }

  #schedule(activation: Activation): void {
    if (activation.queued || activation.mailbox.length === 0) return
    activation.queued = true
    this.#ready.push(activation)
  }

  /** What is resent while its receiver is suspended need not wait twice. */
  #waitsAlready({ mailbox }: Activation, { id, key, inReplyTo }: Envelope): boolean {
    if (key === undefined || inReplyTo !== undefined || this.#storedMessages.has(id)) return false
    return mailbox.some(waiting => waiting.inReplyTo === undefined && isDeepStrictEqual(waiting.key, key))
  }

  #planTick(): void {
    if (this.#options.mode === 'steps' || this.#tickPlanned !== undefined) return
    this.#tickPlanned = setImmediate(() => {
      this.#tickPlanned = undefined
      this.#tick()
    })
  }

  // ── The tick ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Whether something waits that a tick could take up now. While a batch is being written the next may only grow so large. */
  #mayGoOn(): boolean {
    if (this.#stopped || this.#refused) return false
    if (this.#ready.length === 0 && this.#intake.length === 0) return false
    return this.#sent === undefined || this.#steps < this.#limits.tickStepsMax
  }

  #tick(): void {
    if (this.#stopped) return
    this.#fireTimers()
    const stepsMax = this.#options.mode === 'steps' ? 1 : this.#limits.tickStepsMax - this.#steps
    const startedAt = performance.now()
    let steps = this.#drain(stepsMax)
    let admitted = 0
    // One request after the other is let in and followed to where it waits: what a tick began it also ends.
    while (steps < stepsMax && admitted < this.#intake.length) {
      if (performance.now() - startedAt > this.#limits.tickMs) break
      this.#post(this.#intake[admitted] as Envelope)
      admitted += 1
      steps += this.#drain(stepsMax - steps)
    }
    this.#intake.splice(0, admitted)
    this.#requests += admitted
    this.#steps += steps
    this.#commit()
    if (this.#mayGoOn()) this.#planTick()
  }

  /** Handles what is in the mailboxes, at most `stepsMax` messages; returns how many. */
  #drain(stepsMax: number): number {
    let steps = 0
    while (steps < stepsMax) {
      const activation = this.#ready.shift()
      if (activation === undefined) break
      const { mailbox, address } = activation
      const turn = Math.min(mailbox.length, this.#limits.turnMessagesMax, stepsMax - steps)
      let handled = 0
      while (handled < turn && this.#handle(activation, mailbox[handled] as Envelope)) {
        handled += 1
        if (this.#suspended.has(address)) break
      }
      mailbox.splice(0, handled)
      steps += handled
      if (this.#resting.has(activation)) continue
      activation.queued = false
      if (this.#suspended.has(address)) this.#refuseWaiting(activation)
      else this.#schedule(activation)
    }
    return steps
  }

  /** False when it could not be handled for want of a read; then it stays where it is and is tried again soon. */
  #handle(activation: Activation, envelope: Envelope): boolean {
    const answers = this.#gate.length
    if (this.#waiters.get(envelope.from)?.onKept !== undefined) this.#gate.push({ to: envelope.from })
    const timer = this.#firing.get(envelope.id)
    try {
      this.#activations.load(activation)
      const repeated =
        envelope.key === undefined || envelope.fresh ? undefined : this.#repeated(activation, envelope)
      if (repeated !== undefined) this.#answerAgain(activation, envelope, repeated)
      else if (timer === undefined || this.#isCurrent(activation, timer)) this.#step(activation, envelope)
      activation.readsFailed = 0
    } catch (error) {
      this.#gate.length = answers
      if (error instanceof ReadFailed && this.#rest(activation)) return false
      this.#setAside(envelope, error)
    }
    this.#handled += 1
    if (this.#storedMessages.has(envelope.id)) this.#batch.mailboxRemoved.push(envelope.id)
    if (timer !== undefined) this.#batch.timersFired.push(envelope.id)
    return true
  }

  #step(activation: Activation, envelope: Envelope): void {
    const { definition, address } = activation
    const before = activation.state
    const at = this.#clock.now()
    const undone = envelope.undoes && this.#undone(activation, envelope.undoes)
    const needed = definition.needs?.(envelope.message, address)
    const meta: Meta = {
      at,
      self: address,
      caller: callerOf(envelope),
      key: envelope.key,
      undone,
      rowExists: needed && this.#batch.rowExists(needed.table, needed.unique),
    }
    const incoming: Incoming = { ...envelope.message, meta }
    const { state, effects } = definition.step(before, incoming)
    // Everything that can throw has to come before the first thing that is kept.
    assertBalanced(effects)
    const resumed = this.#readFor(activation, envelope, effects)

    if (this.#firing.has(envelope.id)) this.#dropTimer(activation, envelope.message.type)
    const changed = state !== before || effects.some(effect => effect.type !== 'reply')
    if (changed) {
      activation.state = state
      activation.transition += 1
      if (!activation.dirty) {
        activation.dirty = true
        this.#dirty.push(activation)
      }
    } else {
      this.#unchanged += 1
    }
    this.#writeJournal(activation, envelope, at, before, changed)
    let reply: Message | null = null
    for (const [number, effect] of effects.entries()) {
      if (effect.type === 'reply' && effect.to === undefined) reply = effect.message
      this.#apply(activation, envelope, at, effect, number, resumed)
    }
    if (envelope.key !== undefined && envelope.inReplyTo === undefined) {
      const { key, message, original = message } = envelope
      this.#batch.addRecord(key.scope, { actor: address, name: key.name, message: original, reply })
    }
    this.#audit(envelope, at, reply)
  }

  /** Reads what applying the effects needs, since a read may fail; resolves the message that is to be handled again. */
  #readFor(activation: Activation, { id }: Envelope, effects: readonly Effect[]): Envelope | undefined {
    let resumed: Envelope | undefined
    if (this.#firing.has(id)) this.#activations.timersOf(activation)
    for (const effect of effects) {
      if (effect.type === 'schedule' || effect.type === 'cancel') this.#activations.timersOf(activation)
      if (effect.type === 'reply' && effect.to?.key !== undefined)
        this.#batch.record(activation.address, effect.to.key)
      if (effect.type !== 'resume') continue
      resumed = this.#store.deadLetter(effect.deadLetterId)
      if (resumed === undefined) throw new Error(`No message waits as dead letter ${effect.deadLetterId}`)
    }
    return resumed
  }

  #audit({ operator, message, to }: Envelope, at: number, reply: Message | null): void {
    if (operator === undefined) return
    const { refusal } = (reply ?? {}) as { refusal?: { code: string } }
    const outcome = refusal?.code ?? reply?.type ?? ''
    const { name, reason } = operator
    this.#batch.audit.push({ at, operator: name, action: message.type, subject: to, reason, outcome })
  }

  #apply(
    activation: Activation,
    cause: Envelope,
    at: number,
    effect: Effect,
    number: number,
    resumed: Envelope | undefined,
  ): void {
    const { address } = activation
    const { correlationId } = cause
    switch (effect.type) {
      case 'send':
        this.#send({
          id: this.#newMessageId(),
          version: 1,
          from: address,
          to: effect.to,
          message: effect.message,
          key: effect.key,
          fresh: effect.key !== undefined && effect.resent !== true,
          undoes: effect.undoes,
          operator: effect.operator,
          correlationId,
          causationId: cause.id,
        })
        break
      case 'reply':
        if (effect.to?.key !== undefined) this.#batch.completeRecord(address, effect.to.key, effect.message)
        this.#reply(address, cause, effect.message, effect.to)
        break
      case 'schedule': {
        const timer = {
          actor: address,
          name: effect.name,
          dueAt: at + effect.delayMs,
          generation: activation.transition,
          correlationId,
        }
        const timers = this.#activations.timersOf(activation)
        timers.set(effect.name, { timer, stored: timers.get(effect.name)?.stored ?? false })
        this.#batch.setTimer(timer)
        break
      }
      case 'cancel':
        this.#dropTimer(activation, effect.name)
        break
      case 'append':
        this.#batch.append(effect.table, effect.row, effect.unique)
        break
      case 'post':
        this.#batch.post(effect.changeType, effect.key, at, effect.lines)
        break
      case 'emit':
        this.#batch.outbox.push({
          id: `${address}#${activation.transition}#${number}`,
          topic: effect.topic,
          key: effect.key,
          message: effect.message,
          at,
          correlationId,
        })
        break
      case 'resume':
        if (resumed !== undefined) this.#resume(resumed, effect)
        break
      case 'forget':
        this.#batch.forget(address, correlationId, effect.scope)
        activation.state = undefined
        activation.transition = 0
        break
    }
  }

  #reply(from: Address, cause: Envelope, message: Message, earlier: Caller | undefined): void {
    const to = earlier ?? callerOf(cause)
    this.#send({
      id: this.#newMessageId(),
      version: 1,
      from,
      to: to.from,
      message,
      // The key tells the receiver which command of which attempt was answered.
      key: to.key,
      inReplyTo: to.id,
      correlationId: cause.correlationId,
      causationId: cause.id,
    })
  }

  // ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** What was recorded for the key of a command; replies carry a key only to say what they answer. */
  #repeated(activation: Activation, envelope: Envelope): InboxRecord | undefined {
    if (envelope.key === undefined || envelope.inReplyTo !== undefined) return undefined
    return this.#batch.record(activation.address, envelope.key)
  }

  #answerAgain(activation: Activation, envelope: Envelope, record: InboxRecord): void {
    if (record.message === null) {
      // Its undo came first: it must not happen any more.
      const code = 'COMMAND_UNDONE'
      this.#reply(
        activation.address,
        envelope,
        { type: `${envelope.message.type}Rejected`, refusal: { code } },
        undefined,
      )
    } else if (!isDeepStrictEqual(record.message, envelope.original ?? envelope.message)) {
      const { scope, name } = envelope.key ?? { scope: '', name: '' }
      throw new Error(`The key ${scope}/${name} came to ${activation.address} again with other content`)
    } else if (record.reply !== null) {
      this.#reply(activation.address, envelope, record.reply, undefined)
    }
    this.#unchanged += 1
    this.#repeats += 1
    this.#writeJournal(activation, envelope, this.#clock.now(), activation.state, false)
  }

  /** The answer that what is being undone was given. Never arrived: a tombstone keeps it from happening later. */
  #undone(activation: Activation, undoes: NonNullable<Envelope['undoes']>): Message | undefined {
    const record = this.#batch.record(activation.address, undoes)
    if (record !== undefined) return record.reply ?? undefined
    const tombstone = { actor: activation.address, name: undoes.name, message: null, reply: null }
    this.#batch.addRecord(undoes.scope, tombstone)
    return undefined
  }

  // ── Timers ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #fireTimers(): void {
    const now = this.#clock.now()
    if (now < this.#wakeAt) return
    this.#wakeAt = Number.POSITIVE_INFINITY
    this.#nextUnknown = true
    for (const timer of this.#store.dueTimers(now, timersAtOnce)) {
      const { actor, name, generation, correlationId } = timer
      const id = `timer/${actor}/${name}/${generation}`
      if (this.#firing.has(id)) continue
      this.#firing.set(id, timer)
      // A timer is the actor's own message to itself; it does not pass the transport.
      this.#deliver({
        id,
        version: 1,
        from: actor,
        to: actor,
        message: { type: name },
        correlationId,
        causationId: id,
      })
    }
  }

  /** False when a fired timer was cancelled or superseded meanwhile. */
  #isCurrent(activation: Activation, fired: Timer): boolean {
    const current = this.#activations.timersOf(activation).get(fired.name)
    return current?.timer.generation === fired.generation
  }

  #dropTimer(activation: Activation, name: string): void {
    const timers = this.#activations.timersOf(activation)
    const current = timers.get(name)
    if (current === undefined) return
    timers.delete(name)
    this.#batch.removeTimer(current.timer, current.stored)
  }

  /** Sees to it that a tick runs at `dueAt`, if none is going to earlier. */
  #wakeBy(dueAt: number): void {
    if (dueAt >= this.#wakeAt) return
    this.#wakeAt = dueAt
    this.#cancelWake?.()
    if (this.#options.mode === 'steps') return
    this.#cancelWake = this.#clock.wait(dueAt - this.#clock.now(), () => {
      // Whatever the wall clock says by now: look what is due.
      this.#wakeAt = 0
      this.#tick()
    })
  }

  // ── Out ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #writeJournal(
    activation: Activation,
    envelope: Envelope,
    at: number,
    before: unknown,
    changed: boolean,
  ): void {
    const { definition, address, state } = activation
    const { context = identity, stateValue } = definition
    const whole = before === undefined || envelope.message.type === definition.startsAttempt
    let patch: Patch | undefined
    if (changed) patch = whole ? [[[], context(state)]] : patchOf(context(before), context(state))
    const entry: JournalEntry = {
      actor: address,
      transition: changed ? activation.transition : undefined,
      at,
      messageId: envelope.id,
      causationId: envelope.causationId,
      from: envelope.from,
      message: envelope.message,
      inSaga: envelope.inReplyTo !== undefined || envelope.key !== undefined,
      state: changed ? stateValue?.(state) : undefined,
      patch,
    }
    this.#batch.journal(envelope.correlationId, entry)
  }

  // ── When a step throws ─────────────────────────────────────────────────────────────────────────────────────────

  #setAside(envelope: Envelope, error: unknown): void {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    const unreadable = error instanceof Damaged || error instanceof ReadFailed
    // Its caller is told and may ask again; only where the actor itself cannot be read nothing else can be handled.
    const refused = !this.#activations.knows(envelope.to) || (isOutside(envelope.from) && !unreadable)
    this.#batch.deadLetters.push({ envelope, error: message, stack, at: this.#clock.now(), refused })
    if (!refused) this.#suspended.add(envelope.to)
    const timer = this.#firing.get(envelope.id)
    // It would fire again at once, and for ever.
    if (timer !== undefined) this.#batch.removeTimer(timer, true)
    this.#options.onDeadLetter?.(error, envelope)
    this.#planTick()
    this.#refuse(envelope, unreadable ? suspended(envelope.to) : new Faulted(envelope.correlationId))
  }

  /** Tells whoever waits at a door for this message, or for the request that passed it on; and frees the request's key. */
  #refuse(envelope: Envelope, error: Error): void {
    if (!isOutside(envelope.from)) return
    for (const [door, waiter] of this.#waiters) {
      if (door !== envelope.from && waiter.to !== envelope.from) continue
      this.#waiters.delete(door)
      waiter.reject(error)
    }
    if (!isDoor(envelope.from)) this.#reply(envelope.to, envelope, { type: 'RequestFaulted' }, undefined)
  }

  /** What came from outside does not queue behind a message that may wait for days. */
  #refuseWaiting({ address, mailbox }: Activation): void {
    for (const envelope of mailbox.splice(0)) {
      if (!isOutside(envelope.from)) mailbox.push(envelope)
      else {
        if (this.#storedMessages.has(envelope.id)) this.#batch.mailboxRemoved.push(envelope.id)
        this.#refuse(envelope, suspended(address))
      }
    }
  }

  /** Lets an actor try again in a moment, at most a few times. */
  #rest(activation: Activation): boolean {
    if (activation.readsFailed >= readRetriesMax) return false
    const delayMs = readRetryMs * 2 ** activation.readsFailed
    activation.readsFailed += 1
    this.#resting.add(activation)
    this.#clock.wait(delayMs, () => {
      // Unless everything was read again meanwhile.
      if (!this.#resting.delete(activation)) return
      this.#ready.push(activation)
      this.#planTick()
    })
    return true
  }

  #resume(
    envelope: Envelope,
    { deadLetterId, resolution, message }: Extract<Effect, { type: 'resume' }>,
  ): void {
    this.#batch.deadLettersResolved.push({ id: deadLetterId, resolution })
    this.#suspended.delete(envelope.to)
    const activation = this.#activations.get(envelope.to)
    // One that came from outside was answered when it was set aside: its caller may have asked again.
    if (resolution !== 'SKIPPED' && !isOutside(envelope.from)) {
      const { message: said, original = said } = envelope
      activation.mailbox.unshift(message === undefined ? envelope : { ...envelope, message, original })
    }
    // What was read may have been put right.
    if (!activation.dirty && !activation.inFlight) activation.loaded = false
    this.#schedule(activation)
  }

  // ── The commit ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Hands over what the steps did. While the store still writes the batch before, the open one grows instead. */
  #commit(): void {
    if (this.#sent !== undefined) return
    const open = this.#batch
    const changed = this.#dirty.filter(({ state }) => state !== undefined)
    const idle = this.#ready.length === 0 && this.#resting.size === 0 && this.#suspended.size === 0
    const mailboxAdded = idle ? [] : this.#undelivered()
    const batch = open.close(this.#clock.now(), changed.map(snapshotOf), mailboxAdded)
    const answers = this.#gate
    const requests = this.#requests
    this.#gate = []
    this.#requests = 0
    this.#steps = 0
    if (batch === undefined) {
      this.#backlog.committed(requests, performance.now())
      this.#release(answers)
      this.#afterCommit()
      return
    }
    for (const [place, activation] of changed.entries()) {
      this.#activations.resized(activation, batch.snapshots[place]?.state.length ?? 0)
    }
    const activations = this.#dirty.map(activation => {
      activation.dirty = false
      activation.inFlight = true
      return [activation, activation.state] as const
    })
    this.#dirty = []
    this.#noteHandedOver(batch)
    this.#batch = new OpenBatch(this.#store, open)
    this.#sent = { batch, answers, activations, requests, timersFired: open.timersFired }
    try {
      const writing = this.#store.commit(batch)
      if (writing === undefined) this.#noteWritten()
      else {
        const written = writing.then(
          () => this.#noteWritten(),
          error => this.#noteFailed(error),
        )
        this.#sent = { ...this.#sent, written }
      }
    } catch (error) {
      this.#noteFailed(error)
    }
  }

  /** What the store has from now on, as far as later batches are concerned: they are written after this one. */
  #noteHandedOver(batch: Batch): void {
    for (const { actor, name } of batch.timersSet) {
      const timers = this.#activations.get(actor).timers
      const entry = timers?.get(name)
      if (entry !== undefined) timers?.set(name, { ...entry, stored: true })
    }
    for (const { id } of batch.mailboxAdded) this.#storedMessages.add(id)
    for (const id of batch.mailboxRemoved) this.#storedMessages.delete(id)
  }

  #noteWritten(): void {
    if (this.#sent === undefined) return
    const { batch, answers, activations, requests, timersFired } = this.#sent
    this.#sent = undefined
    this.#backlog.committed(requests, performance.now())
    this.#refused = false
    this.#batch.previousWritten()
    for (const [activation, state] of activations) {
      activation.committed = state
      activation.inFlight = false
    }
    for (const id of timersFired) this.#firing.delete(id)
    for (const { dueAt } of batch.timersSet) this.#wakeBy(dueAt)
    // The timers of an actor that goes on count again.
    if (batch.deadLettersResolved.length > 0) this.#nextUnknown = true
    this.#release(answers)
    this.#options.onCommitted?.(batch)
    this.#afterCommit()
    // What came meanwhile has waited long enough.
    if (this.#steps > 0) this.#commit()
    if (this.#mayGoOn()) this.#planTick()
  }

  #noteFailed(error: unknown): void {
    this.#sent = undefined
    if (error instanceof CommitRefused) this.#rollBack(error)
    else this.#abandon(error)
  }

  #afterCommit(): void {
    this.#activations.dropIdle()
    // Those that this commit set are not the only ones.
    if (this.#nextUnknown) {
      this.#nextUnknown = false
      const dueAt = this.#store.nextDueAt() ?? Number.POSITIVE_INFINITY
      // A timer whose actor rests stays due, and would be looked at again and again.
      const least = this.#resting.size > 0 ? this.#clock.now() + readRetryMs : 0
      this.#wakeBy(Math.max(dueAt, least))
    }
  }

  /** Messages from actor to actor that this commit leaves in a mailbox. A request's own message is not acknowledged yet. */
  #undelivered(): Envelope[] {
    return [...this.#ready, ...this.#resting, ...this.#suspendedActivations()].flatMap(({ mailbox }) =>
      mailbox.filter(
        ({ id, from }) => !this.#storedMessages.has(id) && !this.#firing.has(id) && !isDoor(from),
      ),
    )
  }

  #suspendedActivations(): Activation[] {
    return [...this.#suspended].flatMap(address => this.#activations.peek(address) ?? [])
  }

  #release(answers: Sent['answers']): void {
    for (const { to, message } of answers) {
      const waiter = this.#waiters.get(to)
      if (waiter === undefined) continue
      if (message === undefined) {
        waiter.onKept?.()
        continue
      }
      this.#waiters.delete(to)
      waiter.resolve(message)
    }
  }

  // ── When the disk refuses ──────────────────────────────────────────────────────────────────────────────────────

  /** Nothing of the batch was written: memory goes back to the last commit, and whoever waits is told. */
  #rollBack(cause: CommitRefused): void {
    this.#refused = true
    this.#recover()
    for (const waiter of this.#waiters.values()) waiter.reject(new Unavailable(cause.message))
    this.#waiters.clear()
  }

  #abandon(error: unknown): void {
    this.#stopping = true
    this.#stopped = true
    this.#gate = []
    this.#cancelWake?.()
    if (this.#options.onIndeterminate === undefined) throw error
    this.#options.onIndeterminate(error)
  }

  /** Starts from what the store has: undelivered messages, and the timers that are due. */
  #recover(): void {
    this.#activations.clear()
    this.#intake = []
    this.#ready = []
    this.#dirty = []
    this.#gate = []
    this.#firing.clear()
    this.#resting.clear()
    this.#suspended = new Set(this.#store.suspended())
    this.#backlog.cleared()
    this.#requests = 0
    this.#steps = 0
    this.#sent = undefined
    this.#batch = new OpenBatch(this.#store)
    const waiting = this.#store.mailbox()
    this.#storedMessages = new Set(waiting.map(({ id }) => id))
    for (const envelope of waiting) this.#post(envelope)
    this.#wakeAt = Number.POSITIVE_INFINITY
    const now = this.#clock.now()
    const dueAt = waiting.length > 0 ? now : (this.#store.nextDueAt() ?? Number.POSITIVE_INFINITY)
    this.#wakeBy(this.#refused ? Math.max(dueAt, now + refusalRestMs) : dueAt)
    if (dueAt <= now && !this.#refused) this.#planTick()
  }
}

/** A disk that refused is asked again after so long, unless a request comes first. */
const refusalRestMs = 1_000

/** What could not be read is read again so often, after so long and twice as long each time. */
const readRetriesMax = 5
const readRetryMs = 100

const identity = (state: unknown) => state

const suspended = (address: Address) => new Unavailable(`${address} waits for an operator`)

function callerOf({ from, id, key }: Envelope): Caller {
  return key === undefined ? { from, id } : { from, id, key }
}

const isDoor = (address: Address) => address.startsWith('door/')

function assertBalanced(effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.type !== 'post') continue
    const sum = effect.lines.reduce((total, { amount }) => total + amount, 0)
    if (sum !== 0) throw new Error(`The entry ${effect.key} is out of balance by ${sum}`)
  }
}

function snapshotOf(activation: Activation): Snapshot {
  const { address, definition, transition, state } = activation
  return {
    kind: definition.kind,
    id: idOf(address),
    version: definition.version,
    transition,
    state: JSON.stringify(storedForm(definition, state)),
  }
}
