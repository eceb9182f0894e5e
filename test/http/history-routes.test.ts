import { describe, expect, test } from 'vitest'
import type { PaymentHistory } from '../../src/actors/questions.ts'
import { gatewayAuthentication } from '../../src/http/gateway-authentication.ts'
import { client } from './fake-client.ts'
import { newYear, paymentSummary } from './fake-dependencies.ts'

const newYearText = '2026-01-01T00:00:00.000Z'

const history: PaymentHistory = {
  paymentId: 7001,
  orderId: 7001,
  complete: true,
  entries: [
    {
      position: 1,
      sequence: 12,
      actor: 'balance/1001',
      transition: 3,
      at: newYear,
      messageId: 'a-2',
      causationId: 'a-1',
      from: 'payment/7001',
      message: { type: 'DeductBalance', originalPrice: 80_000, discountAmount: 0 },
      state: null,
      patch: [[['amount'], 70_000], [['gone']]],
    },
  ],
  ledger: [
    {
      position: 1,
      key: '7001/1/deductBalance',
      changeType: 'USE',
      at: newYear,
      lines: [
        { account: 'wallet/1001', amount: -80_000, totalAfter: 70_000 },
        { account: 'revenue', amount: 80_000, totalAfter: null },
      ],
    },
  ],
  events: [{ sequence: 2, type: 'OrderPaymentBegun', status: 'PAYING', at: newYear, body: { attempt: 1 } }],
  charts: { payment: '1', order: '1' },
}

const token = 'a-token-of-operators'
const authenticate = gatewayAuthentication(token)
const questions = { history: () => history }
const operator = { Authorization: `Bearer ${token}` }
const missing = { status: 404, body: { code: 'PAYMENT_NOT_FOUND' } }

describe.each(['/payments', '/operator/payments'])('GET %s/{id}/history', path => {
  test('tells every entry and every posting, with their times as text', async () => {
    const [entry, posting, event] = [history.entries[0], history.ledger[0], history.events[0]]
    expect((await client({ questions, authenticate }).get(`${path}/7001/history`, operator)).body).toEqual({
      ...history,
      entries: [{ ...entry, at: newYearText }],
      ledger: [{ ...posting, at: newYearText }],
      events: [{ ...event, at: newYearText }],
    })
  })

  test('of nothing is not there', async () => {
    expect(await client({ questions, authenticate }).get(`${path}/7002/history`, operator)).toMatchObject({
      ...missing,
      body: { code: 'PAYMENT_NOT_FOUND', paymentId: 7002 },
    })
  })
})

describe('GET /payments/{id}/history of another customer', () => {
  test('is not there, also while the payment does not know whose it is', async () => {
    const headers = { 'X-Customer-Id': '1002' }
    const young = client({
      questions: { ...questions, payment: id => paymentSummary(id, { customerId: null }) },
    })
    expect(await client({ questions }).get('/payments/7001/history', headers)).toMatchObject(missing)
    expect(await young.get('/payments/7001/history', headers)).toMatchObject(missing)
  })
})
