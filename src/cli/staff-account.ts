import type { AccountFault } from '../actors/customer/accounts.ts'
import type { Account, CustomerCommand, CustomerReply, Role } from '../actors/customer/customer-messages.ts'
import { addressOf } from '../runtime/envelope.ts'
import type { Shop } from './shop.ts'

/** An account cannot be made or used like that; one sentence says why. */
export class AccountRefused extends Error {
  override name = 'AccountRefused'
}

type AccountShop = Pick<Shop, 'accounts' | 'ask' | 'questions'>

/** The account of this name with this password: a new one, or one that had no password yet. Rejects with `AccountRefused`. */
export async function createAccount(
  { accounts, ask, questions }: AccountShop,
  username: string,
  password: string,
): Promise<Account> {
  const known = questions.accountCalled(username)
  if (known !== undefined) {
    const fault = await accounts.givePassword(known, password)
    if (fault !== undefined) throw new AccountRefused(sentenceOf(fault))
    return known
  }
  const made = await accounts.signUp(username, password)
  if (!('command' in made)) throw new AccountRefused(sentenceOf(made))
  const { command } = made
  const reply = await ask(addressOf('customer', command.customerId), command, { correlationId: 'recoup' })
  if (reply.type !== 'CustomerCreated') throw new AccountRefused(`${username} is taken.`)
  return { customerId: command.customerId, username, roles: [], disabled: false }
}

/** Adds a role to those of the account; the audit log says by which command. */
export async function grantRole(
  { ask }: Pick<AccountShop, 'ask'>,
  { customerId, roles }: Account,
  role: Role,
  command: string,
): Promise<void> {
  const message: CustomerCommand = { type: 'SetRoles', roles: [...roles, role] }
  const operator = { name: command, reason: `the role ${role} was asked for on the command line` }
  const reply = await ask(addressOf('customer', customerId), message, { correlationId: 'recoup', operator })
  if ((reply as CustomerReply).type !== 'RolesSet')
    throw new Error(`SetRoles was answered with ${reply.type}`)
}

function sentenceOf(fault: AccountFault): string {
  if ('refusal' in fault) return 'This username is taken.'
  return `This ${fault.field} cannot be used: ${fault.reason}.`
}
