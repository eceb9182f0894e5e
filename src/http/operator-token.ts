import { createHash, timingSafeEqual } from 'node:crypto'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Whether what was shown is the operators' token. Digests have one length, so comparing tells nothing about its own. */
export function isOperatorToken(shown: string | undefined, token: string | undefined): boolean {
  return token !== undefined && timingSafeEqual(digest(shown ?? ''), digest(token))
}
