import type { Rejected } from '../../refusal.ts'

/** What a customer may do beside buying. An administrator may do all that an operator may. */
export const roles = ['operator', 'administrator'] as const
export type Role = (typeof roles)[number]

/** A customer as others may know them; nothing of it is secret. */
export type Account = {
  customerId: number
  username: string
  roles: readonly Role[]
  /** Can neither log in nor go on with a session. */
  disabled: boolean
}

/** To `customer/<customerId>`. */
export type CustomerCommand =
  | { type: 'CreateCustomer'; customerId: number; username: string }
  | { type: 'SetRoles'; roles: readonly Role[] }
  | { type: 'DisableCustomer' }
  | { type: 'EnableCustomer' }

export type CustomerReply =
  | { type: 'CustomerCreated'; customerId: number; username: string }
  | ({ type: 'RolesSet' | 'CustomerDisabled' | 'CustomerEnabled' } & Account)
  | Rejected<'CreateCustomer' | 'SetRoles' | 'DisableCustomer' | 'EnableCustomer'>
