import { addressOf } from '../../runtime/envelope.ts'
import { storeActor } from '../store-actor.ts'
import type { CustomerCommand, CustomerReply } from './customer-messages.ts'

interface CustomerState {
  readonly customerId: number | null
  readonly username: string
}

/** Who buys. Creating a customer opens the balance; creating the same one again changes nothing. */
export const customer = storeActor<CustomerState, CustomerCommand>({
  kind: 'customer',
  version: 1,
  initial: { customerId: null, username: '' },
  on: {
    CreateCustomer(state, { customerId, username }, { emit }) {
      const known = state.customerId !== null
      emit.reply({
        message: {
          type: 'CustomerCreated',
          customerId,
          username: known ? state.username : username,
        } satisfies CustomerReply,
      })
      if (known) return undefined
      emit.send({ to: addressOf('balance', customerId), message: { type: 'OpenBalance', customerId } })
      return { customerId, username }
    },
  },
})
