import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orderLoad } from '../../bench/order-load.ts'
import { peers, type RunningServer, startServer } from '../../bench/peer.ts'
import { chainStart, ledgerHash, type StoredLedgerLine } from '../../src/persistence/checksum.ts'

describe('the hand-written server', () => {
  const directory = mkdtempSync(join(tmpdir(), 'recoup-bench-test-'))
  let server: RunningServer

  beforeAll(async () => {
    const peer = peers.find(({ name }) => name === 'hand-written')
    if (peer === undefined) throw new Error('there is no hand-written server among the peers')
    server = await startServer(peer, directory)
  })
  afterAll(async () => {
    await server.stop()
    rmSync(directory, { recursive: true })
  })

  async function post(
    path: string,
    body: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  function figure(sql: string): number {
    const database = new Database(join(directory, 'hand-written.db'), { readonly: true })
    try {
      return database.prepare<[], number>(sql).pluck().get() ?? Number.NaN
    } finally {
      database.close()
    }
  }

  it('keeps its books through the load', async () => {
    const result = await orderLoad({
      port: server.port,
      pid: server.pid,
      clients: 7,
      warmUpMs: 0,
      measureMs: 60_000,
      hot: false,
      ordersMax: 100,
      seed: 1,
    })
    expect(result).toMatchObject({ payments: 100, errors: {} })
    expect(figure('SELECT count(*) FROM payments')).toBe(100)
    expect(figure('SELECT sum(amount) FROM ledger_lines')).toBe(0)
    expect(figure('SELECT sum(quantity) FROM stocks')).toBe(60 * 100_000 - 100)
    expect(figure('SELECT sum(quantity) FROM sales')).toBe(100)
    expect(figure('SELECT count(*) FROM order_events')).toBe(300)
    expect(figure('SELECT count(*) FROM outbox')).toBe(100)
    expect(figure('SELECT count(*) FROM timers')).toBe(0)
  })

  it('gives the discount of a coupon once', async () => {
    const items = [{ productId: 5002, productOptionId: 6006, quantity: 2 }]
    const issue = { couponId: 4001, customerId: 3000 }
    expect(await post('/coupons/issue', issue)).toMatchObject({ status: 201, body: { status: 'AVAILABLE' } })
    expect(await post('/coupons/issue', issue)).toMatchObject({
      status: 409,
      body: { code: 'COUPON_ALREADY_ISSUED' },
    })
    const first = await post('/orders', { customerId: 3000, items })
    const second = await post('/orders', { customerId: 3000, items })
    expect(first).toMatchObject({ status: 201, body: { totalPrice: 26_000, status: 'CREATED' } })
    const { orderId } = first.body
    expect(await post('/payments', { orderId, couponId: 4001 })).toMatchObject({
      status: 201,
      body: {
        orderId,
        customerId: 3000,
        originalPrice: 26_000,
        discountAmount: 1_000,
        discountedPrice: 25_000,
      },
    })
    expect(await post('/payments', { orderId: second.body['orderId'], couponId: 4001 })).toMatchObject({
      status: 409,
      body: { code: 'COUPON_ALREADY_USED' },
    })
    expect(figure('SELECT sum(amount) FROM ledger_lines')).toBe(0)
  })

  it('writes nothing for what it refuses', async () => {
    const before = figure('SELECT max(sequence) FROM ledger_lines')
    const tooMuch = [{ productId: 5001, productOptionId: 6001, quantity: 100_000 }]
    const placed = await post('/orders', {
      customerId: 2999,
      items: tooMuch.map(item => ({ ...item, quantity: 9_000 })),
    })
    const refusals = [
      await post('/payments', { orderId: placed.body['orderId'] }),
      await post('/payments', { orderId: 1 }),
      await post('/orders', { customerId: 1, items: tooMuch }),
      await post('/orders', { customerId: 2999, items: [...tooMuch, ...tooMuch] }),
      await post('/payments', { orderId: 1, surprise: true }),
    ]
    expect(refusals.map(({ body }) => body['code'])).toEqual([
      'BALANCE_INSUFFICIENT',
      'ORDER_NOT_FOUND',
      'CUSTOMER_NOT_FOUND',
      'STOCK_INSUFFICIENT',
      'INVALID_ARGUMENT',
    ])
    expect(figure('SELECT max(sequence) FROM ledger_lines')).toBe(before)
  })

  it('chains its ledger', () => {
    const database = new Database(join(directory, 'hand-written.db'), { readonly: true })
    const lines = database
      .prepare<[], StoredLedgerLine & { hash: Buffer }>(
        'SELECT *, total_after AS totalAfter, change_type AS changeType FROM ledger_lines ORDER BY sequence',
      )
      .all()
    database.close()
    let hash = chainStart
    for (const line of lines) {
      hash = ledgerHash(hash, line)
      expect(line.hash.equals(hash)).toBe(true)
    }
  })
})
