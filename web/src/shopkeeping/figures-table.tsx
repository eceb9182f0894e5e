import { useText } from '../frame/language.tsx'
import { Moment } from '../parts/moment.tsx'
import { milliseconds, percent, perSecond } from './figure-words.ts'
import type { HealthFigures } from './health-figures.ts'
import { text } from './text.ts'

const rowsMax = 20

/** What the charts draw, in numbers: the newest first. */
export function FiguresTable({ figures }: { figures: readonly HealthFigures[] }) {
  const words = useText(text)
  const columns: readonly [string, (figure: HealthFigures) => string | null][] = [
    [words.paymentsPerSecond, figure => perSecond(figure.paymentsPerSecond)],
    [words.success, figure => written(figure.successRate, percent)],
    [words.compensated, figure => written(figure.compensationRate, percent)],
    ['p50', figure => written(figure.p50Ms, milliseconds)],
    ['p95', figure => written(figure.p95Ms, milliseconds)],
    ['p99', figure => written(figure.p99Ms, milliseconds)],
    [words.commits, figure => written(figure.commitP50Ms, milliseconds)],
  ]
  return (
    <details className="rounded-2xl border border-line bg-sheet p-4 sm:p-5">
      <summary className="font-semibold">{words.table}</summary>
      <section aria-label={words.table} className="mt-3 overflow-x-auto">
        <table className="w-full text-right text-sm tabular-nums">
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th scope="col" className="py-1.5 pr-3 text-left font-medium">
                {words.time}
              </th>
              {columns.map(([name]) => (
                <th key={name} scope="col" className="px-3 py-1.5 font-medium">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {figures
              .slice(-rowsMax)
              .toReversed()
              .map(figure => (
                <tr key={figure.at} className="border-b border-line last:border-0">
                  <th scope="row" className="py-1.5 pr-3 text-left font-normal">
                    <Moment at={new Date(figure.at).toISOString()} detail="millisecond" />
                  </th>
                  {columns.map(([name, read]) => (
                    <td key={name} className="px-3 py-1.5">
                      {read(figure) ?? '–'}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}

const written = (value: number | null, show: (value: number) => string) =>
  value === null ? null : show(value)
