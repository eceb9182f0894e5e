import { useLanguage } from '../frame/language.tsx'
import { useSettings } from '../frame/settings.ts'
import { duration } from '../parts/moment.tsx'
import { useMoney } from '../parts/money.tsx'
import type { Written } from './plain-sentence.ts'

/** A moment as near as this is told to the second. */
const secondsMatterMs = 120_000

/** How the visitor has amounts, times and lengths of time written out in a sentence. */
export function useWritten(): Written {
  const money = useMoney()
  const { language } = useLanguage()
  const { timeZone } = useSettings()
  const shape = { timeZone, hourCycle: 'h23' } as const
  const minute = new Intl.DateTimeFormat(language, { ...shape, timeStyle: 'short' })
  const second = new Intl.DateTimeFormat(language, { ...shape, timeStyle: 'medium' })
  return {
    money,
    duration: ms => duration(Math.floor(ms / 1_000) * 1_000, language),
    time(at) {
      const when = new Date(at)
      return (Math.abs(when.getTime() - Date.now()) < secondsMatterMs ? second : minute).format(when)
    },
  }
}
