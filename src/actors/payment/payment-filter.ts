import type { PaymentStatus } from './payment-messages.ts'

export const paymentStatuses = [
  'PAYING',
  'COMPENSATING',
  'FAILED',
  'COMPLETED',
  'RETURNING',
  'PARTIALLY_RETURNED',
  'RETURNED',
] as const satisfies readonly PaymentStatus[]

/** Those in which a payment waits for somebody's answer. */
export const openStatuses: readonly PaymentStatus[] = ['PAYING', 'COMPENSATING', 'RETURNING']

/** The steps of an attempt that can be refused. */
export const refusableSteps = [
  'claimingOrder',
  'decreasingStock',
  'usingCoupon',
  'deductingBalance',
  'recordingPayment',
  'recordingStatistics',
] as const

/** Which payments an operator wants to see; what is absent makes no difference. */
export interface PaymentFilter {
  /** `open`: those that have not ended, or of which a message was set aside. */
  readonly status: 'open' | readonly PaymentStatus[]
  /** The machine's state, such as `paying.deductingBalance`. */
  readonly step?: string | undefined
  /** The step that was refused, or silent past its resends. */
  readonly failedAt?: string | undefined
  readonly errorCode?: string | undefined
  /** What the wallet pays, in the minor unit, both ends included. */
  readonly amountMin?: number | undefined
  readonly amountMax?: number | undefined
  /** How long it has been in its state at least, in milliseconds. */
  readonly ageMinMs?: number | undefined
  readonly customerId?: number | undefined
  readonly orderId?: number | undefined
  /** Only those that somebody has to look at. */
  readonly attention?: boolean | undefined
}
