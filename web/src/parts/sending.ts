import { createContext, useContext } from 'react'

/** Whether sending the form was tried: what is still missing is told from then on, and not before somebody could type it. */
export const SendingTried = createContext(false)

/** The sentence about what is wrong with a field, once sending it was tried. */
export function useFaultWhenTried(): (fault: string | undefined) => string | undefined {
  const tried = useContext(SendingTried)
  return fault => (tried ? fault : undefined)
}
