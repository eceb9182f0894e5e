import Sqlite, { type Database } from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  chainStart,
  journalChecksum,
  ledgerHash,
  type StoredLedgerLine,
  snapshotChecksum,
} from '../../../src/persistence/checksum.ts'
import { checkInvariants, invariants } from '../../../src/persistence/invariants/invariants.ts'
import type { Snapshot } from '../../../src/runtime/store.ts'
import { dropping, openSmallShop, type SmallShop, type SmallShopOptions, startedAt } from './small-shop.ts'

const dayMs = 86_400_000

function broken(database: Database, now = startedAt): string[] {
  return checkInvariants(database, now).flatMap(({ name, violations }) =>
    violations.length > 0 ? [name] : [],
  )
}

describe('An untouched database', () => {
  const stories: Record<string, { tell(shop: SmallShop): void } & Pick<SmallShopOptions, 'intercept'>> = {
    'a payment with a coupon': { tell: shop => shop.pay(1001, 71) },
    'a payment that the wallet cannot pay, and the next attempt without the coupon': {
      tell(shop) {
        shop.order(1002, 12, 10, 2)
        shop.pay(1002, 71)
        shop.pay(1002)
      },
    },
    'a payment of more than there is': {
      tell(shop) {
        shop.order(1002, 12, 1, 21)
        shop.pay(1002)
      },
    },
    'an order that is cancelled': {
      tell(shop) {
        shop.cancel(1001)
        shop.pay(1001)
      },
    },
    'an order that expires': { tell: shop => shop.wait(dayMs) },
    'an order paid twice': {
      tell(shop) {
        shop.pay(1001)
        shop.pay(1001)
      },
    },
    'two orders with one coupon': {
      tell(shop) {
        shop.order(1002, 11, 1, 0)
        shop.pay(1001, 71)
        shop.pay(1002, 71)
      },
    },
    'a payment of an order that does not exist': { tell: shop => shop.pay(1999) },
    'a payment whose balance is silent once': {
      intercept: dropping('BalanceDeducted', 1),
      tell(shop) {
        shop.pay(1001, 71)
        shop.wait(2_000)
      },
    },
    'a payment that is cancelled on its way': {
      intercept: dropping('BalanceDeducted', 1),
      tell(shop) {
        shop.pay(1001, 71)
        shop.cancel(1001)
        shop.wait(2_000)
      },
    },
    'a payment whose order never says that it is paid': {
      intercept: dropping('OrderPaid'),
      tell(shop) {
        shop.pay(1001, 71)
        for (let resend = 0; resend <= 5; resend += 1) shop.wait(2_000 * 2 ** resend)
      },
    },
    'a payment whose sale is refused': {
      intercept: ({ message }) =>
        message.type === 'RecordSale' ? { answer: { type: 'RecordSaleRejected', refusal: {} } } : 'deliver',
      tell: shop => shop.pay(1001, 71),
    },
    'a payment whose sale is counted and never answered': {
      intercept: dropping('SaleRecorded'),
      tell(shop) {
        shop.pay(1001, 71)
        for (let resend = 0; resend <= 5; resend += 1) shop.wait(2_000 * 2 ** resend)
      },
    },
    'a payment whose sale is owed': {
      intercept: dropping('RecordSale'),
      tell(shop) {
        shop.pay(1001, 71)
        for (let resend = 0; resend <= 5; resend += 1) shop.wait(2_000 * 2 ** resend)
      },
    },
  }

  for (const [story, { tell, intercept }] of Object.entries(stories)) {
    it(`holds at every commit of ${story}`, () => {
      let commits = 0
      const shop = openSmallShop({
        ...(intercept && { intercept }),
        onCommitted(database, now) {
          commits += 1
          expect(broken(database, now), `after commit ${commits}`).toEqual([])
        },
      })
      shop.furnish()
      shop.order(1001, 11, 2, 3)
      tell(shop)
      shop.close()
      expect(commits).toBeGreaterThan(10)
    })
  }

  it('holds when it is empty', () => {
    const shop = openSmallShop()
    expect(broken(shop.database)).toEqual([])
    shop.close()
  })

  it('looks at something for every invariant', () => {
    const database = eventfulDatabase()
    expect(checkInvariants(database, startedAt).filter(({ checked }) => checked === 0)).toEqual([])
    database.close()
  })
})

/**
 * One order of each kind: 1001 paid with a coupon, 1002 failed with one, 1003 in flight, its wallet having paid and not
 * answered, 1004 cancelled, 1005 new, 1006 paid. Ten of each option are left, and 5,300 and 0 in the wallets.
 */
function eventfulDatabase(): Database {
  return new Sqlite(eventful)
}

let eventful: Buffer
beforeAll(() => {
  const shop = openSmallShop({
    intercept: ({ message, to }) =>
      message.type === 'BalanceDeducted' && to === 'payment/1003' ? 'drop' : 'deliver',
  })
  shop.furnish()
  shop.order(1001, 11, 2, 3)
  shop.order(1002, 12, 8, 5)
  shop.order(1003, 11, 1, 1)
  shop.order(1004, 11, 1, 1)
  shop.order(1005, 12, 1, 1)
  shop.order(1006, 12, 7, 6)
  shop.pay(1001, 71)
  shop.pay(1002, 71)
  shop.pay(1003)
  shop.cancel(1004)
  shop.pay(1006)
  eventful = shop.database.serialize()
  shop.close()
})

/** Changes an actor by JSON path and makes its checksum fit. */
function setState(database: Database, address: string, changes: Readonly<Record<string, unknown>>): void {
  const [kind, id] = address.split('/')
  const set = database.prepare(
    'UPDATE snapshots SET state = json_set(state, ?, json(?)) WHERE kind = ? AND id = ?',
  )
  for (const [path, value] of Object.entries(changes)) set.run(`$.${path}`, JSON.stringify(value), kind, id)
  const row = database.prepare('SELECT * FROM snapshots WHERE kind = ? AND id = ?').get(kind, id) as Snapshot
  const resum = database.prepare('UPDATE snapshots SET checksum = ? WHERE kind = ? AND id = ?')
  expect(resum.run(snapshotChecksum(row), kind, id).changes).toBe(1)
}

/** Changes the ledger and makes its hashes fit, so that what its lines say is all that is wrong with it. */
function forgeLedger(database: Database, sql: string): void {
  database.exec(sql)
  let previous = chainStart
  const lines = database.prepare<[], StoredLedgerLine>(`
    SELECT sequence, entry, account, amount, total_after AS totalAfter, change_type AS changeType, key, at
    FROM ledger_lines ORDER BY sequence`)
  const update = database.prepare('UPDATE ledger_lines SET hash = ? WHERE sequence = ?')
  for (const line of lines.all()) {
    previous = ledgerHash(previous, line)
    update.run(previous, line.sequence)
  }
}

type ForgedLine = [account: string, amount: number, totalAfter?: number]

function forgeEntry(database: Database, changeType: string, key: string, lines: ForgedLine[]): void {
  const insert = database.prepare(`
    INSERT INTO ledger_lines (entry, account, amount, total_after, change_type, key, at, hash)
    VALUES (999, ?, ?, ?, ?, ?, 0, zeroblob(32))`)
  for (const [account, amount, totalAfter = null] of lines)
    insert.run(account, amount, totalAfter, changeType, key)
  forgeLedger(database, '')
}

function forgeJournal(database: Database, sql: string): void {
  database.exec(sql)
  const rows = database.prepare<[], { sequence: number; saga: string; at: number; entries: string }>(
    'SELECT sequence, saga, committed_at AS at, entries FROM journal',
  )
  const update = database.prepare('UPDATE journal SET checksum = ? WHERE sequence = ?')
  for (const { sequence, saga, at, entries } of rows.all()) {
    update.run(journalChecksum(sequence, saga, at, entries), sequence)
  }
}

function forgeMovement(
  database: Database,
  option: number,
  movement: string,
  quantity: number,
  key = '',
): void {
  database
    .prepare('INSERT INTO stock_movements (option_id, movement, quantity, key, at) VALUES (?, ?, ?, ?, 0)')
    .run(option, movement, quantity, key)
}

function forgeEvent(
  database: Database,
  orderId: number,
  type: string,
  status: string,
  body: unknown = {},
): void {
  database
    .prepare(`
      INSERT INTO order_events (order_id, sequence, type, status, at, body)
      SELECT order_id, max(sequence) + 1, ?, ?, 0, ? FROM order_events WHERE order_id = ?`)
    .run(type, status, JSON.stringify(body), orderId)
}

const unpaid = { originalPrice: 0, discountAmount: 0, discountedPrice: 0, couponId: null, paidAt: 0 }

/** What is altered, all that is broken by it, and how. Wherever that can be, a case breaks one invariant alone. */
const alterations: [what: string, breaks: string[], alter: (database: Database) => void][] = [
  [
    'two entries are out by one, in opposite directions',
    ['M1'],
    database =>
      forgeLedger(
        database,
        `UPDATE ledger_lines SET amount = amount + iif(sequence = 2, 1, -1) WHERE sequence IN (2, 4)`,
      ),
  ],
  [
    'money came from nowhere',
    ['M1', 'M2'],
    database => forgeLedger(database, `UPDATE ledger_lines SET amount = amount + 1 WHERE sequence = 2`),
  ],
  [
    'a wallet holds more than its lines',
    ['M3'],
    database => setState(database, 'balance/11', { amount: 5_301 }),
  ],
  [
    'a history ends with another total',
    ['M3'],
    database =>
      forgeLedger(
        database,
        `UPDATE ledger_lines SET total_after = 1 WHERE sequence = (SELECT max(sequence) FROM ledger_lines WHERE account = 'wallet/12')`,
      ),
  ],
  [
    'a wallet with a history is gone',
    ['M3', 'E5'],
    database => database.exec(`DELETE FROM snapshots WHERE kind = 'balance' AND id = '12'`),
  ],
  [
    'a wallet was negative for a while',
    ['M4'],
    database => forgeLedger(database, `UPDATE ledger_lines SET total_after = -1 WHERE sequence = 1`),
  ],
  ['a wallet is negative', ['M3', 'M4'], database => setState(database, 'balance/12', { amount: -1 })],
  [
    'the time of a ledger line was altered',
    ['M5', 'E7'],
    database => database.exec(`UPDATE ledger_lines SET at = at + 1 WHERE sequence = 3`),
  ],
  [
    'the sequence of the ledger has a gap',
    ['M5', 'E7'],
    database =>
      forgeLedger(
        database,
        `UPDATE ledger_lines SET sequence = sequence + 1 WHERE sequence = (SELECT max(sequence) FROM ledger_lines)`,
      ),
  ],
  [
    'a completed payment remembers another discount',
    ['M6'],
    database => setState(database, 'payment/1001', { 'context.discountAmount': 299 }),
  ],
  [
    'somebody else paid',
    ['M3', 'M6'],
    database =>
      forgeLedger(
        database,
        `UPDATE ledger_lines SET account = 'wallet/13' WHERE key = '1001/1/deductBalance' AND total_after IS NOT NULL`,
      ),
  ],
  [
    'more was refunded than was paid',
    ['M6'],
    database => {
      forgeEntry(database, 'REFUND', '1001/return/1', [
        ['wallet/11', 3_201, 8_501],
        ['revenue', -3_201],
      ])
      setState(database, 'balance/11', { amount: 8_501 })
    },
  ],
  [
    'a failed attempt moved money',
    ['M7'],
    database =>
      forgeEntry(database, 'ROLLBACK', '1002/1/refundBalance', [
        ['discount', 1],
        ['revenue', -1],
      ]),
  ],
  [
    'a payment that does not exist moved money',
    ['M7'],
    database =>
      forgeEntry(database, 'USE', '1999/1/deductBalance', [
        ['discount', -1],
        ['revenue', 1],
      ]),
  ],
  [
    'a stock holds more than its movements',
    ['S1'],
    database => setState(database, 'stock/61', { quantity: 11 }),
  ],
  ['a stock moved in an unknown way', ['S1'], database => forgeMovement(database, 61, 'LOST', 1)],
  [
    'a stock is negative',
    ['S2'],
    database => {
      forgeMovement(database, 61, 'WRITE_OFF', 11)
      setState(database, 'stock/61', { quantity: -1 })
    },
  ],
  [
    'a failed attempt kept a unit that another attempt gave back',
    ['S3'],
    database => {
      forgeMovement(database, 61, 'DECREASE', 1, '1002/1/decreaseStock/61')
      forgeMovement(database, 61, 'RESTORE', 1, '1002/7/restoreStock/61')
    },
  ],
  [
    'a failed attempt kept a unit',
    ['S3', 'S4'],
    database => {
      forgeMovement(database, 61, 'DECREASE', 1, '1002/1/decreaseStock/61')
      setState(database, 'stock/61', { quantity: 9 })
    },
  ],
  [
    'a paid order took a unit too few',
    ['S4'],
    database => {
      forgeMovement(database, 61, 'RESTORE', 1, '1001/1/restoreStock/61')
      setState(database, 'stock/61', { quantity: 11 })
    },
  ],
  [
    'a payment in flight holds a unit that it never asked for',
    ['S4'],
    database => {
      forgeMovement(database, 62, 'DECREASE', 1, '1003/1/decreaseStock/62')
      setState(database, 'stock/62', { quantity: 9 })
    },
  ],
  [
    'a campaign counts one issue too many',
    ['C1'],
    database => setState(database, 'coupon/71', { totalQuantity: 3, issuedQuantity: 3 }),
  ],
  [
    'a campaign issued more than it has',
    ['C1'],
    database => setState(database, 'coupon/71', { totalQuantity: 1 }),
  ],
  [
    'a customer has two coupons of a campaign',
    ['C2'],
    database => setState(database, 'ownedCoupon/71:12', { customerId: 11 }),
  ],
  [
    'a customer has a coupon that was not issued',
    ['C1', 'C2'],
    database => database.exec(`DELETE FROM coupon_issues WHERE customer_id = 12`),
  ],
  [
    'a coupon that was issued is gone',
    ['C2', 'E5'],
    database => database.exec(`DELETE FROM snapshots WHERE kind = 'ownedCoupon' AND id = '71:12'`),
  ],
  [
    'a coupon is used by an order that does not pay with it',
    ['C3'],
    database => setState(database, 'ownedCoupon/71:12', { status: 'USED', orderId: 1006 }),
  ],
  [
    'the coupon of a paid order can be used again',
    ['C3'],
    database => setState(database, 'ownedCoupon/71:11', { status: 'AVAILABLE', orderId: null }),
  ],
  [
    'a failed attempt kept its coupon',
    ['C3', 'C4'],
    database => setState(database, 'ownedCoupon/71:12', { status: 'USED', orderId: 1002 }),
  ],
  [
    'the order of a completed payment is not paid',
    ['S4', 'O1'],
    database => {
      database.exec(`DELETE FROM order_events WHERE order_id = 1001 AND sequence > 1`)
      setState(database, 'order/1001', {
        value: 'CREATED',
        'context.attempt': 0,
        'context.payment': null,
        'context.sequence': 1,
      })
    },
  ],
  [
    'an order is paid that nobody pays',
    ['S4', 'O1'],
    database => {
      forgeEvent(database, 1005, 'PaymentBegun', 'PAYING', { attempt: 1 })
      forgeEvent(database, 1005, 'OrderPaid', 'PAID', unpaid)
      setState(database, 'order/1005', {
        value: 'PAID',
        'context.attempt': 1,
        'context.payment': unpaid,
        'context.sequence': 3,
      })
    },
  ],
  [
    'something happened to a cancelled order',
    ['O2', 'O6'],
    database => {
      forgeEvent(database, 1004, 'OrderCancelled', 'CANCELLED')
      setState(database, 'order/1004', { 'context.sequence': 3 })
    },
  ],
  [
    'an order is being paid by nobody',
    ['O3'],
    database => {
      forgeEvent(database, 1005, 'PaymentBegun', 'PAYING', { attempt: 1 })
      setState(database, 'order/1005', { value: 'PAYING', 'context.attempt': 1, 'context.sequence': 2 })
    },
  ],
  [
    'nothing will move a payment',
    ['O4'],
    database => database.exec(`DELETE FROM timers WHERE actor = 'payment/1003'`),
  ],
  [
    'one key was posted twice',
    ['O5'],
    database =>
      forgeEntry(database, 'USE', '1001/1/deductBalance', [
        ['discount', -1],
        ['discount', 1],
      ]),
  ],
  [
    'the money of an order was taken in two attempts',
    ['O5'],
    database =>
      forgeEntry(database, 'USE', '1001/2/deductBalance', [
        ['discount', -1],
        ['discount', 1],
      ]),
  ],
  [
    'an order was paid twice',
    ['O5', 'O6'],
    database => {
      forgeEvent(database, 1006, 'OrderPaid', 'PAID', unpaid)
      setState(database, 'order/1006', { 'context.payment': unpaid, 'context.sequence': 4 })
    },
  ],
  [
    'the stream says another total than the order',
    ['O6'],
    database =>
      database.exec(`UPDATE order_events SET body = json_set(body, '$.totalPrice', 1) WHERE order_id = 1005`),
  ],
  [
    'the stream of an order is gone',
    ['O6'],
    database => database.exec(`DELETE FROM order_events WHERE order_id = 1005`),
  ],
  [
    'the stream of an order has a gap',
    ['O6'],
    database => database.exec(`UPDATE order_events SET sequence = 7 WHERE order_id = 1001 AND sequence = 3`),
  ],
  [
    'an order is gone',
    ['O6', 'E5'],
    database => database.exec(`DELETE FROM snapshots WHERE kind = 'order' AND id = '1005'`),
  ],
  [
    'a transition is missing in the journal',
    ['E5'],
    database =>
      forgeJournal(
        database,
        `UPDATE journal SET entries = json_set(entries, '$.entries', json('[]')) WHERE sequence = 3`,
      ),
  ],
  [
    'a transition names no message',
    ['E5'],
    database =>
      forgeJournal(
        database,
        `UPDATE journal SET entries = json_set(entries, '$.entries[0][3]', '') WHERE sequence = 3`,
      ),
  ],
  [
    'an actor is ahead of its journal',
    ['E5'],
    database =>
      forgeJournal(database, `DELETE FROM journal WHERE sequence = (SELECT max(sequence) FROM journal)`),
  ],
  [
    'a completed payment was not announced',
    ['E6'],
    database => database.exec(`DELETE FROM outbox WHERE sequence = 1`),
  ],
  [
    'a payment was announced twice',
    ['E6'],
    database =>
      database.exec(
        `INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at) SELECT event_id || 'x', topic, key, message, correlation_id, created_at FROM outbox`,
      ),
  ],
  [
    'an event id is used twice',
    ['E6'],
    database =>
      database.exec(
        `INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at) SELECT event_id, 'other', key, '{}', correlation_id, created_at FROM outbox`,
      ),
  ],
  [
    'a failed payment was announced',
    ['E6'],
    database =>
      database.exec(
        `INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at) SELECT 'x' || sequence, topic, key, json_set(message, '$.orderId', 1001 + sequence), correlation_id, created_at FROM outbox`,
      ),
  ],
  [
    'a snapshot was altered',
    ['E7'],
    database =>
      database.exec(`UPDATE snapshots SET state = replace(state, 'someone', 'anyone') WHERE id = '11'`),
  ],
  [
    'a journal row was altered',
    ['E7'],
    database => database.exec(`UPDATE journal SET committed_at = committed_at + 1 WHERE sequence = 1`),
  ],
  [
    'a unit too many was counted as sold',
    ['E8'],
    database =>
      database.exec(`UPDATE sales SET quantity = quantity + 1 WHERE order_id = 1001 AND product_id = 51`),
  ],
  [
    'a sale is neither counted nor owed',
    ['E8'],
    database => database.exec(`DELETE FROM sales WHERE order_id = 1001 AND product_id = 51`),
  ],
  [
    'a sale is counted that nobody paid',
    ['E8'],
    database => database.exec(`UPDATE sales SET order_id = 1005 WHERE order_id = 1001`),
  ],
]

describe('An altered database', () => {
  for (const [what, breaks, alter] of alterations) {
    it(`breaks ${breaks.join(', ')} when ${what}`, () => {
      const database = eventfulDatabase()
      alter(database)
      expect(broken(database)).toEqual(breaks)
      database.close()
    })
  }

  it('is shown to break every invariant', () => {
    const shown = new Set(alterations.flatMap(([, breaks]) => breaks))
    expect(invariants.map(({ name }) => name).filter(name => !shown.has(name))).toEqual([])
  })

  it('names the row, keeps the first five violations and counts them all', () => {
    const database = eventfulDatabase()
    database.exec('UPDATE ledger_lines SET at = at + 1 WHERE sequence BETWEEN 2 AND 8')
    const chain = checkInvariants(database, startedAt).find(({ name }) => name === 'M5')
    expect(chain?.violationCount).toBe(7)
    expect(chain?.violations).toEqual([2, 3, 4, 5, 6].map(line => `ledger line ${line} was altered`))
    database.close()
  })

  it('has undecided invariants where a state is no JSON any more, and decides the others', () => {
    const database = eventfulDatabase()
    database.exec(`UPDATE snapshots SET state = '{' WHERE kind = 'ownedCoupon'`)
    const results = new Map(
      checkInvariants(database, startedAt).map(result => [result.name, result.violations]),
    )
    expect(results.get('C2')).toEqual(['cannot be decided: malformed JSON'])
    expect(results.get('E7')).toEqual([
      'the snapshot of ownedCoupon/71:11 was altered',
      'the snapshot of ownedCoupon/71:12 was altered',
    ])
    expect(results.get('M3')).toEqual([])
    database.close()
  })

  it('is summed without losing digits', () => {
    const database = eventfulDatabase()
    const line: ForgedLine = ['cash-in', Number.MAX_SAFE_INTEGER]
    forgeEntry(database, 'CHARGE', 'x', [line, line, line, ['revenue', 2]])
    const sum = checkInvariants(database, startedAt).find(({ name }) => name === 'M2')
    expect(sum?.violations).toEqual([
      `all accounts together sum to ${3n * BigInt(Number.MAX_SAFE_INTEGER) + 2n}`,
    ])
    database.close()
  })
})

describe('A database that retention has worked on', () => {
  it('holds without the events of more than 30 days ago, and breaks E6 without later ones', () => {
    const database = eventfulDatabase()
    database.exec('DELETE FROM outbox')
    expect(broken(database, startedAt + 30 * dayMs)).toEqual(['E6'])
    expect(broken(database, startedAt + 30 * dayMs + 1)).toEqual([])
    database.close()
  })

  it('holds without the oldest of the journal after 90 days, and breaks E5 before', () => {
    const database = eventfulDatabase()
    database.exec('DELETE FROM journal WHERE sequence <= 20')
    expect(broken(database, startedAt + 90 * dayMs + 1)).toEqual([])
    forgeJournal(database, 'UPDATE journal SET sequence = 1 WHERE sequence = 21')
    expect(broken(database, startedAt + 90 * dayMs)).toEqual(['E5'])
    expect(broken(database, startedAt + 90 * dayMs + 1)).toEqual([])
    database.close()
  })

  it('still breaks E5 when a later row of the journal is missing', () => {
    const database = eventfulDatabase()
    database.exec('DELETE FROM journal WHERE sequence <= 20 OR sequence = 40')
    expect(broken(database, startedAt + 91 * dayMs)).toEqual(['E5'])
    database.close()
  })
})

describe('A database that cannot be checked', () => {
  it('says so when it is empty', () => {
    const database = new Sqlite(':memory:')
    expect(() => checkInvariants(database, startedAt)).toThrow(
      /has the schema 0 and not \d+; start its server once/,
    )
    database.close()
  })

  it('says so when its pages are damaged', () => {
    const damaged = Buffer.from(eventful)
    damaged.fill(0x7f, 8_192)
    const database = new Sqlite(damaged)
    expect(() => checkInvariants(database, startedAt)).toThrow(/cannot be read .*restore it from a backup/)
    database.close()
  })
})
