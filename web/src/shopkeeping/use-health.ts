import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { answered, api } from '../api/client.ts'
import { figuresBetween, type Health, type HealthFigures } from './health-figures.ts'

const everyMs = 2_000
/** Ten minutes. */
const figuresMax = 300

/** How the shop is doing, looked at every two seconds while the page is seen, and what came of it since it was opened. */
export function useHealth() {
  const { data, error, isPending } = useQuery({
    queryKey: ['health'],
    queryFn: () => answered(api.GET('/operator/health')),
    refetchInterval: everyMs,
    refetchIntervalInBackground: false,
  })
  const [seen, setSeen] = useState<{ last: Health | undefined; figures: readonly HealthFigures[] }>({
    last: undefined,
    figures: [],
  })
  useEffect(() => {
    if (data === undefined) return
    setSeen(({ last, figures }) => {
      const next = last && figuresBetween(last, data)
      return { last: data, figures: next === undefined ? figures : [...figures, next].slice(-figuresMax) }
    })
  }, [data])
  return { health: data, figures: seen.figures, error, isPending }
}
