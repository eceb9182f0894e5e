import { type Refusal, refuse } from '../../refusal.ts'
import type { AuditEntry } from '../../runtime/store.ts'
import { usernameFault } from '../../username.ts'
import type { Questions } from '../questions.ts'
import type { AccountRows, Profile } from './account-rows.ts'
import type { Account, CustomerCommand } from './customer-messages.ts'
import { HashingQueue } from './hashing-queue.ts'
import { hashOfNothing, hashParameters, hashPassword, isOutdated, isPasswordOf } from './password-hash.ts'
import { passwordFault } from './password-rules.ts'

/*
 * Who is who: the passwords of customers, and what follows from knowing one. A password is hashed here and goes no
 * further; the customer's actor is never told of it. A name that nobody has costs the same work as a wrong password.
 */

/** Why an account cannot be made or changed like that. */
export type AccountFault =
  | { readonly field: 'username' | 'password'; readonly reason: string }
  | { readonly refusal: Refusal }

/** Somebody who has shown their password. */
export interface LoggedIn {
  readonly account: Account
  /** Read before the password was compared: one that is changed meanwhile ends this session too. */
  readonly sessionEpoch: number
}

const emptyProfile: Profile = { displayName: null, email: null, phone: null }

interface Needed {
  questions: Pick<Questions, 'account' | 'accountCalled'>
  rows: AccountRows
  newId(): number
  /** So many bytes from the CSPRNG. */
  random(bytes: number): Buffer
  parameters?: typeof hashParameters
  /** How many passwords are hashed at once, and how many may wait. */
  limits?: { atOnceMax: number; waitingMax: number }
}

export function createAccounts({
  questions,
  rows,
  newId,
  random,
  parameters = hashParameters,
  limits = { atOnceMax: 2, waitingMax: 16 },
}: Needed) {
  const queue = new HashingQueue(limits)
  const nothing = hashOfNothing(parameters)
  const hash = (password: string) => queue.run(() => hashPassword(password, random, parameters))

  /** Whether the password is theirs. With nobody, or nobody who has one, it takes as long and is not. */
  async function isTheirs(account: Account | undefined, password: string): Promise<number | undefined> {
    const credentials = account && rows.credentials(account.customerId)
    const stored = credentials?.passwordHash ?? nothing
    const matches = await queue.run(() => isPasswordOf(stored, password))
    if (!matches || account === undefined || credentials === undefined) return undefined
    if (isOutdated(stored, parameters)) {
      await rows.rehash(account.customerId, stored, await hash(password))
    }
    return credentials.sessionEpoch
  }

  return {
    /**
     * The command that makes the customer, once their password is kept. What can be refused before that is.
     * Rejects with `HashingOverloaded`.
     */
    async signUp(
      username: string,
      password: string,
      profile: Profile = emptyProfile,
    ): Promise<{ command: CustomerCommand & { type: 'CreateCustomer' } } | AccountFault> {
      const nameFault = usernameFault(username)
      if (nameFault !== undefined) return { field: 'username', reason: nameFault }
      const reason = passwordFault(password, username)
      if (reason !== undefined) return { field: 'password', reason }
      // The actor decides; this only saves the work.
      if (questions.accountCalled(username) !== undefined)
        return { refusal: refuse('USERNAME_TAKEN', { username }) }
      const customerId = newId()
      await rows.add(customerId, await hash(password), profile)
      return { command: { type: 'CreateCustomer', customerId, username } }
    },

    /** Gives a customer who was made without one a password. */
    async givePassword(
      { customerId, username }: Account,
      password: string,
    ): Promise<AccountFault | undefined> {
      const reason = passwordFault(password, username)
      if (reason !== undefined) return { field: 'password', reason }
      await rows.add(customerId, await hash(password), rows.profile(customerId))
      return undefined
    },

    /** Who that is, if the password is theirs and they may. Rejects with `HashingOverloaded`. */
    async logIn(username: string, password: string): Promise<LoggedIn | undefined> {
      const account = questions.accountCalled(username)
      const sessionEpoch = await isTheirs(account, password)
      if (account === undefined || sessionEpoch === undefined) return undefined
      // They may have been disabled while the password was compared.
      return questions.account(account.customerId)?.disabled === false ? { account, sessionEpoch } : undefined
    },

    /**
     * Puts another password in the place of the current one and ends every session. Resolves with `WRONG` when the
     * current one is not theirs. Rejects with `HashingOverloaded`.
     */
    async changePassword(
      customerId: number,
      passwords: { current: string; next: string },
      audit: AuditEntry,
    ): Promise<AccountFault | 'WRONG' | 'CHANGED'> {
      const account = questions.account(customerId)
      const reason = passwordFault(passwords.next, account?.username ?? '')
      if (reason !== undefined) return { field: 'password', reason }
      if ((await isTheirs(account, passwords.current)) === undefined) return 'WRONG'
      await rows.changePassword(customerId, await hash(passwords.next), audit)
      return 'CHANGED'
    },

    profile: rows.profile,
    changeProfile: rows.changeProfile,
    endSessions: rows.endSessions,
    /** Sessions of an earlier epoch have ended. */
    sessionEpoch: (customerId: number) => rows.credentials(customerId)?.sessionEpoch,
    hasPassword: (customerId: number) => rows.credentials(customerId) !== undefined,
  }
}

export type Accounts = ReturnType<typeof createAccounts>
