import { useLanguage } from '../frame/language.tsx'
import { useSettings } from '../frame/settings.ts'

/** How the shop writes an amount in the minor unit of its currency. */
export function useMoney(): (amount: number) => string {
  const { language } = useLanguage()
  const { currency } = useSettings()
  const format = new Intl.NumberFormat(language, { style: 'currency', currency })
  const { maximumFractionDigits = 0 } = format.resolvedOptions()
  return amount => format.format(amount / 10 ** maximumFractionDigits)
}

/** An amount in the minor unit. `signed` shows a plus too. */
export function Money({ amount, signed = false }: { amount: number | null; signed?: boolean }) {
  const money = useMoney()
  if (amount === null) return <span className="text-muted">–</span>
  return (
    <span className="whitespace-nowrap tabular-nums">
      {signed && amount > 0 ? '+' : ''}
      {money(amount)}
    </span>
  )
}
