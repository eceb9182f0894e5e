import { Violation } from './violation.ts'

/** Counts how often each step of a payment was waited for in vain: it is asked again so often, and then given up. */
export class PatienceCheck {
  readonly #resendsMax: number
  readonly #silences = new Map<string, Map<string, number>>()

  constructor(resendsMax: number) {
    this.#resendsMax = resendsMax
  }

  /** Throws `Violation` when a message that moved a payment in this attempt shows it to wait for ever. */
  handled(payment: string, attempt: number, type: string): void {
    // An operator has it asked from the beginning.
    if (type === 'RetryStep') this.#silences.delete(payment)
    if (!type.startsWith('xstate.after.silence.')) return
    const ofPayment = this.#silences.get(payment) ?? new Map<string, number>()
    this.#silences.set(payment, ofPayment)
    const name = `${attempt} ${type}`
    const times = (ofPayment.get(name) ?? 0) + 1
    ofPayment.set(name, times)
    // The last time it is not asked again but given up.
    if (times > this.#resendsMax + 1)
      throw new Violation('O4', `${payment} waited ${times} times for one step of attempt ${attempt}`)
  }

  /** What is paid under this address from now on is another payment. */
  forgotten(payment: string): void {
    this.#silences.delete(payment)
  }
}
