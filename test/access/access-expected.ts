import type { Access } from '../../src/http/access.ts'
import type { Row } from './access-rows.ts'

const callers = ['anonymous', 'customer', 'another customer', 'operator', 'administrator'] as const
export type CallerKind = (typeof callers)[number]

const targets = ['own', "other's", 'missing'] as const
export type Target = (typeof targets)[number]

/** The cells of a row: where it is about nothing of anybody's, that is one for each caller. */
export function cellsOf({ about }: Row): { caller: CallerKind; target: Target }[] {
  const asked = about === 'nothing' ? (['own'] as const) : targets
  return callers.flatMap(caller => asked.map(target => ({ caller, target })))
}

/** The status that the requirements want, from who calls, what the route says of itself, and whose thing it is. */
export function expectedStatus(
  { about, status, ofOneself = status }: Row,
  access: Access,
  caller: CallerKind,
  target: Target,
): number {
  if (access !== 'anyone') {
    if (caller === 'anonymous') return 401
    if (access === 'operator' && caller !== 'operator' && caller !== 'administrator') return 403
    if (access === 'administrator' && caller !== 'administrator') return 403
  }
  switch (about) {
    case 'customerId':
      return target === 'own' ? status : 403
    case 'ownThing':
      return target === 'own' ? status : 404
    case 'shopThing':
      if (target === 'missing') return 404
      return target === 'own' ? ofOneself : status
    case 'nothing':
      return status
  }
}
