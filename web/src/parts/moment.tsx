import { useLanguage } from '../frame/language.tsx'
import { useSettings } from '../frame/settings.ts'

type Detail = 'date' | 'minute' | 'millisecond'

const shapes: Record<Detail, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: 'medium' },
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  millisecond: {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  },
}

/** A moment in the shop's time zone; `at` as ISO 8601. */
export function Moment({ at, detail = 'minute' }: { at: string | null; detail?: Detail }) {
  const { language } = useLanguage()
  const { timeZone } = useSettings()
  if (at === null) return <span className="text-muted">–</span>
  const format = new Intl.DateTimeFormat(language, { ...shapes[detail], timeZone })
  return (
    <time dateTime={at} title={at} className="whitespace-nowrap tabular-nums">
      {format.format(new Date(at))}
    </time>
  )
}

/** So long, in the one or two units that matter: `3 min 5 s`. */
export function duration(ms: number, language: string): string {
  const parts: [number, string][] =
    ms < 1_000
      ? [[Math.round(ms), 'millisecond']]
      : [
          [Math.floor(ms / 86_400_000), 'day'],
          [Math.floor(ms / 3_600_000) % 24, 'hour'],
          [Math.floor(ms / 60_000) % 60, 'minute'],
          [Math.floor(ms / 1_000) % 60, 'second'],
        ]
  const first = parts.findIndex(([amount]) => amount > 0)
  return parts
    .slice(Math.max(first, 0), Math.max(first, 0) + 2)
    .filter(([amount], place) => amount > 0 || place === 0)
    .map(([amount, unit]) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(amount),
    )
    .join(' ')
}
