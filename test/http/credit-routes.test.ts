import { describe, expect, test } from 'vitest'
import type { StaffCreditSummary } from '../../src/actors/operator/staff-credit-messages.ts'
import { client } from './fake-client.ts'
import { fakeDependencies, newYear, type Overrides } from './fake-dependencies.ts'

const summary: StaffCreditSummary = {
  ...{ creditId: 8001, customerId: 1001, amount: 5_000, reason: 'A gift.', status: 'CREDITED' },
  ...{ proposedBy: { id: 7, name: 'minji' }, proposedAt: newYear, decidedBy: null },
}
const shown = {
  ...{ creditId: 8001, customerId: 1001, amount: 5_000, reason: 'A gift.', status: 'CREDITED' },
  ...{ proposedBy: 'minji', proposedAt: '2026-01-01T00:00:00.000Z', decidedBy: null },
}
const body = { amount: 5_000, reason: 'A gift.' }

function desk(overrides: Overrides = {}, namedStaff = true) {
  const { settings, operatorQuestions } = fakeDependencies()
  return client({
    authenticate: () => ({ customerId: 7, name: 'minji' }),
    settings: { ...settings, namedStaff },
    operatorQuestions: { ...operatorQuestions, credit: id => (id === 8001 ? summary : undefined) },
    ...overrides,
  })
}

describe('POST /operator/customers/{id}/credit', () => {
  test('says who proposes, and answers with the credit', async () => {
    const { send, dependencies } = desk({ reply: () => ({ type: 'CreditGiven', ...summary }) })
    expect(await send('POST', '/operator/customers/1001/credit', body)).toMatchObject({
      status: 201,
      body: shown,
    })
    expect(dependencies.asked).toMatchObject([
      {
        to: 'staffCredit/9001',
        correlationId: 'staffCredit/9001',
        message: {
          type: 'ProposeCredit',
          ...{ creditId: 9001, customerId: 1001, amount: 5_000, reason: 'A gift.', approvalLimit: 100_000 },
          by: { id: 7, name: 'minji' },
        },
      },
    ])
  })

  test('answers 202 with the place where the proposal is, when it waits for somebody else', async () => {
    const { send } = desk({ reply: () => ({ type: 'CreditProposed', ...summary, status: 'PROPOSED' }) })
    const answer = await send('POST', '/operator/customers/1001/credit', { ...body, amount: 200_000 })
    expect(answer).toMatchObject({ status: 202, body: { status: 'PROPOSED' } })
    expect(answer.headers.get('location')).toBe('/operator/credits/8001')
  })

  test('is refused above the limit where all operators show one token, and is not below it', async () => {
    const { send, dependencies } = desk({ reply: () => ({ type: 'CreditGiven', ...summary }) }, false)
    const credit = (amount: number) => send('POST', '/operator/customers/1001/credit', { ...body, amount })
    expect(await credit(100_001)).toMatchObject({
      status: 403,
      body: { code: 'CREDIT_NEEDS_NAMES', approvalLimit: 100_000 },
    })
    expect(dependencies.asked).toEqual([])
    expect((await credit(100_000)).status).toBe(201)
    expect(dependencies.asked).toMatchObject([{ message: { by: { id: null, name: 'minji' } } }])
  })

  test.each([
    [{ ...body, amount: 0 }, 400],
    [{ ...body, amount: 1_000_000_001 }, 400],
    [{ ...body, reason: ' ' }, 400],
    [{ amount: 5 }, 400],
    [{ ...body, by: { id: 8 } }, 400],
    [{ ...body, approvalLimit: 1_000_000 }, 400],
  ])('refuses %j', async (wrong, status) => {
    const { send, dependencies } = desk()
    expect((await send('POST', '/operator/customers/1001/credit', wrong)).status).toBe(status)
    expect(dependencies.asked).toEqual([])
  })

  test('does not know a customer who is not there', async () => {
    expect(await desk().send('POST', '/operator/customers/5/credit', body)).toMatchObject({
      status: 404,
      body: { code: 'CUSTOMER_NOT_FOUND' },
    })
  })
})

describe('a credit that waits', () => {
  test.each([
    ['approve', { type: 'ApproveCredit', reason: 'Yes.' }, 'CreditGiven'],
    ['decline', { type: 'DeclineCredit' }, 'CreditDeclined'],
  ])('is decided by whoever asks: %s', async (operation, message, type) => {
    const { send, dependencies } = desk({ reply: () => ({ type, ...summary }) })
    const answer = await send('POST', `/operator/credits/8001/${operation}`, { reason: 'Yes.' })
    expect(answer).toMatchObject({ status: 200, body: shown })
    expect(dependencies.asked).toMatchObject([
      { to: 'staffCredit/8001', message: { ...message, by: { id: 7, name: 'minji' } } },
    ])
    expect((await send('POST', `/operator/credits/1/${operation}`, { reason: 'Yes.' })).status).toBe(404)
  })

  test('may not be approved by its proposer', async () => {
    const refusal = { code: 'CREDIT_SELF_APPROVAL', facts: { creditId: 8001 } }
    const { send } = desk({ reply: () => ({ type: 'ApproveCreditRejected', refusal }) })
    expect(await send('POST', '/operator/credits/8001/approve', { reason: 'Mine.' })).toMatchObject({
      status: 403,
      body: { code: 'CREDIT_SELF_APPROVAL', creditId: 8001 },
    })
  })

  test('is shown, alone and in the list', async () => {
    const { operatorQuestions } = fakeDependencies()
    const { get } = desk({
      operatorQuestions: {
        ...operatorQuestions,
        openCredits: () => ({ items: [summary] }),
        credit: () => summary,
      },
    })
    expect((await get('/operator/credits')).body).toEqual([shown])
    expect((await get('/operator/credits/8001')).body).toEqual(shown)
  })
})
