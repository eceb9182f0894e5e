import type { Database } from 'better-sqlite3'
import type { PaymentState } from '../../src/machines/payment-machine.ts'
import { unpackInbox, unpackJournal } from '../../src/persistence/packing.ts'
import type { Refusal } from '../../src/refusal.ts'
import type { Incoming } from '../../src/runtime/actor.ts'
import { idOf, kindOf } from '../../src/runtime/envelope.ts'
import type { JournalEntry } from '../../src/runtime/store.ts'
import type { WrittenRow } from './faulty-database.ts'
import type { PatienceCheck } from './patience-check.ts'
import { checkPayment } from './payment-check.ts'
import type { PaymentReplay } from './payment-edges.ts'
import { RefusalCheck } from './refusal-check.ts'
import type { Tally } from './tally.ts'
import { Violation } from './violation.ts'

/*
 * Looks at every commit, and only at what it wrote: a shadow of the database, kept from the rows alone, says what each
 * row has to follow. It runs the payment machine over the journal once more, so that a snapshot which is not where its
 * own messages lead is seen at once.
 */

type Cells = Readonly<Record<string, unknown>>

/** The commands whose key the receiver has to remember in the commit that handles them. */
const keyedCommands = new Set([
  'BeginPayment',
  'CompletePayment',
  'VoidPayment',
  'ReleaseOrder',
  'DecreaseStock',
  'RestoreStock',
  'UseCoupon',
  'RestoreCoupon',
  'DeductBalance',
  'RefundBalance',
  'RecordSale',
  'RefundReturn',
  'GiveCouponBack',
  'ReturnStock',
  'ReverseSale',
  'RecordReturn',
])

export class CommitCheck {
  readonly #replay: PaymentReplay
  readonly #patience: PatienceCheck
  readonly #refusals = new RefusalCheck()
  readonly #tally: Tally
  readonly #scopeOf: (messageId: string) => string | undefined
  readonly #transitions = new Map<string, number>()
  readonly #wallets = new Map<string, number>()
  readonly #stocks = new Map<string, number>()
  readonly #issued = new Map<string, number>()
  readonly #orderEvents = new Map<string, { sequence: number; status: string }>()
  /** Generations of the timers that are set, by actor and name. */
  readonly #timers = new Map<string, Map<string, number>>()
  /** Those that this commit has changed, as they were before it. */
  readonly #timersBefore = new Map<string, number | undefined>()
  readonly #events = new Set<string>()
  readonly #payments = new Map<string, PaymentState>()
  /** Messages that have moved an actor. */
  readonly #moving = new Map<string, string>()
  #ledger = { sequence: 0, entry: 0, sum: 0 }

  /** `scopeOf` tells the scope of the key that a message to a payment has. */
  constructor(
    replay: PaymentReplay,
    patience: PatienceCheck,
    tally: Tally,
    scopeOf: (messageId: string) => string | undefined,
  ) {
    this.#replay = replay
    this.#patience = patience
    this.#scopeOf = scopeOf
    this.#tally = tally
  }

  /** The state of a payment after the last commit, as the journal says. */
  paymentState(address: string): PaymentState | undefined {
    return this.#payments.get(address)
  }

  /** Throws `Violation` when the rows of a commit do not follow from those before. */
  commit(rows: readonly WrittenRow[]): void {
    this.#tally.count('checks', 'commits')
    const changed = new Map<string, JournalEntry[]>()
    const snapshots = new Map<string, Cells>()
    const handled = new Set<string>()
    const entered: string[] = []
    const events: Cells[] = []
    this.#timersBefore.clear()
    for (const row of rows) {
      this.#tally.count('checks', 'rows')
      const cells = cellsOf(row)
      if (row.verb === 'DELETE') this.#deleted(row, rows)
      else if (row.verb === 'INSERT') {
        switch (row.table) {
          case 'snapshots':
            snapshots.set(`${cells['kind']}/${cells['id']}`, cells)
            break
          case 'journal':
            entered.push(String(cells['entries']))
            break
          case 'inbox':
            for (const { actor, message } of unpackInbox(String(cells['records'])))
              handled.add(`${actor} ${message?.type}`)
            break
          case 'outbox':
            events.push(cells)
            break
          default:
            this.#inserted(row.table, cells)
        }
      }
    }
    this.#endOfEntry()
    for (const entry of entered.flatMap(unpackJournal)) {
      if (entry.transition === undefined) continue
      changed.set(entry.actor, [...(changed.get(entry.actor) ?? []), entry])
      if (keyedCommands.has(entry.message.type) && !handled.has(`${entry.actor} ${entry.message.type}`)) {
        throw new Violation('E4', `${entry.actor} handled ${entry.message.type} and keeps no key of it`)
      }
    }
    for (const [actor, entries] of changed) {
      // A commit has one row for each saga; only together are the transitions of an actor in order.
      entries.sort((a, b) => (a.transition ?? 0) - (b.transition ?? 0))
      this.#moved(actor, entries, snapshots.get(actor), events)
    }
    for (const [actor, entries] of changed) this.#told(actor, entries)
    for (const [actor, snapshot] of snapshots) this.#stored(actor, snapshot, changed.has(actor))
    for (const event of events) this.#owed(event)
  }

  /** Throws `Violation` when the database does not hold what its commits have written. */
  compare(database: Database): void {
    const rows = database.prepare<[], { actor: string; transition: number }>(
      `SELECT kind || '/' || id AS actor, transition FROM snapshots`,
    )
    let found = 0
    for (const { actor, transition } of rows.all()) {
      found += 1
      const expected = this.#transitions.get(actor)
      if (transition !== expected)
        throw new Violation(
          'E1',
          `${actor} is at transition ${transition}, it was committed at ${expected ?? 'none'}`,
        )
    }
    if (found !== this.#transitions.size)
      throw new Violation('E1', `${this.#transitions.size} actors were committed, ${found} are there`)
  }

  #inserted(table: string, cells: Cells): void {
    switch (table) {
      case 'ledger_lines':
        this.#posted(cells)
        break
      case 'stock_movements': {
        const option = String(cells['option_id'])
        const quantity = Number(cells['quantity'])
        const sign = cells['movement'] === 'DECREASE' ? -1 : 1
        this.#stocks.set(option, (this.#stocks.get(option) ?? 0) + sign * quantity)
        break
      }
      case 'coupon_issues': {
        const coupon = String(cells['coupon_id'])
        this.#issued.set(coupon, (this.#issued.get(coupon) ?? 0) + 1)
        break
      }
      case 'order_events': {
        const order = String(cells['order_id'])
        const sequence = (this.#orderEvents.get(order)?.sequence ?? 0) + 1
        if (cells['sequence'] !== sequence)
          throw new Violation('O6', `event ${cells['sequence']} of order ${order} is its event ${sequence}`)
        this.#orderEvents.set(order, { sequence, status: String(cells['status']) })
        break
      }
      case 'timers': {
        const actor = String(cells['actor'])
        const names = this.#timers.get(actor) ?? new Map<string, number>()
        this.#noteTimer(actor, String(cells['name']))
        this.#timers.set(actor, names.set(String(cells['name']), Number(cells['generation'])))
        break
      }
      case 'dead_letters':
        throw new Violation('dead letters', `${cells['error']}: ${cells['envelope']}`)
    }
  }

  #deleted({ table, cells }: WrittenRow, rows: readonly WrittenRow[]): void {
    if (table === 'timers') {
      this.#noteTimer(String(cells[0]), String(cells[1]))
      this.#timers.get(String(cells[0]))?.delete(String(cells[1]))
    }
    if (table !== 'snapshots') return
    const actor = `${cells[0]}/${cells[1]}`
    const scope = `${cells[1]}/`
    if (
      !rows.some(
        row => row.verb === 'DELETE' && row.table === 'inbox' && String(row.cells[0]).startsWith(scope),
      )
    )
      throw new Violation('E9', `${actor} was forgotten, and its keys were not`)
    const payment = this.#payments.get(actor)
    if (payment !== undefined) this.#countForgotten(payment)
    this.#payments.delete(actor)
    this.#patience.forgotten(actor)
    this.#transitions.delete(actor)
  }

  #noteTimer(actor: string, name: string): void {
    const key = `${actor}/${name}`
    if (!this.#timersBefore.has(key)) this.#timersBefore.set(key, this.#timers.get(actor)?.get(name))
  }

  /** A timer that was cancelled or superseded before it was taken up means nothing any more. */
  #fired(actor: string, { message, messageId }: JournalEntry): void {
    const key = `${actor}/${message.type}`
    if (!messageId.startsWith(`timer/${key}/`)) return
    const generation = Number(messageId.slice(`timer/${key}/`.length))
    const set = this.#timersBefore.has(key)
      ? this.#timersBefore.get(key)
      : this.#timers.get(actor)?.get(message.type)
    if (set !== generation)
      throw new Violation(
        'E4',
        `the timer ${messageId} was taken up, and the one that is set is ${set ?? 'none'}`,
      )
  }

  /** A payment of an order that does not exist takes its journal with it; only this one message can have done that. */
  #countForgotten(payment: PaymentState): void {
    const refusal = { code: 'ORDER_NOT_FOUND', facts: { orderId: payment.context.orderId } }
    const meta = { at: 0, self: '', caller: { from: '', id: '' } }
    const { taken } = this.#replay.step(payment, { type: 'BeginPaymentRejected', refusal, meta })
    for (const edge of taken) this.#tally.count('edges', edge)
  }

  #posted(cells: Cells): void {
    const { sequence, entry } = this.#ledger
    const account = String(cells['account'])
    const amount = Number(cells['amount'])
    if (cells['sequence'] !== sequence + 1)
      throw new Violation('M5', `ledger line ${cells['sequence']} follows line ${sequence}`)
    if (cells['entry'] !== entry) this.#endOfEntry()
    this.#ledger = { sequence: sequence + 1, entry: Number(cells['entry']), sum: this.#ledger.sum + amount }
    const total = (this.#wallets.get(account) ?? 0) + amount
    this.#wallets.set(account, total)
    if (!account.startsWith('wallet/')) return
    if (cells['total_after'] !== total)
      throw new Violation(
        'M3',
        `${account} has ${total} after line ${sequence + 1}, which says ${cells['total_after']}`,
      )
    if (total < 0) throw new Violation('M4', `${account} has ${total} after line ${sequence + 1}`)
  }

  #endOfEntry(): void {
    const { entry, sum } = this.#ledger
    if (sum !== 0) throw new Violation('M1', `the lines of entry ${entry} sum to ${sum}`)
  }

  /** A message is handled once, by one actor: an id that comes again is another message's. */
  #named(actor: string, { messageId, message }: JournalEntry): void {
    const name = `${actor}, by ${message.type}`
    const earlier = this.#moving.get(messageId)
    // A timer is named after its actor, which may have been forgotten meanwhile.
    if (earlier !== undefined && !messageId.startsWith('timer/'))
      throw new Violation('E5', `message ${messageId} has moved ${earlier}, and then ${name}`)
    this.#moving.set(messageId, name)
  }

  #moved(
    actor: string,
    entries: readonly JournalEntry[],
    snapshot: Cells | undefined,
    events: readonly Cells[],
  ): void {
    for (const entry of entries) {
      const { transition, message } = entry
      this.#fired(actor, entry)
      this.#named(actor, entry)
      const last = this.#transitions.get(actor) ?? 0
      if (transition !== last + 1)
        throw new Violation('E5', `transition ${transition} of ${actor}, by ${message.type}, follows ${last}`)
      this.#transitions.set(actor, transition)
    }
    if (snapshot === undefined)
      throw new Violation('E5', `${actor} has moved and no snapshot of it was written`)
    if (kindOf(actor) === 'payment') this.#paid(actor, entries, snapshot, events)
  }

  #paid(actor: string, entries: readonly JournalEntry[], snapshot: Cells, events: readonly Cells[]): void {
    let state = this.#payments.get(actor) ?? this.#replay.idle
    const due = { PaymentCompleted: 0, PaymentReturned: 0 }
    for (const { message, at, from, messageId } of entries) {
      const scope = this.#scopeOf(messageId)
      const attempt = `${idOf(actor)}/${state.context.attempt}`
      if (scope?.startsWith(`${idOf(actor)}/`) && scope !== attempt)
        throw new Violation(
          'E4',
          `${actor} moved in attempt ${attempt} by ${message.type} of attempt ${scope}`,
        )
      const meta = { at, self: actor, caller: { from, id: messageId } }
      const step = this.#replay.step(state, { ...message, meta } as Incoming)
      this.#patience.handled(actor, state.context.attempt, message.type)
      if (step.state.value === 'completed' && isWithin(state, 'paying')) due.PaymentCompleted += 1
      if (isWithin(state, 'returning') && !isWithin(step.state, 'returning')) due.PaymentReturned += 1
      if (step.state.value === 'failed' && state.value !== 'failed') this.#refusals.failed(actor)
      for (const edge of step.taken) this.#tally.count('edges', edge)
      state = step.state
    }
    this.#payments.set(actor, state)
    checkPayment(actor, state)
    const { value, context } = state
    if (JSON.stringify({ value, context }) !== withoutKey(String(snapshot['state']))) {
      throw new Violation(
        'E5',
        `the messages of ${actor} lead to ${JSON.stringify({ value, context })}, it is ${snapshot['state']}`,
      )
    }
    const announced = events.filter(
      event => event['topic'] === 'payments' && event['key'] === `order/${idOf(actor)}`,
    )
    for (const [type, times] of Object.entries(due)) {
      const told = announced.filter(event => JSON.parse(String(event['message'])).type === type).length
      if (told !== times)
        throw new Violation(
          'E6',
          `${actor} is ${JSON.stringify(value)} and was told ${told} times as ${type}`,
        )
    }
    if (announced.length > due.PaymentCompleted + due.PaymentReturned)
      throw new Violation('E6', `${actor} announced something else`)
    this.#tally.count('checks', 'returns done', due.PaymentReturned)
    const waits = typeof value === 'object'
    if (waits && (this.#timers.get(actor)?.size ?? 0) === 0)
      throw new Violation('O4', `${actor} is ${JSON.stringify(value)} and has no deadline`)
    if (!waits && (this.#timers.get(actor)?.size ?? 0) > 0)
      throw new Violation('O4', `${actor} is ${value} and has a deadline`)
  }

  #told(actor: string, entries: readonly JournalEntry[]): void {
    if (kindOf(actor) !== 'request') return
    for (const { message, from } of entries) {
      if (message.type !== 'PayOrderRejected') continue
      this.#refusals.told(from, (message as unknown as { refusal: Refusal }).refusal.code)
    }
  }

  #stored(actor: string, snapshot: Cells, moved: boolean): void {
    if (snapshot['transition'] !== this.#transitions.get(actor))
      throw new Violation(
        'E5',
        `${actor} is at transition ${snapshot['transition']}, its journal ends with ${this.#transitions.get(actor)}`,
      )
    if (!moved) throw new Violation('E5', `${actor} was written without a message that changed it`)
    const id = idOf(actor)
    const state = JSON.parse(String(snapshot['state']))
    switch (kindOf(actor)) {
      case 'balance':
        expectSame('M3', `${actor} holds`, state.amount, this.#wallets.get(`wallet/${id}`) ?? 0)
        break
      case 'stock':
        expectSame('S1', `${actor} holds`, state.quantity, this.#stocks.get(id) ?? 0)
        if (state.quantity < 0) throw new Violation('S2', `${actor} holds ${state.quantity}`)
        break
      case 'coupon':
        expectSame('C1', `${actor} has issued`, state.issuedQuantity, this.#issued.get(id) ?? 0)
        if (state.issuedQuantity > state.totalQuantity)
          throw new Violation('C1', `${actor} has issued ${state.issuedQuantity} of ${state.totalQuantity}`)
        break
      case 'order':
        expectSame('O6', `${actor} is`, state.value, this.#orderEvents.get(id)?.status)
        expectSame(
          'O6',
          `${actor} counts its events`,
          state.context.sequence,
          this.#orderEvents.get(id)?.sequence,
        )
        break
    }
  }

  #owed(event: Cells): void {
    const id = String(event['event_id'])
    if (this.#events.has(id)) throw new Violation('E6', `two events have the id ${id}`)
    this.#events.add(id)
  }
}

function cellsOf({ columns, cells }: WrittenRow): Cells {
  const named: Record<string, unknown> = {}
  for (const [place, column] of columns.entries()) named[column] = cells[place]
  return named
}

function expectSame(invariant: string, what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Violation(invariant, `${what} ${found}, its rows say ${expected}`)
}

function isWithin({ value }: PaymentState, stage: string): boolean {
  return typeof value === 'object' && stage in value
}

/** A payment as the journal can tell it, which does not say under which key its payer or returner asked. */
function withoutKey(state: string): string {
  const { value, context } = JSON.parse(state) as {
    value: unknown
    context: {
      payer: { key?: unknown } | null
      returns: { underWay: { returner: { key?: unknown } } | null } | null
    }
  }
  if (context.returns?.underWay) delete context.returns.underWay.returner.key
  if (context.payer !== null) delete context.payer.key
  return JSON.stringify({ value, context })
}
