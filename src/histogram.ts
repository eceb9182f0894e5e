/** How often a value up to each bound was observed, and their sum: cheap enough for every request. */
export class Histogram {
  readonly bounds: readonly number[]
  readonly #counts: Float64Array
  #sum = 0

  /** `bounds` rise; whatever is above the last has a place of its own. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    let place = 0
    while (place < this.bounds.length && value > (this.bounds[place] as number)) place += 1
    this.#counts[place] = (this.#counts[place] as number) + 1
    this.#sum += value
  }

  /** Of each bound, and of everything, how many values were not above it. */
  get cumulative(): readonly number[] {
    let total = 0
    return Array.from(this.#counts, count => {
      total += count
      return total
    })
  }

  get sum(): number {
    return this.#sum
  }
}
