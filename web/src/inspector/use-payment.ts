import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { isOperator, useMe } from '../frame/settings.ts'
import { historyQuery, isAtRest, paymentQuery } from './payment-query.ts'

const busyMs = 1_000

/** A payment and its history, followed while anything happens to it. */
export function usePayment(id: number) {
  const asOperator = isOperator(useMe())
  const queries = useQueryClient()
  const payment = useQuery(paymentQuery(id, asOperator))
  const moves = payment.data !== undefined && !isAtRest(payment.data)
  const history = useQuery({ ...historyQuery(id, asOperator), refetchInterval: moves ? busyMs : false })
  const { data } = payment
  // What is the same stays the same object: another one means that something has happened.
  useEffect(() => {
    if (data !== undefined) void queries.invalidateQueries({ queryKey: ['history', id] })
  }, [data, queries, id])
  return { payment, history }
}
