import { printableName } from '../username.ts'
import type { Authenticate } from './access.ts'
import { clientAddress } from './client-address.ts'
import type { Dependencies } from './dependencies.ts'
import { Refused } from './refused.ts'

/** Leaves a row in the audit log of everybody who asked for what only the staff may do, and may not. */
export function notingDenials({ authenticate, doorAudit, settings }: Dependencies): Authenticate {
  return async (c, access) => {
    if (access !== 'operator' && access !== 'administrator') return authenticate(c, access)
    try {
      return await authenticate(c, access)
    } catch (error) {
      if (error instanceof Refused && error.code === 'FORBIDDEN') {
        void doorAudit.note('FORBIDDEN', {
          operator: error.caller?.name ?? 'anonymous',
          action: c.req.method,
          subject: printableName(c.req.path),
          reason: `from ${clientAddress(c, settings.trustedProxies)}`,
          outcome: 'FORBIDDEN',
        })
      }
      throw error
    }
  }
}
