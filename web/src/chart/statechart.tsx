import { useEffect, useRef, useState } from 'react'
import { useText } from '../frame/language.tsx'
import { Button } from '../parts/button.tsx'
import { type Chart, ChartDrawing } from './chart-drawing.tsx'
import { text } from './text.ts'

const zoomStep = 1.25
const zoomMin = 0.3
const zoomMax = 4
/** Of its own size, below which its words cannot be read, from afar or at hand: a narrow page scrolls it instead. */
const legible = { page: 0.68, phone: 0.8 }

/** A statechart to be looked at: where the machine is, which way it came, and what each state is about. */
export function Statechart({
  chart,
  lit,
  visits,
  taken,
}: {
  chart: Chart
  /** The states it is in, as `paying.claimingOrder`; those around them count too. */
  lit: readonly string[]
  /** How often each state was entered. */
  visits: ReadonlyMap<string, number>
  /** Ids of the transitions that were taken. */
  taken: ReadonlySet<string>
}) {
  const words = useText(text)
  const [chosen, choose] = useState<string>()
  /** Of the width there is, or of what can be read where that is more. */
  const [zoom, setZoom] = useState(1)
  const frame = useRef<HTMLElement>(null)
  const here = lit.at(-1)

  // Where the picture is wider than its frame, what is lit now is brought to its middle.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another zoom moves it too.
  useEffect(() => {
    const place = chart.states.find(({ id }) => id === here)
    if (frame.current === null || place === undefined) return
    const { scrollWidth, clientWidth } = frame.current
    const middle = ((place.x + place.width / 2) / chart.width) * scrollWidth
    frame.current.scrollLeft = middle - clientWidth / 2
  }, [chart, here, zoom])

  const state = chart.states.find(({ id }) => id === chosen)
  const leastScale = matchMedia('(min-width: 60rem)').matches ? legible.page : legible.phone
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-muted">{words.legend}</p>
        <div className="flex gap-1">
          <Button onClick={() => setZoom(Math.min(zoom * zoomStep, zoomMax))}>{words.larger}</Button>
          <Button onClick={() => setZoom(Math.max(zoom / zoomStep, zoomMin))}>{words.smaller}</Button>
          <Button onClick={() => setZoom(1)}>{words.fit}</Button>
        </div>
      </div>
      <section
        ref={frame}
        aria-label={words.chart(chart.id, chart.version)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
        tabIndex={0}
        className="overflow-auto rounded-xl border border-line bg-sheet p-2"
      >
        <div
          className="[&>svg]:h-auto [&>svg]:w-full"
          style={{ width: `calc(max(100%, ${Math.round(chart.width * leastScale)}px) * ${zoom})` }}
        >
          <ChartDrawing
            chart={chart}
            lit={lit}
            visits={visits}
            taken={taken}
            chosen={chosen}
            onChoose={choose}
            title={words.chart(chart.id, chart.version)}
            undoWord={words.undoLane}
            nameOf={({ id, description, tags }) =>
              [
                // What is written on it is said first, as it is written.
                (visits.get(id) ?? 0) > 1 ? `${id}×${visits.get(id)}` : id,
                tags.includes('compensation') ? words.undo : '',
                lit.includes(id) ? words.now : '',
                visits.has(id) ? words.visits(visits.get(id) ?? 0) : '',
                description,
              ]
                .filter(part => part !== '')
                .join('. ')
            }
          />
        </div>
      </section>
      <div aria-live="polite" className="rounded-xl border border-line bg-paper p-3 text-sm">
        {state === undefined ? (
          <p className="text-muted">{words.choose}</p>
        ) : (
          <>
            <p className="font-semibold">
              {state.id} <span className="font-normal text-muted">{state.description}</span>
            </p>
            <ul className="mt-2 space-y-1">
              {chart.transitions
                .filter(({ from }) => from === state.id || state.id.startsWith(`${from}.`))
                .map(({ id, event, kind, from, to, guard, description }) => (
                  <li key={id} className="grid gap-x-3 sm:grid-cols-[minmax(0,16rem)_minmax(0,14rem)_1fr]">
                    <code className="font-mono">{happening({ kind, event })}</code>
                    <span>→ {to === from ? words.stays : to}</span>
                    <span className="text-muted">
                      {description} {guard !== null && `(${words.when(guard)})`}
                    </span>
                  </li>
                ))}
            </ul>
          </>
        )}
      </div>
      <details className="rounded-xl border border-line p-3 text-sm">
        <summary className="cursor-pointer font-semibold">{words.path}</summary>
        {taken.size === 0 ? (
          <p className="mt-2 text-muted">{words.nothing}</p>
        ) : (
          <ol className="mt-2 list-decimal space-y-1 pl-6">
            {[...taken].flatMap(id => {
              const step = chart.transitions.find(transition => transition.id === id)
              return step === undefined
                ? []
                : [
                    <li key={id}>
                      <span className="font-semibold">{step.from}</span> →{' '}
                      <span className="font-semibold">{step.to === step.from ? words.stays : step.to}</span>{' '}
                      <code className="font-mono">{happening(step)}</code>{' '}
                      <span className="text-muted">{step.description}</span>
                    </li>,
                  ]
            })}
          </ol>
        )}
      </details>
    </div>
  )

  function happening({ kind, event }: Pick<Chart['transitions'][number], 'kind' | 'event'>): string {
    return kind === 'after' ? words.after(event) : kind === 'always' ? words.always : event
  }
}
