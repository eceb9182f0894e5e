import type { Database, Statement } from 'better-sqlite3'
import { idOf, kindOf } from '../../runtime/envelope.ts'
import { auditChain, type HashedAuditRow, selectAuditRows } from './audit-chain.ts'
import { chainBegin, type Link } from './hash-chain.ts'
import type { InvariantResult } from './invariants.ts'
import { AppendedRows } from './running/appended-rows.ts'
import { CouponJudgement } from './running/coupon-judgement.ts'
import { Findings } from './running/findings.ts'
import { JournalWindow } from './running/journal-window.ts'
import { LedgerWindow } from './running/ledger-window.ts'
import { ListingJudgement } from './running/listing-judgement.ts'
import { type Look, OpenOrders } from './running/open-orders.ts'
import { type StockMovement, selectMovements } from './running/order-books.ts'
import { judgeUse, type StoredCoupon } from './running/order-judgement.ts'
import { StockJudgement } from './running/stock-judgement.ts'
import { storedPayment } from './running/stored-payment.ts'
import { StoredStates } from './running/stored-states.ts'
import { Touched } from './running/touched.ts'
import { waiting } from './stored-actors.ts'

/*
 * The invariants of what was committed since the last look. New rows of the journal, the ledger, stock movements, sales,
 * the outbox and the audit log say what was touched; every relation of that is judged on the state as it is now: M1 to
 * M7, S1 to S4, C1 to C4, L1, L2, O1 to O6, E5 to E8. Every commit leaves a journal row, so whatever a step did
 * wrong is seen at its commit.
 *
 * What only the whole check can see is what was altered behind the shop's back in a row that nothing touched since: an old
 * ledger line, a snapshot at rest, an order's old events, rows without a number of their own (coupon issues, order
 * events) of which no journal row tells. Snapshots, ledger lines and journal rows are verified when the product reads them.
 */

interface SaleRow {
  readonly sequence: number
  readonly orderId: number
  readonly productId: number
  readonly quantity: number
}

interface OutboxRow {
  readonly sequence: number
  readonly eventId: string
  readonly topic: string
  readonly key: string
  readonly orderId: number | null
  readonly returnId: number | null
}

/** So many event ids are remembered to tell one that comes a second time. */
const eventIdsMax = 100_000

export class RunningCheck {
  readonly #database: Database
  readonly #states: StoredStates
  readonly #ledger: LedgerWindow
  readonly #journal: JournalWindow
  readonly #stocks: StockJudgement
  readonly #coupons: CouponJudgement
  readonly #listing: ListingJudgement
  readonly #orders: OpenOrders
  readonly #movements: Statement<[number], StockMovement>
  readonly #sales: Statement<[number], SaleRow>
  readonly #outbox: AppendedRows<OutboxRow, string>
  readonly #waiting: Statement<[], string>
  readonly #eventIds = new Set<string>()
  readonly #auditRows: Statement<[number], HashedAuditRow>
  #auditEnd: Link
  #movementsSeen: number
  #salesSeen: number
  readonly #lookAtOneState: (now: number) => InvariantResult[]

  /**
   * From the `start`, the first look judges all that is there. From the `end`, what is there is trusted, for the whole
   * check to judge, and read only as far as it is needed to judge what comes.
   */
  constructor(database: Database, from: 'start' | 'end' = 'start') {
    this.#database = database
    this.#lookAtOneState = database.transaction((now: number) => this.#look(now)).deferred
    this.#movements = database.prepare(`${selectMovements} WHERE sequence > ? ORDER BY sequence`)
    this.#sales = database.prepare(`
      SELECT sequence, order_id AS orderId, product_id AS productId, quantity FROM sales
      WHERE sequence > ? ORDER BY sequence`)
    this.#auditRows = database.prepare(`${selectAuditRows} WHERE sequence > ? ORDER BY sequence`)
    this.#waiting = database.prepare<[], string>(`WITH ${waiting} SELECT actor FROM waiting`).pluck()
    this.#states = new StoredStates(database, new Findings())
    this.#coupons = new CouponJudgement(database)
    this.#listing = new ListingJudgement(database)

    const start = () => startOf(database, from)
    const parts = database.inTransaction ? start() : database.transaction(start).deferred()
    this.#ledger = parts.ledger
    this.#journal = parts.journal
    this.#outbox = parts.outbox
    this.#stocks = parts.stocks
    this.#orders = parts.orders
    this.#auditEnd = parts.auditEnd
    this.#movementsSeen = parts.movementsSeen
    this.#salesSeen = parts.salesSeen
  }

  /** Judges what was committed since the last call, on one state of the database. `now` is in milliseconds. Only reads. */
  advance(now: number): InvariantResult[] {
    return this.#database.inTransaction ? this.#look(now) : this.#lookAtOneState(now)
  }

  #look(now: number): InvariantResult[] {
    const findings = new Findings()
    const touched = new Touched()
    const states = this.#states
    states.begin(findings)
    let waitingActors: Set<string> | undefined
    const isAwaited = (actor: string) => {
      waitingActors ??= new Set(this.#waiting.all())
      return waitingActors.has(actor)
    }
    const look: Look = { touched, states, findings, now, isAwaited }

    this.#journal.read(touched, states, findings, now)
    this.#orders.noteLines(this.#ledger.read(touched, findings), look)
    this.#readMovements(look)
    this.#readSales(look)
    this.#readOutbox(look)
    this.#readAudit(look)

    for (const id of touched.wallets)
      states.unlessDamaged(() => this.#ledger.judgeWallet(id, touched, states, findings))
    for (const id of touched.stocks) states.unlessDamaged(() => this.#stocks.judge(id, states, findings))
    for (const id of touched.products)
      states.unlessDamaged(() => this.#listing.judgeProduct(id, states, findings))
    this.#judgeCoupons(look)
    this.#orders.judge(look)
    return findings.results()
  }

  #readMovements(look: Look): void {
    for (const movement of this.#movements.all(this.#movementsSeen)) {
      this.#movementsSeen = movement.sequence
      this.#stocks.note(movement, look.touched)
      this.#orders.noteMovement(movement, look)
    }
  }

  #readSales(look: Look): void {
    for (const { sequence, orderId, productId, quantity } of this.#sales.all(this.#salesSeen)) {
      this.#salesSeen = sequence
      this.#orders.noteSale(String(orderId), productId, quantity, look)
    }
  }

  #readOutbox(look: Look): void {
    for (const eventId of this.#outbox.vanished()) this.#eventIds.delete(eventId)
    for (const { sequence, eventId, topic, key, orderId, returnId } of this.#outbox.next(
      row => row.eventId,
    )) {
      look.findings.looked('E6')
      if (this.#eventIds.has(eventId)) look.findings.violated('E6', `2 events have the id ${eventId}`)
      this.#eventIds.add(eventId)
      if (topic === 'payments') this.#orders.noteAnnounced(String(orderId), returnId, look)
      if (topic === 'command' && kindOf(key) === 'statistics')
        this.#orders.noteOwedSale(idOf(key), sequence, look)
    }
    for (const eventId of this.#eventIds) {
      if (this.#eventIds.size <= eventIdsMax) break
      this.#eventIds.delete(eventId)
    }
  }

  #readAudit({ findings }: Look): void {
    const rows = this.#auditRows.all(this.#auditEnd.sequence)
    for (const violation of auditChain.breaks(rows, this.#auditEnd)) findings.violated('E7', violation)
    findings.looked('E7', rows.length)
    this.#auditEnd = rows.at(-1) ?? this.#auditEnd
  }

  #judgeCoupons({ touched, states, findings, isAwaited }: Look): void {
    for (const id of touched.coupons)
      states.unlessDamaged(() => {
        this.#coupons.judgeCampaign(id, states, findings)
        this.#listing.judgeCampaign(id, states, findings)
      })
    for (const id of [...this.#coupons.granting, ...touched.ownedCoupons]) {
      states.unlessDamaged(() => this.#coupons.judgeOwned(id, states, findings, isAwaited))
      states.unlessDamaged(() => {
        const coupon = states.state<StoredCoupon>(`ownedCoupon/${id}`)
        if (coupon === undefined) return
        findings.looked('C3')
        const payment = storedPayment(states, String(coupon.orderId))
        judgeUse(id, coupon, payment, (name, violation) => findings.violated(name, violation))
      })
    }
  }
}

/** Where the first look begins, and what has to be known by then; all of one state of the database. */
function startOf(database: Database, from: 'start' | 'end') {
  const endOf = (table: string) => {
    if (from === 'start') return 0
    return database.prepare<[], number | null>(`SELECT max(sequence) FROM ${table}`).pluck().get() ?? 0
  }
  const movementsSeen = endOf('stock_movements')
  const lastAudit = database.prepare<[], Link>(
    'SELECT sequence, hash FROM audit_log ORDER BY sequence DESC LIMIT 1',
  )
  return {
    ledger: new LedgerWindow(database, from),
    journal: new JournalWindow(database, from),
    outbox: new AppendedRows<OutboxRow, string>(database, {
      table: 'outbox',
      columns: `sequence, event_id AS eventId, topic, key,
        iif(json_valid(message), message ->> '$.orderId', NULL) AS orderId,
        iif(json_valid(message), message ->> '$.returnId', NULL) AS returnId`,
      identity: 'event_id',
      from,
      before: '',
    }),
    stocks: new StockJudgement(database, movementsSeen),
    orders: new OpenOrders(database, from),
    auditEnd: (from === 'end' && lastAudit.get()) || chainBegin,
    movementsSeen,
    salesSeen: endOf('sales'),
  }
}
