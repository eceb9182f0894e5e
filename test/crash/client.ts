import { isDeepStrictEqual } from 'node:util'
import { couponIds, options } from './crash-profile.ts'
import { CustomerNotes } from './customer-notes.ts'
import { type Answer, type Operation, sendOperation } from './operation.ts'
import type { Random } from './random.ts'
import { until } from './until.ts'

interface Request {
  readonly operation: Operation
  readonly key?: string
}

const answerWithinMs = 30_000
const bigOrderPercent = 5
const keyPercent = 50

/**
 * One customer in a closed loop: asks for something, waits for the answer, notes it, and goes on, until the server is
 * gone. What was asked under a key is asked again, under the same key, of the server that comes after it.
 */
export class Client {
  readonly notes: CustomerNotes
  /** Requests asked again under their key because the first try was not answered. */
  retries = 0
  readonly #random: Random
  #number = 0
  /** Under way, or, when the server is gone, to be asked again of the next. */
  #open: Request | undefined
  #lastKeyed: { request: Request; answer: Answer } | undefined

  constructor(customerId: number, random: Random) {
    this.notes = new CustomerNotes(customerId)
    this.#random = random
  }

  get inFlight(): boolean {
    return this.#open !== undefined
  }

  /** Resolves when the server does not answer any more. */
  async run(url: string): Promise<void> {
    for (;;) {
      const operation = this.#next()
      this.#number += 1
      const key = `customer-${this.notes.customerId}-request-${this.#number}`
      const request = { operation, ...(this.#random.chance(keyPercent) && { key }) }
      this.notes.sent(operation)
      if (!(await this.#ask(url, request))) return
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
    this.notes.answered(operation, answer)
    if (key !== undefined && answer.status < 300) this.#lastKeyed = { request, answer }
    return true
  }

  /** The first answer but "it is still running", which is what comes while a crashed request is being finished. */
  async #finalAnswer(url: string, { operation, key }: Request): Promise<Answer> {
    let answer: Answer | undefined
    await until(`${key} is answered`, answerWithinMs, async () => {
      answer = await sendOperation(url, this.notes.customerId, operation, key)
      return (answer.body as { code?: string }).code !== 'REQUEST_IN_FLIGHT'
    })
    return answer as Answer
  }

  #next(): Operation {
    const random = this.#random
    const choice = random.below(100)
    if (choice < 8) return { type: 'charge', amount: 20_000 + this.notes.charges.size }
    const couponId = couponIds.find(id => !this.notes.coupons.has(id))
    if (choice < 16 && couponId !== undefined) return { type: 'issueCoupon', couponId }
    const orderId = this.#payableOrder()
    if (orderId === undefined) return { type: 'order', items: this.#items() }
    if (choice < 24) return { type: 'cancel', orderId }
    const coupon = random.chance(60) ? this.#unusedCoupon() : undefined
    return { type: 'pay', orderId, atOnce: random.chance(15), ...(coupon && { couponId: coupon }) }
  }

  #payableOrder(): number | undefined {
    const [orderId, order] = [...this.notes.orders].at(-1) ?? []
    return order?.statuses.has('CREATED') && order.payments < 3 ? orderId : undefined
  }

  #unusedCoupon(): number | undefined {
    const { coupons, couponsUsed } = this.notes
    return couponIds.find(id => coupons.get(id) === 'acknowledged' && !couponsUsed.has(id))
  }

  #items() {
    const random = this.#random
    if (random.chance(bigOrderPercent)) return options.map(option => ({ ...option, quantity: 1 }))
    const first = random.below(options.length)
    const lines = 1 + random.below(3)
    return options.slice(first, first + lines).map(option => ({ ...option, quantity: 1 + random.below(3) }))
  }
}
