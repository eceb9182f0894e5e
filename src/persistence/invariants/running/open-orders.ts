import type { Database, Statement } from 'better-sqlite3'
import type { HashedLedgerLine } from '../ledger-chain.ts'
import { type StoredEvent, selectEvents } from '../order-stream.ts'
import { booksAtStart } from './books-at-start.ts'
import type { Findings } from './findings.ts'
import { type EarlierReturn, OrderBooks, type StockMovement } from './order-books.ts'
import {
  type JudgedOrder,
  judgeAgreement,
  judgeCoupon,
  judgeEvents,
  judgeMoney,
  judgeTold,
  judgeUnits,
  type StoredCoupon,
  type StoredOrder,
} from './order-judgement.ts'
import { type StoredPayment, storedPayment } from './stored-payment.ts'
import type { StoredStates } from './stored-states.ts'
import { attemptOf, type Touched } from './touched.ts'

/** What the judgement of an order needs beside its own rows. */
export interface Look {
  readonly touched: Touched
  readonly states: StoredStates
  readonly findings: Findings
  readonly now: number
  /** Whether a stored message will still reach an actor. */
  isAwaited(actor: string): boolean
}

/**
 * The orders that something is still to come of, with what they moved so far, and the judgement of every order that was
 * touched. An order without books is one that nobody has begun to pay, or whose payment had ended.
 */
export class OpenOrders {
  readonly #books: Map<string, OrderBooks>
  /** Orders of which a row could not be read; they are not judged by what they moved. */
  readonly #unknown = new Set<string>()
  /** Payments that something has to move (O4). */
  readonly #moving = new Set<string>()
  readonly #owing = new Set<string>()
  readonly #events: Statement<[number], StoredEvent>
  readonly #unmoved: Statement<[string], string>
  readonly #outcome: Statement<[number], { outcome: string | null }>
  /** Whether every row ever written was seen, so that no order has moved anything unseen. */
  #seesAll: boolean

  constructor(database: Database, from: 'start' | 'end') {
    this.#seesAll = from === 'start'
    this.#books = this.#seesAll ? new Map() : booksAtStart(database)
    for (const [orderId, { owedSale }] of this.#books)
      (owedSale === undefined ? this.#moving : this.#owing).add(orderId)
    this.#events = database.prepare(`${selectEvents} WHERE order_id = ? ORDER BY sequence`)
    this.#unmoved = database
      .prepare<[string], string>(`
        SELECT value FROM json_each(?)
        WHERE NOT EXISTS (SELECT 1 FROM timers WHERE actor = 'payment/' || value)`)
      .pluck()
    this.#outcome = database.prepare('SELECT outcome FROM outbox WHERE sequence = ?')
  }

  /** Notes lines of the ledger that payments posted. */
  noteLines(lines: readonly HashedLedgerLine[], look: Look): void {
    for (const line of lines) {
      if (line.changeType === 'CHARGE') continue
      const { orderId, attempt } = attemptOf(line.key)
      this.#booksOf(orderId, look)?.line(attempt, line)
    }
  }

  noteMovement(movement: StockMovement, look: Look): void {
    if (!movesUnits.has(movement.movement)) return
    const { orderId, attempt } = attemptOf(movement.key)
    this.#booksOf(orderId, look)?.movement(attempt, movement)
  }

  noteSale(orderId: string, productId: number, quantity: number, look: Look): void {
    this.#booksOf(orderId, look)?.sale(productId, quantity)
  }

  noteAnnounced(orderId: string, returnId: number | null, look: Look): void {
    this.#booksOf(orderId, look)?.announce(returnId)
  }

  noteOwedSale(orderId: string, sequence: number, look: Look): void {
    const books = this.#booksOf(orderId, look)
    if (books === undefined) return
    books.owedSale = sequence
    this.#owing.add(orderId)
  }

  /** Judges every order that was touched, and what is still open of the others. */
  judge(look: Look): void {
    const { touched } = look
    for (const orderId of this.#owing) touched.orders.add(orderId)
    for (const orderId of touched.orders) {
      look.states.unlessDamaged(() => this.#judgeOrder(orderId, look))
    }
    this.#judgeMoving(look)
    this.#seesAll = false
  }

  /** The books of an order that is being looked at, opened if it has none; `undefined` when they cannot be known. */
  #booksOf(orderId: string, { touched, states }: Look): OrderBooks | undefined {
    touched.orders.add(orderId)
    if (touched.ledgerDamaged) this.#unknown.add(orderId)
    if (this.#unknown.has(orderId)) return undefined
    const known = this.#books.get(orderId)
    if (known !== undefined) return known
    // Whether its payment ended now or long ago, only the journal can tell.
    if (touched.journalDamaged && !this.#seesAll) {
      this.#unknown.add(orderId)
      return undefined
    }
    let payment: StoredPayment | undefined
    const readable = states.unlessDamaged(() => {
      payment = storedPayment(states, orderId)
    })
    if (!readable) {
      this.#unknown.add(orderId)
      return undefined
    }
    const wasPaid = payment?.isPaid && !this.#seesAll && !touched.paymentsBegun.has(orderId)
    const books =
      payment !== undefined && wasPaid
        ? OrderBooks.asPaid(payment, this.#returnsBefore(orderId, payment, touched))
        : new OrderBooks()
    this.#books.set(orderId, books)
    return books
  }

  /** The returns that were asked for before this look, as far as its order has recorded them or is about to. */
  #returnsBefore(orderId: string, { returning }: StoredPayment, { returnsBegun }: Touched): EarlierReturn[] {
    return this.#returns(orderId).filter(
      ({ returnId }) => !returnsBegun.has(returnId) && returnId !== returning?.returnId,
    )
  }

  /** What the events of an order say was returned; nothing of one that cannot be read, which O6 tells. */
  #returns(orderId: string): (EarlierReturn & { at: number })[] {
    return this.#events.all(Number(orderId)).flatMap(({ type, at, body }) => {
      if (type !== 'ItemsReturned' && type !== 'OrderReturned') return []
      try {
        const { returnId, items, refundAmount } = JSON.parse(body)
        return [{ returnId, parts: items, refundAmount, at }]
      } catch {
        return []
      }
    })
  }

  #judgeOrder(orderId: string, look: Look): void {
    const { states, findings, now } = look
    const violated = (name: string, violation: string) => findings.violated(name, violation)
    const books = this.#booksOf(orderId, look)
    const order = states.state<StoredOrder>(`order/${orderId}`)
    const payment = storedPayment(states, orderId)
    const coupon =
      payment?.ownedCoupon === undefined
        ? undefined
        : states.state<StoredCoupon>(`ownedCoupon/${payment.ownedCoupon}`)
    for (const name of ['O1', 'O3']) findings.looked(name)
    // Only the order itself appends events.
    if (look.touched.actors.has(`order/${orderId}`)) {
      for (const name of ['O2', 'O6']) findings.looked(name)
      const state = states.snapshot(`order/${orderId}`)?.state
      try {
        judgeEvents(orderId, this.#events.all(Number(orderId)), state, violated)
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error
        violated('O6', `the events of order ${orderId} cannot be read: ${error.message}`)
      }
    }
    const saleOwed = this.#isSaleOwed(books)
    const returns = payment?.returned.length || hasReturns(order) ? this.#returns(orderId) : []
    const judged: JudgedOrder = { orderId, order, payment, now, saleOwed, returns, isAwaited: look.isAwaited }
    judgeAgreement(judged, violated)
    if (payment?.ownedCoupon !== undefined) {
      for (const name of ['C3', 'C4']) findings.looked(name)
      judgeCoupon(judged, coupon, violated)
    }
    if (books !== undefined) {
      for (const name of ['M6', 'M7', 'S3', 'S4', 'O5', 'E6', 'E8']) findings.looked(name)
      const booked = { ...judged, books }
      judgeMoney(booked, violated)
      judgeUnits(booked, violated)
      judgeTold(booked, violated)
    }
    this.#settle(orderId, payment, saleOwed)
  }

  #isSaleOwed(books: OrderBooks | undefined): boolean {
    if (books?.owedSale === undefined) return false
    const event = this.#outcome.get(books.owedSale)
    return event !== undefined && event.outcome !== 'delivered'
  }

  /** Closes the books of which nothing is to come. */
  #settle(orderId: string, payment: StoredPayment | undefined, saleOwed: boolean): void {
    const ended = payment === undefined || hasEnded(payment)
    if (ended) this.#moving.delete(orderId)
    else this.#moving.add(orderId)
    if (!saleOwed) this.#owing.delete(orderId)
    if (ended && !saleOwed) this.#books.delete(orderId)
  }

  /** O4: something waits that will move each payment in flight. */
  #judgeMoving(look: Look): void {
    const { states, findings, isAwaited } = look
    if (this.#moving.size === 0) return
    findings.looked('O4', this.#moving.size)
    for (const orderId of this.#unmoved.all(JSON.stringify([...this.#moving]))) {
      if (isAwaited(`payment/${orderId}`)) continue
      states.unlessDamaged(() => {
        const payment = storedPayment(states, orderId)
        // One that was about no order is forgotten; of one that has ended only a late message was waiting.
        if (payment === undefined || hasEnded(payment)) this.#judgeOrder(orderId, look)
        else {
          const place = payment.step ?? payment.stage
          findings.violated('O4', `payment ${orderId} is ${place} and nothing will move it`)
        }
      })
    }
  }
}

function hasReturns(order: StoredOrder | undefined): boolean {
  return order?.value === 'PARTIALLY_RETURNED' || order?.value === 'RETURNED'
}

function hasEnded({ stage }: StoredPayment): boolean {
  return stage === 'completed' || stage === 'failed' || stage === 'returned'
}

const movesUnits: ReadonlySet<string> = new Set(['DECREASE', 'RESTORE', 'RETURN'])
