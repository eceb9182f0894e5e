import type { Rejected } from '../../refusal.ts'

/** To `balance/<customerId>`. Amounts in the minor unit. */
export type BalanceCommand =
  | { type: 'OpenBalance'; customerId: number }
  | { type: 'ChargeBalance'; amount: number }
  | { type: 'DeductBalance'; originalPrice: number; discountAmount: number }
  /** Undoes a DeductBalance of the same amounts; cannot be refused. */
  | { type: 'RefundBalance'; originalPrice: number; discountAmount: number }
  /** Gives back `refundAmount` for returned items that cost `grossAmount`; cannot be refused. */
  | { type: 'RefundReturn'; grossAmount: number; refundAmount: number }

export type BalanceReply =
  | { type: 'BalanceCharged'; customerId: number; amount: number }
  | { type: 'BalanceDeducted'; amount: number }
  | { type: 'BalanceRefunded'; amount: number }
  | { type: 'ReturnRefunded'; amount: number }
  | Rejected<'ChargeBalance'>
  | Rejected<'DeductBalance'>
