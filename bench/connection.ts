import { connect, type Socket } from 'node:net'
import { type Response, ResponseParser } from './response-parser.ts'

/**
 * One keep-alive HTTP/1.1 connection to a server on this machine, with at most one request under way. It calls back
 * instead of making promises, and formats and parses no more than it must, because its cost is taken from the same two
 * cores as the server's.
 */
export class Connection {
  readonly #socket: Socket
  #waiting: ((response: Response) => void) | undefined
  /** Resolves once it is there; never, when it cannot be made. */
  readonly opened: Promise<unknown>

  /** `onBroken` is called once, when the connection ends while an answer is due or a response cannot be read. */
  constructor(port: number, onBroken: (error: Error) => void) {
    const parser = new ResponseParser(response => {
      const waiting = this.#waiting
      this.#waiting = undefined
      waiting?.(response)
    })
    // One buffer for all reads: no stream, no allocation for each chunk.
    const buffer = Buffer.allocUnsafe(65_536)
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer,
        callback: (size: number) => {
          try {
            parser.push(buffer.subarray(0, size))
          } catch (error) {
            this.#socket.destroy(error as Error)
          }
          return true
        },
      },
    })
    this.opened = new Promise(resolve => this.#socket.once('connect', resolve))
    let broken = (error: Error) => {
      broken = () => {}
      this.#waiting = undefined
      onBroken(error)
    }
    this.#socket.on('error', error => broken(error))
    this.#socket.on('close', () => {
      if (this.#waiting) broken(new Error('the server closed the connection before it answered'))
    })
  }

  get(path: string, onResponse: (response: Response) => void): void {
    this.#waiting = onResponse
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 'latin1')
  }

  /** `headers` are whole lines, each with its CRLF. */
  post(path: string, body: string, onResponse: (response: Response) => void, headers = ''): void {
    this.#waiting = onResponse
    // Bodies are made of digits and field names, so a character is a byte.
    this.#socket.write(
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`,
      'latin1',
    )
  }

  /** Whether it can still be used, as far as anybody knows. */
  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  close(): void {
    this.#waiting = undefined
    this.#socket.destroy()
  }
}
