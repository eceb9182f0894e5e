import { useText } from '../frame/language.tsx'
import { useProblemSentence } from '../parts/notice.tsx'
import { text } from './text.ts'

/** One sentence about what the shop refused, in the visitor's language. */
export function useShopSentence(): (error: unknown) => string {
  return useProblemSentence(useText(text).problems)
}

/** The same about the failure of a payment, which is told as data; the server's own sentence where we have none. */
export function useFailureSentence(): (failure: { code: string; detail: string }) => string {
  const problems: Readonly<Record<string, string>> = useText(text).problems
  return ({ code, detail }) => problems[code] ?? detail
}
