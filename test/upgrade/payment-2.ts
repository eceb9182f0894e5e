import { payment } from '../../src/actors/payment/payment.ts'
import { readConfig } from '../../src/config.ts'
import { actorsOf } from '../../src/main.ts'
import { type ActorDefinition, erased, type Migration } from '../../src/runtime/actor.ts'
import { fraud } from './fraud.ts'
import { paymentMachine2With, unscreened } from './payment-machine-2.ts'

interface StoredPayment {
  readonly value: string | { readonly paying?: string; readonly compensating?: string }
  readonly context: object
}

const { paymentTiming, ...config } = readConfig({})

/** A payment that is past the screening when version 2 comes goes on unscreened; one that is before it will be screened. */
export const toVersion2: Migration = ({ state, timers }) => {
  const { value, context } = state as StoredPayment
  const renamed = typeof value === 'object' && value.paying === 'usingCoupon'
  return {
    state: {
      value: renamed ? { paying: 'applyingCoupon' } : value,
      context: { ...context, ...unscreened },
    },
    timers: timers.map(({ name, dueAt }) => ({
      name: name.replace('.payment.paying.usingCoupon', '.payment.paying.applyingCoupon'),
      dueAt,
    })),
  }
}

/** Lets version 1 end what it began: only what rests is taken over. */
export const toVersion2AtRest: Migration = stored =>
  typeof (stored.state as StoredPayment).value === 'string' ? toVersion2(stored) : undefined

export const payment1 = erased(payment(paymentTiming))

/** How payments come to version 2, from the version before it and from any before that. */
export const migrationsWith = (last: Migration) => ({ ...payment1.migrations, [payment1.version]: last })

/** The actors of a shop whose payments are of version 2 and are screened. */
export function secondActors(upgrade: Pick<ActorDefinition, 'migrations' | 'earlier'>): ActorDefinition[] {
  const payment2: ActorDefinition = {
    ...erased(payment(paymentTiming, paymentMachine2With(paymentTiming))),
    version: payment1.version + 1,
    ...upgrade,
  }
  const others = actorsOf({ ...config, paymentTiming }).filter(({ kind }) => kind !== 'payment')
  return [...others, erased(fraud), payment2]
}
