import type { Rejected } from '../../refusal.ts'

/** To `stock/<productOptionId>`. Quantities in units. */
export type StockCommand =
  | { type: 'Restock'; quantity: number }
  | { type: 'DecreaseStock'; quantity: number }
  /** Undoes a DecreaseStock of the same quantity; cannot be refused. */
  | { type: 'RestoreStock'; quantity: number }
  /** What a customer returned; cannot be refused. */
  | { type: 'ReturnStock'; quantity: number }

export type StockReply =
  | { type: 'Restocked'; productOptionId: number; quantity: number }
  | { type: 'StockDecreased'; productOptionId: number }
  | { type: 'StockRestored'; productOptionId: number }
  | { type: 'StockReturned'; productOptionId: number }
  | Rejected<'DecreaseStock'>
