import type { PaymentSummary } from '../actors/payment/payment-messages.ts'
import type { Questions } from '../actors/questions.ts'
import type { Caller } from './access.ts'
import { Refused } from './refused.ts'

/**
 * The payment, if it is there and the caller may see it. Throws `Refused` with PAYMENT_NOT_FOUND: another's is as good as
 * missing.
 */
export function ownPayment(questions: Questions, paymentId: number, caller: Caller): PaymentSummary {
  const found = questions.payment(paymentId)
  // A payment that is still claiming its order does not know its customer; the order does.
  const customerId = found?.customerId ?? questions.order(paymentId)?.customerId
  if (found === undefined || (caller.customerId !== undefined && customerId !== caller.customerId)) {
    throw new Refused('PAYMENT_NOT_FOUND', { paymentId })
  }
  return found
}
