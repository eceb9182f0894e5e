import { Violation } from './violation.ts'

/** Counts how often payments have failed, and how often their payers were told: never before everything was undone. */
export class RefusalCheck {
  readonly #failed = new Map<string, number>()
  readonly #told = new Map<string, number>()

  failed(payment: string): void {
    this.#failed.set(payment, (this.#failed.get(payment) ?? 0) + 1)
  }

  /** Throws `Violation` when a payer was told of a failure of `payment` that has not come about. */
  told(payment: string, code: string): void {
    // These are said of an order, and by a payment that has not failed.
    if (code === 'ORDER_NOT_PAYABLE' || code === 'ORDER_NOT_FOUND') return
    const told = (this.#told.get(payment) ?? 0) + 1
    const failed = this.#failed.get(payment) ?? 0
    this.#told.set(payment, told)
    if (told > failed)
      throw new Violation(
        'E9',
        `${payment} has failed ${failed} times and was refused ${told} times, now with ${code}`,
      )
  }
}
