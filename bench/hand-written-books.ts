/**
 * The shop of the hand-written server: order, pay and issue as plain functions over prepared statements. Each checks
 * everything before it writes, so a refused call leaves nothing behind, and one transaction can hold a whole batch of
 * calls without savepoints.
 */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { dayOf, isoTime } from '../src/clock.ts'
import { createIds } from '../src/ids.ts'
import { chainStart, ledgerHash } from '../src/persistence/checksum.ts'
import type { IssueRequest, OrderRequest, PaymentRequest } from './hand-written-requests.ts'
import { makeHandWrittenTables } from './hand-written-schema.ts'

/** A status and the JSON body that goes with it. */
export interface Reply {
  status: number
  body: string
}

interface Books {
  order(request: OrderRequest): Reply
  pay(request: PaymentRequest): Reply
  issue(request: IssueRequest): Reply
  /** Runs `work` in one transaction that is on disk when this returns; when it throws nothing was written. */
  commit<T>(work: () => T): T
  close(): void
}

const orderExpiryMs = 24 * 3_600_000
const timeZone = 'Asia/Seoul'
const titles: Record<number, string> = { 404: 'Not Found', 409: 'Conflict' }

interface Option {
  productId: number
  productName: string
  optionName: string
  unitPrice: number
}

/** Makes a new database in `directory`, fills it with the load-test profile, and opens it. */
export function openBooks(directory: string): Books {
  const database = new Database(join(directory, 'hand-written.db'))
  database.pragma('journal_mode = WAL')
  // After WAL, which would put it back to NORMAL; asserted below, once the first transaction is through.
  database.pragma('synchronous = FULL')
  database.pragma('wal_autocheckpoint = 4000')
  database.pragma('cache_size = -65536')
  makeHandWrittenTables(database)

  const now = Date.now
  const newId = createIds(now)
  let ledgerEnd = { sequence: 0, entry: 0, hash: chainStart }
  /** When the batch that is being done was begun: told once for all of it. */
  let moment = momentOf(now())

  const begin = database.prepare('BEGIN IMMEDIATE')
  const commitBatch = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')
  const balanceOf = database
    .prepare<[number], number>('SELECT amount FROM balances WHERE customer_id = ?')
    .pluck()
  const stockOf = database
    .prepare<[number], number>('SELECT quantity FROM stocks WHERE option_id = ?')
    .pluck()
  const orderOf = database.prepare<[number], { customer_id: number; total_price: number; status: string }>(
    'SELECT customer_id, total_price, status FROM orders WHERE order_id = ?',
  )
  const itemsOf = database.prepare<[number], { product_id: number; option_id: number; quantity: number }>(
    'SELECT product_id, option_id, quantity FROM order_items WHERE order_id = ?',
  )
  const couponOf = database.prepare<
    [number],
    {
      discount_amount: number
      total_quantity: number
      issued_quantity: number
      started_at: number
      expired_at: number
    }
  >(
    'SELECT discount_amount, total_quantity, issued_quantity, started_at, expired_at FROM coupons WHERE coupon_id = ?',
  )
  const ownedCouponOf = database
    .prepare<[number, number], string>(
      'SELECT status FROM owned_coupons WHERE coupon_id = ? AND customer_id = ?',
    )
    .pluck()

  const addBalance = database.prepare('INSERT INTO balances VALUES (?, ?)')
  const addStock = database.prepare('INSERT INTO stocks VALUES (?, ?)')
  const addOrder = database.prepare("INSERT INTO orders VALUES (?, ?, ?, 'CREATED', ?)")
  const addItem = database.prepare('INSERT INTO order_items VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const addOrderEvent = database.prepare(
    "INSERT INTO order_events VALUES (?, 1, 'OrderCreated', 'CREATED', ?, ?)",
  )
  const addPaymentEvents = database.prepare(`INSERT INTO order_events VALUES
    (?, 2, 'PaymentBegun', 'PAYING', ?, '{"attempt":1}'), (?, 3, 'OrderPaid', 'PAID', ?, ?)`)
  const addCustomerOrder = database.prepare('INSERT INTO customer_orders VALUES (?, ?)')
  const addTimer = database.prepare("INSERT INTO timers VALUES (?, 'expire', ?, 1, ?)")
  const removeTimer = database.prepare("DELETE FROM timers WHERE actor = ? AND name = 'expire'")
  const addPayment = database.prepare("INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, 'COMPLETED', ?)")
  const markPaid = database.prepare("UPDATE orders SET status = 'PAID' WHERE order_id = ?")
  const setBalance = database.prepare('UPDATE balances SET amount = ? WHERE customer_id = ?')
  const decreaseStock = database.prepare('UPDATE stocks SET quantity = quantity - ? WHERE option_id = ?')
  const addLedgerLine = database.prepare('INSERT INTO ledger_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const addMovement = database.prepare(
    'INSERT INTO stock_movements (option_id, movement, quantity, key, at) VALUES (?, ?, ?, ?, ?)',
  )
  const addSale = database.prepare(
    'INSERT INTO sales (product_id, day, quantity, order_id) VALUES (?, ?, ?, ?)',
  )
  const addOutbox = database.prepare(
    'INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const addIssue = database.prepare('INSERT INTO coupon_issues VALUES (?, ?, ?)')
  const addOwnedCoupon = database.prepare("INSERT INTO owned_coupons VALUES (?, ?, 'AVAILABLE', NULL)")
  const useCoupon = database.prepare(
    "UPDATE owned_coupons SET status = 'USED', order_id = ? WHERE coupon_id = ? AND customer_id = ?",
  )
  const countIssue = database.prepare(
    'UPDATE coupons SET issued_quantity = issued_quantity + 1 WHERE coupon_id = ?',
  )

  /** One double entry; `lines` are [account, signed amount, amount after it for a wallet]. */
  function post(
    changeType: string,
    key: string,
    at: number,
    lines: readonly (readonly [account: string, amount: number, totalAfter: number | null])[],
  ): void {
    let { sequence, entry, hash } = ledgerEnd
    entry += 1
    for (const [account, amount, totalAfter] of lines) {
      sequence += 1
      hash = ledgerHash(hash, { sequence, entry, account, amount, totalAfter, changeType, key, at })
      addLedgerLine.run(sequence, entry, account, amount, totalAfter, changeType, key, at, hash)
    }
    ledgerEnd = { sequence, entry, hash }
  }

  function seed(): Map<number, Option> {
    const { at } = moment
    const options = new Map<number, Option>()
    for (let customerId = 1001; customerId <= 3000; customerId += 1) {
      addBalance.run(customerId, 50_000_000)
      post('CHARGE', `seed/${customerId}`, at, [
        [`wallet/${customerId}`, 50_000_000, 50_000_000],
        ['cash-in', -50_000_000, null],
      ])
    }
    const addProduct = database.prepare(
      'INSERT INTO products (product_id, name, base_price) VALUES (?, ?, ?)',
    )
    const addOption = database.prepare('INSERT INTO product_options VALUES (?, ?, ?, ?)')
    for (let product = 0; product < 20; product += 1) {
      const productId = 5001 + product
      const productName = `Product ${productId}`
      const basePrice = 10_000 + 1_000 * product
      addProduct.run(productId, productName, basePrice)
      for (const [size, optionName] of ['S', 'M', 'L'].entries()) {
        const optionId = 6001 + product * 3 + size
        addOption.run(optionId, productId, optionName, 1_000 * size)
        addStock.run(optionId, 100_000)
        addMovement.run(optionId, 'RESTOCK', 100_000, '', at)
        options.set(optionId, { productId, productName, optionName, unitPrice: basePrice + 1_000 * size })
      }
    }
    database
      .prepare('INSERT INTO coupons VALUES (4001, 1000, 1000, 0, ?, ?)')
      .run(at, at + 30 * orderExpiryMs)
    return options
  }

  function order({ customerId, items }: OrderRequest): Reply {
    if (balanceOf.get(customerId) === undefined) return refused(404, 'CUSTOMER_NOT_FOUND')
    const wanted = new Map<number, number>()
    const lines = []
    let totalPrice = 0
    for (const { productId, productOptionId, quantity } of items) {
      const option = options.get(productOptionId)
      if (option === undefined) return refused(404, 'PRODUCT_OPTION_NOT_FOUND')
      if (option.productId !== productId) return refused(409, 'PRODUCT_OPTION_MISMATCH')
      const total = (wanted.get(productOptionId) ?? 0) + quantity
      wanted.set(productOptionId, total)
      if ((stockOf.get(productOptionId) ?? 0) < total) return refused(409, 'STOCK_INSUFFICIENT')
      const subtotalPrice = option.unitPrice * quantity
      totalPrice += subtotalPrice
      const { productName, optionName } = option
      lines.push({ productId, productOptionId, productName, optionName, quantity, subtotalPrice })
    }

    const orderId = newId()
    const { at, iso } = moment
    const expireAt = at + orderExpiryMs
    addOrder.run(orderId, customerId, totalPrice, at)
    for (const [index, line] of lines.entries()) {
      const { productId, productOptionId, productName, optionName, quantity, subtotalPrice } = line
      addItem.run(
        orderId,
        index + 1,
        productId,
        productOptionId,
        productName,
        optionName,
        quantity,
        subtotalPrice,
      )
    }
    const linesJson = JSON.stringify(lines)
    addOrderEvent.run(
      orderId,
      at,
      `{"customerId":${customerId},"totalPrice":${totalPrice},"expireAt":${expireAt},"items":${linesJson}}`,
    )
    addCustomerOrder.run(customerId, orderId)
    addTimer.run(`order/${orderId}`, expireAt, String(orderId))
    return {
      status: 201,
      body: `{"orderId":${orderId},"customerId":${customerId},"totalPrice":${totalPrice},"status":"CREATED","createdAt":"${iso}","items":${linesJson}}`,
    }
  }

  function pay({ orderId, couponId }: PaymentRequest): Reply {
    const placed = orderOf.get(orderId)
    if (placed === undefined) return refused(404, 'ORDER_NOT_FOUND')
    if (placed.status !== 'CREATED') return refused(409, 'ORDER_NOT_PAYABLE')
    const { customer_id: customerId, total_price: originalPrice } = placed
    const items = itemsOf.all(orderId)
    const wanted = new Map<number, number>()
    for (const { option_id, quantity } of items)
      wanted.set(option_id, (wanted.get(option_id) ?? 0) + quantity)
    for (const [optionId, quantity] of wanted) {
      if ((stockOf.get(optionId) ?? 0) < quantity) return refused(409, 'STOCK_INSUFFICIENT')
    }
    const { at, iso, day } = moment
    let discountAmount = 0
    if (couponId !== null) {
      const owned = ownedCouponOf.get(couponId, customerId)
      const coupon = couponOf.get(couponId)
      if (owned === undefined || coupon === undefined) return refused(404, 'CUSTOMER_COUPON_NOT_FOUND')
      if (owned !== 'AVAILABLE') return refused(409, 'COUPON_ALREADY_USED')
      if (at > coupon.expired_at) return refused(409, 'COUPON_EXPIRED')
      discountAmount = Math.min(coupon.discount_amount, originalPrice)
    }
    const discountedPrice = originalPrice - discountAmount
    const balance = (balanceOf.get(customerId) ?? 0) - discountedPrice
    if (balance < 0) return refused(409, 'BALANCE_INSUFFICIENT')

    const key = `${orderId}/1`
    for (const [optionId, quantity] of wanted) {
      decreaseStock.run(quantity, optionId)
      addMovement.run(optionId, 'DECREASE', quantity, key, at)
    }
    if (couponId !== null) useCoupon.run(orderId, couponId, customerId)
    setBalance.run(balance, customerId)
    const lines: [string, number, number | null][] = [
      [`wallet/${customerId}`, -discountedPrice, balance],
      ['revenue', originalPrice, null],
    ]
    if (discountAmount > 0) lines.push(['discount', -discountAmount, null])
    post('USE', key, at, lines)
    addPaymentEvents.run(
      orderId,
      at,
      orderId,
      at,
      `{"originalPrice":${originalPrice},"discountAmount":${discountAmount},"discountedPrice":${discountedPrice},"couponId":${couponId}}`,
    )
    markPaid.run(orderId)
    addPayment.run(orderId, customerId, couponId, originalPrice, discountAmount, discountedPrice, at)
    for (const { product_id, quantity } of items) addSale.run(product_id, day, quantity, orderId)
    removeTimer.run(`order/${orderId}`)
    const record = `"paymentId":${orderId},"orderId":${orderId},"customerId":${customerId},"originalPrice":${originalPrice},"discountAmount":${discountAmount},"discountedPrice":${discountedPrice},"paidAt":`
    addOutbox.run(
      `payment/${orderId}#1#1`,
      'payments',
      String(orderId),
      `{"type":"PaymentCompleted",${record}${at}}`,
      String(orderId),
      at,
    )
    return { status: 201, body: `{${record}"${iso}"}` }
  }

  function issue({ couponId, customerId }: IssueRequest): Reply {
    const coupon = couponOf.get(couponId)
    if (coupon === undefined) return refused(404, 'COUPON_NOT_FOUND')
    if (balanceOf.get(customerId) === undefined) return refused(404, 'CUSTOMER_NOT_FOUND')
    const { at, iso } = moment
    if (at < coupon.started_at || at > coupon.expired_at) return refused(409, 'COUPON_INVALID_PERIOD')
    if (ownedCouponOf.get(couponId, customerId) !== undefined) return refused(409, 'COUPON_ALREADY_ISSUED')
    if (coupon.issued_quantity >= coupon.total_quantity) return refused(409, 'COUPON_INSUFFICIENT')
    countIssue.run(couponId)
    addIssue.run(couponId, customerId, at)
    addOwnedCoupon.run(couponId, customerId)
    return {
      status: 201,
      body: JSON.stringify({ couponId, customerId, status: 'AVAILABLE', issuedAt: iso }),
    }
  }

  function commit<T>(work: () => T): T {
    const before = ledgerEnd
    moment = momentOf(now())
    begin.run()
    try {
      const result = work()
      commitBatch.run()
      return result
    } catch (error) {
      ledgerEnd = before
      if (database.inTransaction) rollback.run()
      throw error
    }
  }

  const options = commit(seed)
  if (database.pragma('synchronous', { simple: true }) !== 2) throw new Error('synchronous is not FULL')
  return { order, pay, issue, commit, close: () => database.close() }
}

function momentOf(at: number) {
  return { at, iso: isoTime(at), day: dayOf(at, timeZone) }
}

function refused(status: number, code: string): Reply {
  const detail = code.toLowerCase().replaceAll('_', ' ')
  return {
    status,
    body: JSON.stringify({
      type: 'about:blank',
      title: titles[status],
      status,
      detail,
      code,
      message: detail,
    }),
  }
}
