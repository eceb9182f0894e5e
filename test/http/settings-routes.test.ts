import { describe, expect, it } from 'vitest'
import { createFaultsOnPurpose } from '../../src/actors/payment/faults-on-purpose.ts'
import { client } from './fake-client.ts'

describe('GET /settings', () => {
  it('tells pages of the server, to everybody', async () => {
    const { status, body } = await client().get('/settings')
    expect(status).toBe(200)
    expect(body).toMatchObject({ currency: 'KRW', timeZone: 'Asia/Seoul', auth: 'gateway', demo: null })
  })

  it('tells whether steps can be made to fail on purpose', async () => {
    const { body } = await client({ faultsOnPurpose: createFaultsOnPurpose() }).get('/settings')
    expect(body).toMatchObject({ demo: { accounts: [], faults: true } })
  })

  it('tells the accounts of a demo, and of nothing else', async () => {
    const account = { role: 'operator' as const, username: 'demo-operator', password: 'known to all' }
    const { body } = await client({ demoAccounts: () => [account] }).get('/settings')
    expect(body).toMatchObject({ demo: { accounts: [account], faults: false } })
  })
})
