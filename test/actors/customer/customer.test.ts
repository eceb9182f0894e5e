import { describe, expect, it } from 'vitest'
import { balance } from '../../../src/actors/balance/balance.ts'
import { customer } from '../../../src/actors/customer/customer.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { everyRow, openTestRuntime } from '../../runtime/open-test-runtime.ts'

const create = { type: 'CreateCustomer', customerId: 11, username: 'alice' }
const created = { type: 'CustomerCreated', customerId: 11, username: 'alice' }
const open = () => openTestRuntime({ actors: [erased(customer), erased(balance)] })

describe('CreateCustomer', () => {
  it('makes the customer and opens the balance', async () => {
    const { run, stored } = open()
    expect(await run('customer/11', create)).toEqual(created)
    expect(stored('customer/11')).toEqual({ customerId: 11, username: 'alice' })
    expect(stored('balance/11')).toEqual({ customerId: 11, amount: 0 })
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
