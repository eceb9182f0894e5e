import type { Context } from 'hono'
import { Refused } from './refused.ts'

/** Who may use a route. Every route says it, so that one without cannot be added. */
export type Access = 'anyone' | 'customer' | 'operator' | 'administrator'

/** Whoever sent a request. */
export interface Caller {
  /** The customer they are; `undefined` where nobody says so: a stranger, or a gateway that is trusted with everyone's. */
  readonly customerId: number | undefined
  /** How the audit log names them. */
  readonly name: string
}

/**
 * Finds out who calls, and throws `Refused` when that is nobody who has this access. It is asked before anything else of
 * a request is read, so that a refusal costs next to nothing.
 */
export type Authenticate = (c: Context, access: Access) => Caller | Promise<Caller>

/** A `customerId` in the request, wherever it stands, must be the caller's own. Throws `Refused` with FORBIDDEN. */
export function refuseForAnother({ customerId }: Caller, input: object): void {
  if (customerId !== undefined && 'customerId' in input && input.customerId !== customerId) {
    throw new Refused('FORBIDDEN', {})
  }
}
