import type { History } from './history.ts'

/** What every view of a payment is given. */
export interface Viewed {
  readonly history: History
  readonly position: number
  onMove(at: number): void
}
