import { isDeepStrictEqual } from 'node:util'
import { CustomerNotes } from './customer-notes.ts'
import { type Answer, type Operation, sendOperation } from './operation.ts'
import { until } from './until.ts'

export interface Request {
  readonly operation: Operation
  readonly key?: string
}

const answerWithinMs = 30_000

/**
 * One customer in a closed loop: asks for something, waits for the answer, notes it, and goes on, until the server is
 * gone or there is nothing more to ask. What was asked under a key is asked again, under the same key, of the server that comes after it.
 */
export class Client {
  readonly notes: CustomerNotes
  /** Requests asked again under their key because the first try was not answered. */
  retries = 0
  /** In the order they came. */
  readonly answers: Answer[] = []
  readonly #next: (notes: CustomerNotes) => Request | undefined
  /** Requests that a server that was told to stop did not take in. */
  turnedAway = 0
  /** Under way, or, when the server is gone, to be asked again of the next. */
  #open: Request | undefined
  #lastKeyed: { request: Request; answer: Answer } | undefined

  /** `next` says what to ask for after what was noted so far; `undefined` for nothing more. */
  constructor(
    customerId: number,
    next: (notes: CustomerNotes) => Request | undefined,
    mayBeUnavailable = false,
  ) {
    this.notes = new CustomerNotes(customerId, mayBeUnavailable)
    this.#next = next
  }

  /** One who has been told the same and has the same open, for whom things go on in another way. */
  copy(): Client {
    const copy = new Client(this.notes.customerId, this.#next)
    copy.notes.take(this.notes)
    copy.#open = this.#open
    copy.#lastKeyed = this.#lastKeyed
    return copy
  }

  get inFlight(): boolean {
    return this.#open !== undefined
  }

  /**
   * Resolves with whether everything was answered; no when the server does not answer any more. Ends early when `goOn`,
   * asked before each request, says no.
   */
  async run(url: string, goOn: () => boolean | Promise<boolean> = () => true): Promise<boolean> {
    for (;;) {
      const request = (await goOn()) ? this.#next(this.notes) : undefined
      if (request === undefined) return true
      this.notes.sent(request.operation)
      if (!(await this.#ask(url, request))) return false
    }
  }

  /** Ends what the crash left open, and asks once more what was answered last. Rejects when the server is gone, too. */
  async resume(url: string): Promise<void> {
    if (this.#open !== undefined) {
      this.retries += 1
      if (!(await this.#ask(url, this.#open))) throw new Error('The server is gone')
    }
    if (this.#lastKeyed === undefined) return
    const { request, answer } = this.#lastKeyed
    const { operation, key } = request
    const again = await sendOperation(url, this.notes.customerId, operation, key)
    const { status, body } = answer
    if (!again.replayed || again.status !== status || !isDeepStrictEqual(again.body, body)) {
      this.notes.faults.push(
        `${key} was answered ${status} ${JSON.stringify(body)} and then ${again.status} ${JSON.stringify(again.body)}`,
      )
    }
  }

  /** False when no answer came. */
  async #ask(url: string, request: Request): Promise<boolean> {
    const { operation, key } = request
    this.#open = request
    let answer: Answer
    try {
      answer = await this.#finalAnswer(url, request)
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') {
        this.notes.faults.push(`${JSON.stringify(operation)} was not answered in time`)
      }
      if (key === undefined) {
        // Nobody dares to ask that again.
        this.#open = undefined
        this.notes.unanswered(operation)
      }
      return false
    }
    this.#open = undefined
    if ((answer.body as { code?: string }).code === 'SHUTTING_DOWN') {
      this.turnedAway += 1
      this.notes.turnedAway(operation)
      return false
    }
    this.notes.answered(operation, answer)
    this.answers.push(answer)
    if (key !== undefined && answer.status < 300) this.#lastKeyed = { request, answer }
    return true
  }

  /**
   * The first answer but "it is still running", which is what comes while a crashed request is being finished, and "there
   * is too much to do", which a busy machine may say.
   */
  async #finalAnswer(url: string, { operation, key }: Request): Promise<Answer> {
    let answer: Answer | undefined
    await until(`${key} is answered`, answerWithinMs, async () => {
      answer = await sendOperation(url, this.notes.customerId, operation, key)
      const { code } = answer.body as { code?: string }
      return code !== 'REQUEST_IN_FLIGHT' && code !== 'OVERLOADED'
    })
    return answer as Answer
  }
}
