import { describe, expect, it } from 'vitest'
import { balance } from '../../../src/actors/balance/balance.ts'
import { customer } from '../../../src/actors/customer/customer.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { everyRow, openTestRuntime } from '../../runtime/open-test-runtime.ts'

const create = { type: 'CreateCustomer', customerId: 11, username: 'alice' }
const created = { type: 'CustomerCreated', customerId: 11, username: 'alice' }
const open = () => openTestRuntime({ actors: [erased(customer), erased(balance)] })

const account = { customerId: 11, username: 'alice', roles: [], disabled: false }

describe('CreateCustomer', () => {
  it('makes the customer and opens the balance', async () => {
    const { run, stored } = open()
    expect(await run('customer/11', create)).toEqual(created)
    expect(stored('customer/11')).toEqual(account)
    expect(stored('balance/11')).toEqual({ customerId: 11, amount: 0 })
  })

  it.each(['alice', 'ALICE', 'Ａlice'])(
    'refuses %s where there is an alice, also after a restart',
    async username => {
      const first = open()
      await first.run('customer/11', create)
      const refused = {
        type: 'CreateCustomerRejected',
        refusal: { code: 'USERNAME_TAKEN', facts: { username } },
      }
      const again = { ...create, customerId: 12, username }
      expect(await first.run('customer/12', again)).toEqual(refused)
      const second = first.crash()
      expect(await second.run('customer/12', again)).toEqual(refused)
      expect(second.stored('customer/12')).toBeUndefined()
      expect(second.stored('balance/12')).toBeUndefined()
    },
  )

  it('lets one of two have a name that both want at once', async () => {
    const { run, stored } = open()
    const replies = await Promise.all([
      run('customer/11', create),
      run('customer/12', { ...create, customerId: 12, username: 'Alice' }),
    ])
    expect(replies).toMatchObject([created, { type: 'CreateCustomerRejected' }])
    expect(stored('customer/12')).toBeUndefined()
  })

  it('repeated answers the same and leaves no row, also after a restart', async () => {
    const first = open()
    await first.run('customer/11', create)
    const before = everyRow(first.database)
    const second = first.crash()
    expect(await second.run('customer/11', { ...create, username: 'bob' })).toEqual(created)
    expect(everyRow(second.database)).toEqual(before)
  })
})

describe('SetRoles', () => {
  it('puts these in place of those before, each once and in order', async () => {
    const { run, stored } = open()
    await run('customer/11', create)
    const roles = ['operator', 'administrator', 'operator']
    expect(await run('customer/11', { type: 'SetRoles', roles })).toEqual({
      type: 'RolesSet',
      ...account,
      roles: ['administrator', 'operator'],
    })
    await run('customer/11', { type: 'SetRoles', roles: [] })
    expect(stored('customer/11')).toEqual(account)
  })

  it('repeated answers the same and leaves no row', async () => {
    const { run, database } = open()
    await run('customer/11', create)
    const answer = await run('customer/11', { type: 'SetRoles', roles: ['operator'] })
    const before = everyRow(database)
    expect(await run('customer/11', { type: 'SetRoles', roles: ['operator'] })).toEqual(answer)
    expect(everyRow(database)).toEqual(before)
  })
})

describe('DisableCustomer', () => {
  it('disables, and EnableCustomer enables again, also after a restart', async () => {
    const first = open()
    await first.run('customer/11', create)
    expect(await first.run('customer/11', { type: 'DisableCustomer' })).toEqual({
      type: 'CustomerDisabled',
      ...account,
      disabled: true,
    })
    const second = first.crash()
    expect(second.stored('customer/11')).toEqual({ ...account, disabled: true })
    expect(await second.run('customer/11', { type: 'EnableCustomer' })).toEqual({
      type: 'CustomerEnabled',
      ...account,
    })
  })
})

describe('A customer who is not there', () => {
  it.each(['SetRoles', 'DisableCustomer', 'EnableCustomer'])('refuses %s and stays away', async type => {
    const { run, stored } = open()
    expect(await run('customer/11', { type, roles: ['operator'] })).toEqual({
      type: `${type}Rejected`,
      refusal: { code: 'CUSTOMER_NOT_FOUND', facts: { customerId: 11 } },
    })
    expect(stored('customer/11')).toBeUndefined()
  })
})
