import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { isOperator, useMe } from '../frame/settings.ts'
import { useCommits } from '../live/use-commits.ts'
import { historyQuery, isAtRest, paymentKey, paymentQuery } from './payment-query.ts'

const busyMs = 1_000
const restMs = 5_000

/**
 * A payment and its history, followed while anything happens to it: by the feed, where this person may see it and it is
 * there, and else by asking again.
 */
export function usePayment(id: number) {
  const asOperator = isOperator(useMe())
  const queries = useQueryClient()
  const connection = useCommits(asOperator ? id : undefined, () => void askAgain())
  async function askAgain() {
    const all = { queryKey: paymentKey(id, asOperator) }
    // The first answer that is under way may be older than the commit.
    await queries.cancelQueries(all)
    await queries.invalidateQueries(all)
  }
  const isTold = connection === 'live'
  const payment = useQuery({
    ...paymentQuery(id, asOperator),
    refetchInterval: ({ state: { data } }) => {
      if (isTold) return false
      return data === undefined || isAtRest(data) ? restMs : busyMs
    },
  })
  const { data } = payment
  const moves = data !== undefined && !isAtRest(data)
  const history = useQuery({
    ...historyQuery(id, asOperator),
    refetchInterval: moves && !isTold ? busyMs : false,
  })
  // What is the same stays the same object: another one means that something has happened.
  useEffect(() => {
    if (data === undefined || isTold) return
    const queryKey = paymentKey(id, asOperator)
    void queries.invalidateQueries({ queryKey, predicate: query => query.queryKey.length > queryKey.length })
  }, [data, isTold, queries, id, asOperator])
  return { payment, history, connection }
}
