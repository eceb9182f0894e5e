import type { Role } from '../../actors/customer/customer-messages.ts'
import type { Shop } from '../shop.ts'
import { createAccount, grantRole } from '../staff-account.ts'

interface DemoAccount {
  readonly username: string
  readonly password: string
  readonly role?: Role
}

/** Who can log in to the demo. Everybody knows these passwords, so the shop they are in is served on loopback alone. */
export const demoAccounts = {
  customer: { username: 'minji', password: 'linen shirts dry in the wind' },
  operator: { username: 'demo-operator', password: 'every payment comes to an end', role: 'operator' },
  administrator: {
    username: 'demo-administrator',
    password: 'somebody has to hold the keys',
    role: 'administrator',
  },
} as const satisfies Record<string, DemoAccount>

/** The same, each with the role it is known by. */
export const demoAccountList = Object.entries(demoAccounts).map(([role, { username, password }]) => ({
  role: role as keyof typeof demoAccounts,
  username,
  password,
}))

/** Gives the demo's people their passwords and roles, and makes those who are not there. */
export async function makeDemoAccounts(shop: Shop): Promise<void> {
  for (const { username, password, role } of Object.values<DemoAccount>(demoAccounts)) {
    const account = await createAccount(shop, username, password)
    if (role !== undefined) await grantRole(shop, account, role, 'recoup demo')
  }
}

/** Whether somebody can log in here with a password that everybody knows. */
export function hasDemoAccounts({ questions, accounts }: Pick<Shop, 'accounts' | 'questions'>): boolean {
  const staff = questions.accountCalled(demoAccounts.administrator.username)
  return staff !== undefined && accounts.hasPassword(staff.customerId)
}
