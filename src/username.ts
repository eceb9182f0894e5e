/*
 * What a customer is called. Two names that people, or their keyboards, cannot tell apart are one name, so whether a name
 * is taken is decided by its key and never by the name as it was typed.
 */

/** Counted in code points. */
export const usernameLengthMax = 50

/** Why nobody can be called that, as the end of a sentence; `undefined` when somebody can. */
export function usernameFault(username: string): string | undefined {
  if (username.trim() === '') return 'a name is needed that is not blank'
  if ([...username].length > usernameLengthMax) return `at most ${usernameLengthMax} characters are possible`
  if (username !== username.trim()) return 'a name neither begins nor ends with a space'
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(username)) return 'a name has no control characters'
  return undefined
}

/**
 * Compatible forms, cases and invisible characters make no difference: `Ａlice`, `ALICE` and `alice` share a key. It has
 * no `/`, so that it can name a row.
 */
export function usernameKey(username: string): string {
  const visible = username.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  // By way of the capitals, as ß and SS or the two small sigmas are one letter there.
  const folded = visible.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')
  return folded.replaceAll('%', '%25').replaceAll('/', '%2F')
}

/** A name in one line of a log: what could begin a line of its own, or hide, is written out. */
export function printableName(name: string): string {
  const shown = [...name].slice(0, 2 * usernameLengthMax).join('')
  return shown.replace(/[\p{C}\p{Z}\\]/gu, character =>
    character === ' ' ? ' ' : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
