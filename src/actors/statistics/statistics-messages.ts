import type { Rejected } from '../../refusal.ts'

export interface Sale {
  productId: number
  quantity: number
}

/** To `statistics/<orderId>`. `paidAt` in milliseconds decides the day. */
export type StatisticsCommand =
  | { type: 'RecordSale'; orderId: number; paidAt: number; sales: readonly Sale[] }
  /** Takes returned units off the day they were sold on; cannot be refused. */
  | { type: 'ReverseSale'; orderId: number; paidAt: number; sales: readonly Sale[] }

export type StatisticsReply = { type: 'SaleRecorded' } | { type: 'SaleReversed' } | Rejected<'RecordSale'>
