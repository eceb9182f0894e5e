/** So many wait already that one more would wait too long. Nothing was done. */
export class HashingOverloaded extends Error {
  override name = 'HashingOverloaded'
}

/**
 * Lets so many pieces of costly work run at once, so many wait, and refuses the rest: a flood of logins takes its share
 * of the machine and no more.
 */
export class HashingQueue {
  readonly #atOnceMax: number
  readonly #waitingMax: number
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor({ atOnceMax, waitingMax }: { atOnceMax: number; waitingMax: number }) {
    this.#atOnceMax = atOnceMax
    this.#waitingMax = waitingMax
  }

  /** Resolves with what `work` does, once it is its turn. Rejects with `HashingOverloaded`, at once. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < this.#atOnceMax) this.#running += 1
    else if (this.#waiting.length < this.#waitingMax) await this.#turn()
    else throw new HashingOverloaded('So many passwords wait to be hashed that another has no place')
    try {
      return await work()
    } finally {
      // Whoever waits takes over the place, so that nobody can slip in between.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }

  #turn(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
    })
  }
}
