import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * Stands between a client and a server on this machine. It can let every answer take a while, and it can lose a
 * connection as a network does that forgets it: both ends stay open and nothing arrives any more, also afterwards.
 */
export class FaultyProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #lost = new Set<Socket>()
  #delayMs = 0
  #swallows = false

  private constructor(targetPort: number) {
    this.#server = createServer(client => {
      const target = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
      this.#join(client, target, 0)
      this.#join(target, client, 1)
      if (this.#swallows) this.#lose(client, target)
    })
  }

  static async start(targetPort: number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(targetPort)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  delay(ms: number): void {
    this.#delayMs = ms
  }

  swallow(swallows: boolean): void {
    this.#swallows = swallows
    if (swallows) this.#lose(...this.#sockets)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #lose(...sockets: readonly Socket[]): void {
    for (const socket of sockets) this.#lost.add(socket)
  }

  /** `delayed` is 1 on the way back. */
  #join(from: Socket, to: Socket, delayed: 0 | 1): void {
    this.#sockets.add(from)
    from.on('data', chunk => {
      const pass = () => {
        if (!this.#lost.has(from) && to.writable) to.write(chunk)
      }
      const delayMs = this.#delayMs * delayed
      if (delayMs === 0) pass()
      else setTimeout(pass, delayMs)
    })
    from.on('error', () => {})
    from.on('close', () => {
      this.#sockets.delete(from)
      if (!this.#lost.delete(from)) to.destroy()
    })
  }
}
