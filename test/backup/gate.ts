/** Lets customers pass while it is open, and sends them home once it is shut. */
export class Gate {
  #opened = Promise.withResolvers<boolean>()
  #waiting = 0

  constructor() {
    this.#opened.resolve(true)
  }

  /** How many stand before it. */
  get waiting(): number {
    return this.#waiting
  }

  /** Resolves with true as soon as it is open, with false when it was shut. */
  async pass(): Promise<boolean> {
    this.#waiting += 1
    const open = await this.#opened.promise
    this.#waiting -= 1
    return open
  }

  close(): void {
    this.#opened = Promise.withResolvers()
  }

  open(): void {
    this.#opened.resolve(true)
  }

  /** Call it while it is closed. */
  shut(): void {
    this.#opened.resolve(false)
  }
}
