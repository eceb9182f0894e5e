import { paymentActor } from './history.ts'
import { pathTaken } from './path-taken.ts'
import { useChart } from './use-chart.ts'
import type { Viewed } from './viewed.ts'

export function StatechartTab({ history, position }: Viewed) {
  const { data } = useChart('payment')
  if (data === undefined) return null
  const path = pathTaken(data, history.entries, paymentActor(history), position)
  return <p>{path.lit.join(' › ')}</p>
}
