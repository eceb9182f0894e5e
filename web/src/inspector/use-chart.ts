import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answered, api } from '../api/client.ts'
import type { Lane } from './history.ts'
import { laneOf } from './lane-of.ts'

/** The chart of a machine, which stays what it is while the server runs. */
export function useChart(machine: string) {
  return useQuery({
    queryKey: ['chart', machine],
    queryFn: () => answered(api.GET('/charts/{machine}', { params: { path: { machine } } })),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Which lane the payment's states are in. All is forward until the chart is there. */
export function useLaneOf(): (state: string | null) => Lane {
  const { data } = useChart('payment')
  return useMemo(() => laneOf(data), [data])
}
