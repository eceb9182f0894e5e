import { useEffect, useRef, useState } from 'react'
import { paymentPlace } from './payment-search.ts'

/** Browsers refuse to change the address as fast as a slider moves. */
const addressMs = 150

/** The moment that is looked at, kept in the address; `undefined` is the end, whatever comes after. */
export function usePosition(): [number | undefined, (at: number | undefined) => void] {
  const { at: addressed } = paymentPlace.useSearch()
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
        search: ({ at: _before, ...rest }) => (next === undefined ? rest : { ...rest, at: next }),
        replace: true,
        resetScroll: false,
      })
    }, addressMs)
  }
  return [at, go]
}
