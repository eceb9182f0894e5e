import { refuse } from '../../refusal.ts'
import type { Incoming } from '../../runtime/actor.ts'
import { addressOf, idOf } from '../../runtime/envelope.ts'
import { usernameKey } from '../../username.ts'
import { storeActor } from '../store-actor.ts'
import type { Account, CustomerCommand, CustomerReply, Role } from './customer-messages.ts'

/*
 * Who buys, and what else they may do. No two customers have usernames of the same key. Passwords, profiles and sessions
 * are no part of it: what an actor is told and is goes into the journal, and those have to be secret or erasable.
 */

export interface CustomerState {
  /** Null until the customer is created. */
  readonly customerId: number | null
  readonly username: string
  readonly roles: readonly Role[]
  readonly disabled: boolean
}

const reply = (message: CustomerReply) => ({ message })

/** The customer as it is in this state; `undefined` before there is one. */
export function accountOf({ customerId, username, roles, disabled }: CustomerState): Account | undefined {
  return customerId === null ? undefined : { customerId, username, roles, disabled }
}

/** Changes an account that is there, and answers with what it then is. */
function change(
  answered: 'RolesSet' | 'CustomerDisabled' | 'CustomerEnabled',
  rejected: 'SetRolesRejected' | 'DisableCustomerRejected' | 'EnableCustomerRejected',
  state: CustomerState,
  { meta }: Incoming,
  { emit }: { emit: { reply(effect: { message: CustomerReply }): void } },
  changes: Partial<Pick<CustomerState, 'roles' | 'disabled'>>,
): CustomerState | undefined {
  const next = { ...state, ...changes }
  const account = accountOf(next)
  if (account === undefined) {
    const refusal = refuse('CUSTOMER_NOT_FOUND', { customerId: Number(idOf(meta.self)) })
    emit.reply(reply({ type: rejected, refusal }))
    return undefined
  }
  emit.reply(reply({ type: answered, ...account }))
  return JSON.stringify(next) === JSON.stringify(state) ? undefined : next
}

/** Creating a customer opens the balance; creating the same one again changes nothing. */
export const customer = storeActor<CustomerState, CustomerCommand>({
  kind: 'customer',
  version: 1,
  initial: { customerId: null, username: '', roles: [], disabled: false },
  needs(message) {
    const command = message as CustomerCommand
    if (command.type !== 'CreateCustomer') return undefined
    return { table: 'usernames', unique: usernameKey(command.username) }
  },
  on: {
    CreateCustomer(state, { customerId, username, meta }, { emit }) {
      if (state.customerId !== null) {
        emit.reply(reply({ type: 'CustomerCreated', customerId, username: state.username }))
        return undefined
      }
      if (meta.rowExists) {
        const refusal = refuse('USERNAME_TAKEN', { username })
        emit.reply(reply({ type: 'CreateCustomerRejected', refusal }))
        return undefined
      }
      const key = usernameKey(username)
      emit.append({
        table: 'usernames',
        row: { username_key: key, customer_id: customerId },
        unique: key,
      })
      emit.send({ to: addressOf('balance', customerId), message: { type: 'OpenBalance', customerId } })
      emit.reply(reply({ type: 'CustomerCreated', customerId, username }))
      return { ...state, customerId, username }
    },

    SetRoles(state, command, enqueue) {
      // In one order, so that the same roles are the same state.
      const roles = [...new Set(command.roles)].sort()
      return change('RolesSet', 'SetRolesRejected', state, command, enqueue, { roles })
    },

    DisableCustomer: (state, command, enqueue) =>
      change('CustomerDisabled', 'DisableCustomerRejected', state, command, enqueue, { disabled: true }),

    EnableCustomer: (state, command, enqueue) =>
      change('CustomerEnabled', 'EnableCustomerRejected', state, command, enqueue, { disabled: false }),
  },
})
