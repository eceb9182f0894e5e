import { setTimeout as pause } from 'node:timers/promises'
import { RecoupProcess } from '../cli/recoup-process.ts'
import type { Random } from '../crash/random.ts'
import type { Send } from '../support/client.ts'
import { overSockets } from '../support/over-sockets.ts'

const recoveringPercent = 25

/**
 * The servers of one data directory, one after the other: an ordinary one and, by turns, one that commits every few steps
 * and loses some messages, so that duplicates meet a request that is still running.
 */
export class StormServers implements AsyncDisposable {
  kills = 0
  readonly #directory: string
  readonly #random: Random
  #server: RecoupProcess
  #send: Promise<Send>

  constructor(directory: string, random: Random) {
    this.#directory = directory
    this.#random = random
    this.#server = this.#start(false)
    this.#send = this.#whenListening()
  }

  /** The way to the server that runs, or comes up next. */
  get send(): Promise<Send> {
    return this.#send
  }

  /** Kills the server and starts another; sometimes that one is killed while it recovers. */
  async kill(): Promise<void> {
    for (;;) {
      await this.#replace('SIGKILL', this.kills % 2 === 0)
      this.kills += 1
      if (!this.#random.chance(recoveringPercent)) return
      await this.#send
      await pause(this.#random.below(50))
    }
  }

  /** Lets the server drain and starts an ordinary one. Resolves with what the drained one had to say. */
  restart() {
    return this.#replace('SIGTERM', false)
  }

  async #replace(signal: 'SIGTERM' | 'SIGKILL', faulty: boolean) {
    // Who asks for the way from now on waits for the next server.
    const next = Promise.withResolvers<Send>()
    this.#send = next.promise
    const ending = await this.#server.end(signal)
    this.#server = this.#start(faulty)
    this.#whenListening().then(next.resolve, next.reject)
    return ending
  }

  #start(faulty: boolean): RecoupProcess {
    const words = ['--port', '0', '--data', this.#directory]
    // However busy the machine is, everybody is let in: this is not about the door.
    const everybody = { RECOUP_OVERLOAD_MS: '600000' }
    if (!faulty) return new RecoupProcess(['serve', ...words], { environment: everybody })
    const environment = { ...everybody, CRASH_SEED: `${this.#random.below(2 ** 32)}` }
    return new RecoupProcess(words, { program: 'test/crash/faulty-server.ts', environment })
  }

  async #whenListening(): Promise<Send> {
    return overSockets(await this.#server.listening)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.end('SIGKILL')
  }
}
