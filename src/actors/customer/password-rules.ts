import { usernameKey } from '../../username.ts'
import { isCommonPassword } from './blocked-passwords.ts'

/** Counted in code points of the normalised password. Longer is better than stranger, so no kinds are asked for. */
export const passwordLengthMin = 8
export const passwordLengthMax = 128

/** Compatible forms of a character are one: keyboards and systems differ in which of them they send. */
export function normalisedPassword(password: string): string {
  return password.normalize('NFKC')
}

/** Why this cannot be the password of `username`, as the end of a sentence; `undefined` when it can. */
export function passwordFault(password: string, username: string): string | undefined {
  if (!password.isWellFormed()) return 'it holds half a character'
  const normalised = normalisedPassword(password)
  const { length } = [...normalised]
  if (length < passwordLengthMin) return `at least ${passwordLengthMin} characters are needed`
  if (length > passwordLengthMax) return `at most ${passwordLengthMax} characters are possible`
  if (isCommonPassword(normalised)) return 'this is one of the passwords that are tried first'
  if (usernameKey(normalised).includes(usernameKey(username)) && isMostly(username, normalised)) {
    return 'it is hardly more than the username'
  }
  return undefined
}

/** A short name may well be part of a long sentence. */
function isMostly(username: string, password: string): boolean {
  return [...password].length - [...username].length < passwordLengthMin / 2
}
