import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useLanguage } from '../frame/language.tsx'
import { useSettings } from '../frame/settings.ts'

export interface Line {
  readonly label: string
  /** A variable of the theme. */
  readonly colour: '--accent' | '--undo' | '--info' | '--danger'
  readonly dash?: readonly number[]
  readonly values: readonly (number | null)[]
}

const heightPx = 160

/** Lines over time; what they say stands beside it in words too, since a canvas can be read by nobody but eyes. */
export function LiveChart({
  at,
  lines,
  atLeast = 1,
  show,
}: {
  /** Milliseconds since 1970. */
  at: readonly number[]
  lines: readonly Line[]
  /** The scale reaches to here at least. */
  atLeast?: number
  show(value: number): string
}) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const { language } = useLanguage()
  const { timeZone } = useSettings()
  const theme = document.documentElement.dataset['theme']
  const names = lines.map(({ label }) => label).join()

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew for another theme or language; what it shows is set below.
  useEffect(() => {
    const box = place.current
    if (box === null) return
    const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name)
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px sans-serif',
    }
    const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium', timeZone })
    const made = new uPlot(
      {
        width: box.clientWidth,
        height: heightPx,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_plot, _least, most) => [0, Math.max(most, atLeast) * 1.1] } },
        axes: [
          {
            ...axis,
            space: 80,
            values: (_plot, splits) => splits.map(second => time.format(second * 1_000)),
          },
          { ...axis, size: 64, values: (_plot, splits) => splits.map(show) },
        ],
        series: [
          {},
          ...lines.map(({ label, colour: name, dash }) => ({
            label,
            stroke: colour(name),
            width: 2,
            spanGaps: true,
            points: { show: false },
            ...(dash && { dash: [...dash] }),
          })),
        ],
      },
      [[], ...lines.map(() => [])],
      box,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height: heightPx }))
    observer.observe(box)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [theme, language, names])

  useEffect(() => {
    plot.current?.setData([at.map(ms => ms / 1_000), ...lines.map(({ values }) => [...values])])
  }, [at, lines])

  return <div ref={place} aria-hidden="true" className="w-full" />
}
