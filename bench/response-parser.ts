/** A response as the load client needs it; `body` has one character per byte. */
export interface Response {
  status: number
  /** Status line and headers as they came. */
  head: string
  body: string
}

/**
 * Cuts the bytes of one keep-alive connection into responses, wherever the chunks break. It understands what a JSON
 * API answers with, a Content-Length or no body at all, and throws on anything else (chunked, not HTTP/1.1).
 */
export class ResponseParser {
  readonly #onResponse: (response: Response) => void
  #unread = ''

  constructor(onResponse: (response: Response) => void) {
    this.#onResponse = onResponse
  }

  push(chunk: Buffer): void {
    this.#unread += chunk.toString('latin1')
    for (;;) {
      const headEnd = this.#unread.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const head = this.#unread.slice(0, headEnd)
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1])
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? (status === 204 ? 0 : Number.NaN)
      const bodyStart = headEnd + 4
      const bodyEnd = bodyStart + Number(length)
      if (Number.isNaN(status) || Number.isNaN(bodyEnd)) throw new Error(`cannot read a response: ${head}`)
      if (this.#unread.length < bodyEnd) return
      const body = this.#unread.slice(bodyStart, bodyEnd)
      this.#unread = this.#unread.slice(bodyEnd)
      this.#onResponse({ status, head, body })
    }
  }
}
