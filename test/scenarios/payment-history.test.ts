import { describe, expect, test } from 'vitest'
import type { PaymentHistory } from '../../src/actors/questions.ts'
import { refuse } from '../../src/refusal.ts'
import { Damaged } from '../../src/runtime/store.ts'
import { line } from '../support/client.ts'
import { refused } from '../support/message-tap.ts'
import { openScenario } from '../support/open-scenario.ts'

const token = 'a-token-of-operators-that-is-long'

async function shopWithOrder(items = [line(1012), line(1023)]) {
  const shop = await openScenario({ environment: { RECOUP_OPERATOR_TOKEN: token } })
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, items)).body
  const history = async (as = '') => {
    const { status, body } = await shop.request('GET', `${as}/payments/${orderId}/history`, undefined, {
      Authorization: `Bearer ${token}`,
    })
    expect(status, JSON.stringify(body)).toBe(200)
    return body as unknown as PaymentHistory
  }
  return { ...shop, orderId, history }
}

const told = ({ ledger, entries }: PaymentHistory) =>
  ledger.map(({ position, changeType, key, lines }) => [
    entries[(position ?? 0) - 1]?.message.type,
    changeType,
    key.split('/').slice(1, 3).join('/'),
    lines.map(({ account, amount }) => `${account} ${amount}`),
  ])

const paid = ['wallet/1 -68000', 'discount -3000', 'revenue 71000']
const undone = ['wallet/1 68000', 'discount 3000', 'revenue -71000']

describe('The history of a payment', () => {
  test('begins with the order and numbers every message, over all attempts', async () => {
    const shop = await shopWithOrder()
    shop.messages.rule = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))
    await shop.pay(shop.orderId, 201)
    shop.messages.rule = () => 'deliver'
    await shop.pay(shop.orderId, 201)

    const history = await shop.history()
    expect(history).toMatchObject({ paymentId: shop.orderId, orderId: shop.orderId, complete: true })
    expect(history.entries.map(({ position }) => position)).toEqual(history.entries.map((_, at) => at + 1))
    expect(history.entries[0]).toMatchObject({ message: { type: 'CreateOrder' }, state: 'CREATED' })
    expect(history.entries.at(-1)).toMatchObject({ actor: `payment/${shop.orderId}`, state: 'completed' })
    expect(history.entries.filter(({ message }) => message.type === 'PayOrder')).toHaveLength(2)
    expect(await shop.history('/operator')).toEqual(history)
  })

  test('is complete also when the order was placed under an idempotency key', async () => {
    const shop = await openScenario()
    const body = { customerId: 1, items: [line(1012)] }
    const key = { 'Idempotency-Key': 'an-order-placed-once' }
    const { orderId } = (await shop.request('POST', '/orders', body, key)).body
    await shop.pay(orderId)
    expect((await shop.get(`/payments/${orderId}/history`)).body).toMatchObject({ complete: true })
  })

  test('says which message posted what, whether it was taken, undone or returned', async () => {
    const shop = await shopWithOrder()
    shop.messages.rule = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))
    await shop.pay(shop.orderId, 201)
    shop.messages.rule = () => 'deliver'
    await shop.pay(shop.orderId, 201)
    await shop.returnItems(shop.orderId)

    expect(told(await shop.history())).toEqual([
      ['DeductBalance', 'USE', '1/deductBalance', paid],
      ['RefundBalance', 'ROLLBACK', '1/refundBalance', undone],
      ['DeductBalance', 'USE', '2/deductBalance', paid],
      ['RefundReturn', 'REFUND', '2/refundReturn', undone],
    ])
  })

  test('has no posting of what was refused, nor of an undo of nothing', async () => {
    const shop = await shopWithOrder([line(1041, 3)])
    expect((await shop.pay(shop.orderId, 201)).body.code).toBe('BALANCE_INSUFFICIENT')
    const { ledger, entries } = await shop.history()
    expect(ledger).toEqual([])
    expect(entries.some(({ message }) => message.type === 'DeductBalance')).toBe(true)
  })

  test('holds only what may be shown: neither who waits nor under which key', async () => {
    const shop = await shopWithOrder()
    await shop.pay(shop.orderId, 201, { 'Idempotency-Key': 'a-key-that-is-not-shown' })
    const shown = JSON.stringify(await shop.history())
    expect(shown).not.toMatch(/payer|caller|"hash"|a-key-that/)
  })

  test('says that its beginning was dropped, and still tells the latest postings', async () => {
    const shop = await shopWithOrder()
    shop.messages.rule = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))
    await shop.pay(shop.orderId, 201)
    shop.messages.rule = () => 'deliver'
    await shop.pay(shop.orderId, 201)
    shop.database.exec(
      `DELETE FROM journal WHERE sequence < (SELECT max(sequence) FROM journal WHERE saga = 'order/${shop.orderId}')`,
    )

    const history = await shop.history()
    expect(history.complete).toBe(false)
    expect(told(history)).toEqual([
      [undefined, 'USE', '1/deductBalance', paid],
      [undefined, 'ROLLBACK', '1/refundBalance', undone],
      ['DeductBalance', 'USE', '2/deductBalance', paid],
    ])
  })

  test.each([
    ['an amount', `UPDATE ledger_lines SET amount = amount + 1 WHERE account = 'discount'`],
    ['that its lines are there', `DELETE FROM ledger_lines WHERE key LIKE '%deductBalance'`],
  ])('is not told when %s was altered on disk', async (_what, alter) => {
    const shop = await shopWithOrder()
    await shop.pay(shop.orderId, 201)
    shop.database.exec(`CREATE TABLE kept AS SELECT * FROM ledger_lines`)
    shop.database.exec(alter)
    expect(() => shop.questions.history(shop.orderId)).toThrow(Damaged)
    shop.database.exec(
      'DELETE FROM ledger_lines; INSERT INTO ledger_lines SELECT * FROM kept; DROP TABLE kept',
    )
  })
})
