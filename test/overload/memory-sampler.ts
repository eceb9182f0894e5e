import { readFileSync } from 'node:fs'

const everyMs = 250

/** Looks again and again how much memory a process has resident. Linux only: read from /proc. */
export class MemorySampler implements Disposable {
  readonly #pid: number
  readonly #timer: NodeJS.Timeout
  #mostBytes = 0

  constructor(pid: number) {
    this.#pid = pid
    this.#timer = setInterval(() => this.#look(), everyMs)
  }

  /** The most that was seen since this was asked last, in bytes. */
  takeMost(): number {
    this.#look()
    const most = this.#mostBytes
    this.#mostBytes = 0
    return most
  }

  #look(): void {
    const status = readFileSync(`/proc/${this.#pid}/status`, 'latin1')
    const bytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
    this.#mostBytes = Math.max(this.#mostBytes, bytes)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
