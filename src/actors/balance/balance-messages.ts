import type { Rejected } from '../../refusal.ts'

/** To `balance/<customerId>`. Amounts in the minor unit. */
export type BalanceCommand =
  | { type: 'OpenBalance'; customerId: number }
  | { type: 'ChargeBalance'; amount: number }
  | { type: 'DeductBalance'; originalPrice: number; discountAmount: number }
  /** Undoes a DeductBalance of the same amounts; cannot be refused. */
  | { type: 'RefundBalance'; originalPrice: number; discountAmount: number }

export type BalanceReply =
  | { type: 'BalanceCharged'; customerId: number; amount: number }
  | { type: 'BalanceDeducted'; amount: number }
  | { type: 'BalanceRefunded'; amount: number }
  | Rejected<'ChargeBalance'>
  | Rejected<'DeductBalance'>
