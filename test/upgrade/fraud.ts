import { storeActor } from '../../src/actors/store-actor.ts'
import { refuse } from '../../src/refusal.ts'

/** To `fraud/<customerId>`. */
type FraudCommand =
  | { type: 'ScreenPayment'; orderId: number; amount: number }
  /** Undoes ScreenPayment; cannot be refused. */
  | { type: 'WithdrawScreening'; orderId: number }

const amountMax = 200_000

/** Screens the payments of one customer: counts them, and refuses those that are too large to be true. */
export const fraud = storeActor<{ screened: number }, FraudCommand>({
  kind: 'fraud',
  version: 1,
  initial: { screened: 0 },
  on: {
    ScreenPayment({ screened }, { orderId, amount }, { emit }) {
      if (amount > amountMax) {
        const refusal = refuse('ORDER_NOT_PAYABLE', { orderId, status: 'PAYING' })
        emit.reply({ message: { type: 'ScreenPaymentRejected', refusal } })
        return undefined
      }
      emit.reply({ message: { type: 'PaymentScreened', risk: Math.floor((100 * amount) / amountMax) } })
      return { screened: screened + 1 }
    },
    WithdrawScreening({ screened }, { meta }, { emit }) {
      emit.reply({ message: { type: 'ScreeningWithdrawn' } })
      return meta.undone?.type === 'PaymentScreened' ? { screened: screened - 1 } : undefined
    },
  },
})
