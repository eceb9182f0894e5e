import { useLanguage } from '../frame/language.tsx'
import { useSettings } from '../frame/settings.ts'
import { duration } from '../parts/moment.tsx'
import { useMoney } from '../parts/money.tsx'
import type { Written } from './plain-sentence.ts'

/** How the visitor has amounts, times and lengths of time written out in a sentence. */
export function useWritten(): Written {
  const money = useMoney()
  const { language } = useLanguage()
  const { timeZone } = useSettings()
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone, hourCycle: 'h23' })
  return {
    money,
    duration: ms => duration(Math.floor(ms / 1_000) * 1_000, language),
    time: at => time.format(new Date(at)),
  }
}
