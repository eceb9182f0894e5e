import { describe, expect, test } from 'vitest'
import { openSessionShop, password, type SessionShop } from '../support/session-shop.ts'

const windowMs = 10 * 60_000
const rowsOf = (shop: SessionShop, action: string) =>
  (shop.auditLog() as { action: string }[]).filter(row => row.action === action)

describe('The audit log', () => {
  test('has a row of every login, good or not, without what was typed', async () => {
    const shop = await openSessionShop()
    await shop.signUp('ada')
    const { customerId } = shop.questions.accountCalled('ada') ?? {}
    await shop.logIn('ada', 'my wrong password', '198.51.100.66')
    await shop.logIn('a password in the wrong field', password, '2001:db8::1')
    await shop.logIn('ADA', password, '203.0.113.7')
    const anonymous = { operator: 'anonymous', action: 'LogIn', outcome: 'LOGIN_FAILED' }
    expect(rowsOf(shop, 'LogIn')).toEqual([
      { ...anonymous, subject: `customer/${customerId}`, reason: 'from 198.51.100.66' },
      { ...anonymous, subject: 'customer/unknown', reason: 'from 2001:db8::1' },
      {
        operator: `ada (customer ${customerId})`,
        action: 'LogIn',
        subject: `customer/${customerId}`,
        reason: 'from 203.0.113.7',
        outcome: 'LoggedIn',
      },
    ])
    const { token } = (await shop.logIn('ada')).body
    const text = JSON.stringify(shop.auditLog())
    for (const secret of [password, 'my wrong password', 'a password in the wrong field', token]) {
      expect(text).not.toContain(secret)
    }
  })

  test('has a row of everybody who was turned away from what only the staff may do', async () => {
    const token = 'a-token-of-operators'
    const shop = await openSessionShop({ environment: { RECOUP_OPERATOR_TOKEN: token } })
    const ada = await shop.person('ada')
    await ada.get('/operator/payments')
    await shop.withToken(token).get('/customers/1')
    const denied = { reason: 'from unknown', outcome: 'FORBIDDEN' }
    expect(shop.auditLog()).toEqual(
      expect.arrayContaining([
        {
          ...denied,
          operator: `ada (customer ${ada.customerId})`,
          action: 'GET',
          subject: '/operator/payments',
        },
        { ...denied, operator: 'operator token', action: 'GET', subject: '/customers/1' },
      ]),
    )
    // Somebody else's things look like missing ones, which is no matter for the staff.
    const before = shop.auditLog().length
    await ada.get('/orders/1')
    await ada.get('/balances/1')
    expect(shop.auditLog()).toHaveLength(before)
  })

  test('has no line of its own for who has a line break in their name', async () => {
    const shop = await openSessionShop()
    // From before there were rules for names.
    const username = 'eve\r\n2026-01-01 boss made eve an administrator'
    await shop.ask(
      'customer/99',
      { type: 'CreateCustomer', customerId: 99, username },
      { correlationId: 'test' },
    )
    const account = shop.questions.account(99)
    if (account === undefined) throw new Error('There is no eve')
    await shop.accounts.givePassword(account, password)
    const { token } = (await shop.logIn(username)).body
    await shop.withToken(token).get('/operator/payments')
    await shop.withToken(token).get('/customers/1%0D%0Ax')
    const rows = shop.auditLog() as { operator: string; subject: string }[]
    expect(rows.length).toBeGreaterThan(1)
    expect(rows[0]?.operator).toBe('eve\\u{d}\\u{a}2026-01-01 boss made eve an administrator (customer 99)')
    expect(JSON.stringify(rows)).not.toMatch(/\\[rn]/)
  })

  test('grows by ten rows and a count in ten minutes, however many strangers come', async () => {
    const shop = await openSessionShop()
    for (let at = 0; at < 1_000; at += 1) {
      await shop.logIn(`name${at}`, 'not the password', `10.1.${at >> 8}.${at & 255}`)
    }
    expect(rowsOf(shop, 'LogIn')).toHaveLength(10)
    shop.clock.advance(windowMs)
    await new Promise(setImmediate)
    expect(rowsOf(shop, 'LogIn').slice(10)).toEqual([
      {
        operator: '*',
        action: 'LogIn',
        subject: '*',
        reason: '990 more within 10 minutes',
        outcome: 'LOGIN_FAILED',
      },
    ])
    await shop.logIn('name', 'not the password')
    expect(rowsOf(shop, 'LogIn')).toHaveLength(12)
  })

  test('counts the logins of each account by itself, and has the counts also after a stop', async () => {
    const shop = await openSessionShop()
    const ada = await shop.person('ada')
    await shop.signUp('bo')
    for (let time = 0; time < 12; time += 1) await shop.logIn('ada')
    await shop.logIn('bo')
    const rows = rowsOf(shop, 'LogIn') as unknown as { subject: string }[]
    expect(rows.filter(({ subject }) => subject === `customer/${ada.customerId}`)).toHaveLength(10)
    expect(rows).toHaveLength(11)
    const written: string[] = []
    const { database } = shop
    const auditLog = database.prepare('SELECT reason FROM audit_log ORDER BY sequence DESC LIMIT 1').pluck()
    const close = database.close.bind(database)
    database.close = () => {
      written.push(String(auditLog.get()))
      return close()
    }
    await shop.close()
    expect(written).toEqual(['3 more within 10 minutes'])
  })
})
