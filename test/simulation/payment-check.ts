import type { PaymentState } from '../../src/machines/payment-machine.ts'
import { Violation } from './violation.ts'

/** Throws `Violation` when a payment knows what it cannot know where it stands. */
export function checkPayment(address: string, { value, context }: PaymentState): void {
  const step = typeof value === 'object' && 'paying' in value ? value.paying : value
  const { attempt, failure, stock } = context
  const stands = `${address} is ${JSON.stringify(value)} in attempt ${attempt}`
  const beyondStock =
    step === 'usingCoupon' ||
    step === 'deductingBalance' ||
    step === 'recordingPayment' ||
    step === 'recordingStatistics' ||
    step === 'completed'
  if (beyondStock && stock.some(progress => progress !== 'done'))
    throw new Violation('S4', `${stands}, and its stock is ${stock.join(', ')}`)
  // Only a cancellation waits for the step in flight to end; a refusal only for the stock of other options.
  if ((beyondStock || step === 'claimingOrder') && failure !== null && failure.code !== 'PAYMENT_CANCELLED')
    throw new Violation('E9', `${stands}, and has failed with ${failure.code}`)
}
