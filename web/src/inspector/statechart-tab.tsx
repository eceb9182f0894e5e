import { useState } from 'react'
import type { Chart } from '../chart/chart-drawing.tsx'
import { Statechart } from '../chart/statechart.tsx'
import { useText } from '../frame/language.tsx'
import { Select } from '../parts/field.tsx'
import { Failed, Loading } from '../parts/notice.tsx'
import { type History, type Lane, paymentActor } from './history.ts'
import { laneLooks } from './lane-look.ts'
import { laneOf } from './lane-of.ts'
import { type PathTaken, pathTaken } from './path-taken.ts'
import { text } from './text.ts'
import { useChart } from './use-chart.ts'
import type { Viewed } from './viewed.ts'

const machines = ['payment', 'order'] as const
type Machine = (typeof machines)[number]

/** The very machine that runs the payment, or its order, with where it is at a moment and the way it took. */
export function StatechartTab({ history, position }: Viewed) {
  const words = useText(text)
  const [machine, choose] = useState<Machine>('payment')
  const { data: chart, error } = useChart(machine)
  return (
    <div className="space-y-3">
      <div className="max-w-60">
        <Select
          label={words.machine}
          value={machine}
          onChange={({ currentTarget }) =>
            choose(machines.find(name => name === currentTarget.value) ?? 'payment')
          }
        >
          {machines.map(name => (
            <option key={name} value={name}>
              {words.machines[name]}
            </option>
          ))}
        </Select>
      </div>
      {chart === undefined ? (
        error === null ? (
          <Loading />
        ) : (
          <Failed error={error} known={{ ROUTE_NOT_FOUND: words.chartGone }} />
        )
      ) : (
        <ChartAt chart={chart} history={history} machine={machine} position={position} />
      )}
    </div>
  )
}

function ChartAt({
  chart,
  history,
  machine,
  position,
}: {
  chart: Chart
  history: History
  machine: Machine
  position: number
}) {
  const actor = machine === 'payment' ? paymentActor(history) : `order/${history.orderId}`
  const path = pathTaken(chart, history.entries, actor, position)
  return (
    <>
      <Statechart chart={chart} {...path} />
      <Visited path={path} lane={laneOf(chart)} />
    </>
  )
}

/** The same in words: the states that were entered, how often, and which one it is in. */
function Visited({ path, lane }: { path: PathTaken; lane: (state: string | null) => Lane }) {
  const words = useText(text)
  const here = path.lit.at(-1)
  return (
    <section aria-label={words.visited}>
      <h2 className="mb-1 text-sm font-semibold">{words.visited}</h2>
      <ul className="flex flex-wrap gap-1.5">
        {[...path.visits].map(([state, count]) => (
          <li
            key={state}
            aria-current={state === here ? 'step' : undefined}
            className={`rounded-lg border px-2 py-0.5 font-mono text-xs ${state === here ? 'border-accent bg-accent-soft font-bold' : 'border-line'} ${laneLooks[lane(state)].ink}`}
          >
            {laneLooks[lane(state)].sign} {state} ×{count}
          </li>
        ))}
      </ul>
    </section>
  )
}
