import { useEffect, useRef, useState } from 'react'
import type { History } from './history.ts'
import { positionOf } from './moment-name.ts'
import { paymentPlace } from './payment-search.ts'

/** Browsers refuse to change the address as fast as a slider moves. */
const addressMs = 150

/** The moment that is looked at, kept in the address; `undefined` is the end, whatever comes after. */
export function usePosition(history: History): [number | undefined, (at: number | undefined) => void] {
  const { at: placed, moment } = paymentPlace.useSearch()
  const addressed = placed ?? (moment === undefined ? undefined : positionOf(history, moment))
  const navigate = paymentPlace.useNavigate()
  const [at, setAt] = useState(addressed)
  const planned = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setAt(addressed), [addressed])
  useEffect(() => () => clearTimeout(planned.current), [])
  function go(next: number | undefined) {
    setAt(next)
    clearTimeout(planned.current)
    planned.current = setTimeout(() => {
      void navigate({
        search: ({ at: _before, moment: _name, ...rest }) =>
          next === undefined ? rest : { ...rest, at: next },
        replace: true,
        resetScroll: false,
      })
    }, addressMs)
  }
  return [at, go]
}
