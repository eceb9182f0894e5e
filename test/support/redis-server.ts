import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'
import { until } from '../crash/until.ts'

/** Whether the program is on the PATH. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('A listening server has a port')
  return address.port
}

/** A real redis-server that keeps nothing on disk, on loopback. It is gone when its scope is. */
export class RedisServer implements AsyncDisposable {
  readonly port: number
  readonly #options: readonly string[]
  #process: ChildProcess

  private constructor(port: number, options: readonly string[]) {
    this.port = port
    this.#options = options
    this.#process = this.#spawn()
  }

  /** Starts one and resolves once it answers. `options` are words of its command line. */
  static async start(options: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options)
    await server.#untilAnswering()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** A client of its own, for whoever looks from outside. */
  client(): Redis {
    return new Redis(this.url, { lazyConnect: true, retryStrategy: () => 50 }).on('error', () => {})
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const gone = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await gone
  }

  /** Starts it again on its port after a kill: it comes back empty. */
  async startAgain(): Promise<void> {
    this.#process = this.#spawn()
    await this.#untilAnswering()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }

  #spawn(): ChildProcess {
    const words = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    return spawn('redis-server', [...words, ...this.#options], { stdio: 'ignore' })
  }

  async #untilAnswering(): Promise<void> {
    await until('redis-server answers', 10_000, async () => {
      const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null })
      client.on('error', () => {})
      const answers = client.connect().then(
        () => true,
        () => false,
      )
      return answers.finally(() => client.disconnect())
    })
  }
}
