import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ownHeaders, problemOf } from '../api/client.ts'
import type { Lane } from './history.ts'
import { laneOf, type TaggedChart } from './lane-of.ts'
import type { FollowedChart } from './path-taken.ts'

export type Chart = TaggedChart & FollowedChart

/** The chart of a machine, which stays what it is while the server runs. */
export function useChart(machine: string) {
  return useQuery({
    queryKey: ['chart', machine],
    async queryFn(): Promise<Chart> {
      const answer = await fetch(`/charts/${machine}`, { headers: ownHeaders() })
      if (!answer.ok) throw problemOf(await answer.json(), answer.status)
      return (await answer.json()) as Chart
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Which lane the payment's states are in. All is forward until the chart is there. */
export function useLaneOf(): (state: string | null) => Lane {
  const { data } = useChart('payment')
  return useMemo(() => laneOf(data), [data])
}
