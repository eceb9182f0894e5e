/*
 * How long a request that comes now will have to wait: the requests ahead of it, times what each of the last ones added
 * to its commit (Little's law). Ahead of it are those whose first commit is not on disk yet, whether they wait for a tick,
 * for the writer, or are being written; who waits for a slow participant after that is not in anybody's way.
 */

/** A commit of so many requests says as much about the time a request takes as all commits before it. */
const requestsThatCount = 32

/** Times are those of one monotonic clock, in milliseconds. */
export class Backlog {
  #waiting = 0
  /** What a commit takes however little it holds: many requests share it, so it is no measure of what they can do. */
  #msPerCommit = 0
  #msPerRequest = 0
  /** When the commit before was done, or the first request came after it. */
  #since = 0
  /** Whether requests have been waiting all the time since then. */
  #busy = false

  came(now: number): void {
    if (this.#waiting === 0) this.#since = now
    this.#waiting += 1
  }

  /** So many of those that came are on disk now. */
  committed(requests: number, now: number): void {
    if (requests === 0) return
    const tookMs = now - this.#since
    if (this.#busy) {
      this.#msPerCommit = Math.min(this.#msPerCommit, tookMs)
      const measured = (tookMs - this.#msPerCommit) / requests
      this.#msPerRequest += ((measured - this.#msPerRequest) * requests) / (requests + requestsThatCount)
    } else if (requests === 1) {
      this.#msPerCommit += (tookMs - this.#msPerCommit) / 8
    }
    this.#waiting -= requests
    this.#since = now
    this.#busy = this.#waiting > 0
  }

  /** All that came were turned away. */
  cleared(): void {
    this.#waiting = 0
    this.#busy = false
  }

  /** The wait of one who comes at `now`: not less than those ahead have been waiting for the disk already. */
  ms(now: number): number {
    if (this.#waiting === 0) return 0
    return Math.max(this.#waiting * this.#msPerRequest, now - this.#since)
  }
}
