import { Connection } from '../../bench/connection.ts'
import type { Response } from '../../bench/response-parser.ts'

/** Called with the response, or with `undefined` when the connection broke before it. */
type OnResponse = (response: Response | undefined) => void

interface Slot {
  readonly connection: Connection
  onResponse: OnResponse | undefined
  freeSince: number
}

/** Shorter than the server leaves an unused connection open, so that a request never meets its closing. */
const idleMsMax = 2_000

/**
 * Keep-alive connections to one server, opened as they are needed and at most so many: whoever finds none has to wait.
 * The last one used is the next one used, so that those no longer needed can be closed.
 */
export class ConnectionPool {
  readonly #port: number
  readonly #connectionsMax: number
  #open = 0
  #free: Slot[] = []

  constructor(port: number, connectionsMax: number) {
    this.#port = port
    this.#connectionsMax = connectionsMax
  }

  /** Sends at once, or does nothing and says false when every connection is in use. */
  post(path: string, body: string, onResponse: OnResponse): boolean {
    const slot = this.#take()
    if (slot === undefined) return false
    slot.onResponse = onResponse
    slot.connection.post(path, body, response => {
      slot.onResponse = undefined
      slot.freeSince = performance.now()
      this.#free.push(slot)
      onResponse(response)
    })
    return true
  }

  /** Closes what has not been used for a while. */
  closeIdle(): void {
    const before = performance.now() - idleMsMax
    const kept = this.#free.findIndex(({ freeSince }) => freeSince >= before)
    const idle = this.#free.splice(0, kept < 0 ? this.#free.length : kept)
    for (const { connection } of idle) connection.close()
    this.#open -= idle.length
  }

  close(): void {
    for (const { connection } of this.#free.splice(0)) connection.close()
  }

  #take(): Slot | undefined {
    for (let slot = this.#free.pop(); slot !== undefined; slot = this.#free.pop()) {
      if (slot.connection.isOpen) return slot
      this.#open -= 1
    }
    if (this.#open === this.#connectionsMax) return undefined
    this.#open += 1
    const slot: Slot = {
      connection: new Connection(this.#port, () => {
        const { onResponse } = slot
        slot.onResponse = undefined
        this.#open -= 1
        onResponse?.(undefined)
      }),
      onResponse: undefined,
      freeSince: 0,
    }
    return slot
  }
}
