import type { Role } from '../actors/customer/customer-messages.ts'
import { roles } from '../actors/customer/customer-messages.ts'
import { ConfigInvalid } from '../config.ts'
import { type Arguments, type Command, configOf } from './command.ts'
import { pipedPassword, promptedPassword } from './prompted-password.ts'
import type { Terminal } from './shop.ts'
import { createAccount, grantRole } from './staff-account.ts'

const usage =
  'recoup admin create USERNAME [--role administrator|operator] [--password-stdin] [--data recoup-data]'

export const adminCommand: Command = {
  summary: 'Makes an administrator or operator, or makes one of an account; the server must be stopped.',
  usage,
  options: {
    role: { type: 'string' },
    'password-stdin': { type: 'boolean' },
    data: { type: 'string' },
  },
  positionals: 2,
  async run(given, terminal) {
    const [verb = '', username = ''] = given.positionals
    if (verb !== 'create') throw new ConfigInvalid(`Usage: ${usage}`)
    const role = roleOf(given)
    const config = configOf(given, terminal)
    const shop = terminal.openShop(config)
    try {
      const known = shop.questions.accountCalled(username)
      const hasPassword = known !== undefined && shop.accounts.hasPassword(known.customerId)
      const account =
        known !== undefined && hasPassword
          ? known
          : await createAccount(shop, username, await passwordFor(username, given, terminal))
      await grantRole(shop, account, role, 'recoup admin create')
      const { customerId } = account
      terminal.out(
        hasPassword
          ? `${account.username}, customer ${customerId}, is now ${role} too; the password is the one they have`
          : `${account.username}, customer ${customerId}, can log in as ${role}`,
      )
    } finally {
      await shop.close()
    }
    return 0
  },
}

function roleOf({ values }: Arguments): Role {
  const given = values['role'] ?? 'administrator'
  const role = roles.find(known => known === given)
  if (role !== undefined) return role
  throw new ConfigInvalid(`--role must be ${roles.join(' or ')}; it is ${JSON.stringify(given)}.`)
}

function passwordFor(
  username: string,
  { values }: Arguments,
  { input, errorStream }: Terminal,
): Promise<string> {
  if (values['password-stdin']) return pipedPassword(input)
  errorStream.write(`A new password for ${username}, of 8 characters or more.\n`)
  return promptedPassword(input, errorStream)
}
