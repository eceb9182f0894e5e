import type { Rejected } from '../../refusal.ts'

/** To `stock/<productOptionId>`. Quantities in units. */
export type StockCommand =
  /** The option exists from now on, with 0 units. */
  | { type: 'OpenStock' }
  | { type: 'Restock'; quantity: number }
  /** Takes out what is lost or broken; why is in the audit log. */
  | { type: 'WriteOffStock'; quantity: number }
  | { type: 'DecreaseStock'; quantity: number }
  /** Undoes a DecreaseStock of the same quantity; cannot be refused. */
  | { type: 'RestoreStock'; quantity: number }
  /** What a customer returned; cannot be refused. */
  | { type: 'ReturnStock'; quantity: number }

export type StockReply =
  | { type: 'Restocked'; productOptionId: number; quantity: number }
  | { type: 'StockWrittenOff'; productOptionId: number; quantity: number }
  | { type: 'StockDecreased'; productOptionId: number }
  | { type: 'StockRestored'; productOptionId: number }
  | { type: 'StockReturned'; productOptionId: number }
  | Rejected<'Restock'>
  | Rejected<'WriteOffStock'>
  | Rejected<'DecreaseStock'>
