import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const root = new URL('../../', import.meta.url)

export interface ProcessOptions {
  /** `RECOUP_*` variables; those of the test's own environment are not handed on. Gateway mode unless they say so. */
  readonly environment?: Readonly<Record<string, string>>
  /** The program, from the root of the project. */
  readonly program?: string
  readonly node?: string
  /** What is piped into it; nothing unless given. */
  readonly input?: string
  /** The words of a program that starts it and stays out of the way, such as a tracer; none unless given. */
  readonly under?: readonly string[]
}

export interface Ending {
  /** Null when a signal ended it. */
  readonly status: number | null
  readonly signal?: NodeJS.Signals
  readonly output: string
  readonly errors: string
}

/** Halves what a start costs. */
const compileCache = fileURLToPath(new URL('node_modules/.cache/recoup-test', root))

const listenWithinMs = 180_000

/** Recoup as a process of its own. It is gone when its scope is, whatever became of the test. */
export class RecoupProcess implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable | null, Readable, Readable>
  /** Everything it said, once it has ended. */
  readonly ended: Promise<Ending>
  /** The URL it says it listens on. Rejects, with its errors, when it ends before that. */
  readonly listening: Promise<string>

  constructor(
    words: readonly string[],
    { environment, program = 'src/main.ts', node = process.execPath, input, under = [] }: ProcessOptions = {},
  ) {
    const [file = node, ...all] = [...under, node, fileURLToPath(new URL(program, root)), ...words]
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('RECOUP_'))
    this.#child = spawn(file, all, {
      cwd: tmpdir(),
      env: {
        ...Object.fromEntries(inherited),
        NODE_COMPILE_CACHE: compileCache,
        RECOUP_AUTH: 'gateway',
        ...environment,
      },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    }) as ChildProcessByStdio<Writable | null, Readable, Readable>
    this.#child.stdin?.end(input)
    this.listening = this.#untilListening()
    // Who kills it before it listens does not ask for its URL.
    this.listening.catch(() => {})
    this.ended = Promise.all([
      once(this.#child, 'exit'),
      text(this.#child.stdout),
      text(this.#child.stderr),
    ]).then(([[status, signal], output, errors]) => ({
      status,
      ...(signal !== null && { signal }),
      output,
      errors,
    }))
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The process could not be started')
    return this.#child.pid
  }

  /** Sends the signal to this one process. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Sends the signal to this one process, and resolves when it is gone. */
  async end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<Ending> {
    this.signal(signal)
    return this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL')
  }

  async #untilListening(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    let output = ''
    this.#child.stdout.on('data', chunk => {
      output += chunk
      const url = /listening(?: on |":")(http:[^\s"]+)(?:"\})?\n/.exec(output)?.[1]
      if (url !== undefined) resolve(url)
    })
    this.#child.once('exit', () =>
      this.ended.then(({ errors }) => reject(new Error(`It ended before it listened: ${errors}`)), reject),
    )
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), listenWithinMs)
    return promise.finally(() => clearTimeout(patience))
  }
}

/** Runs one command to its end. */
export async function recoup(words: readonly string[], options?: ProcessOptions): Promise<Ending> {
  await using running = new RecoupProcess(words, options)
  return await running.ended
}
