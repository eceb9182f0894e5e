import { setTimeout as pause } from 'node:timers/promises'
import { clientOf } from '../support/client.ts'
import { overSockets } from '../support/over-sockets.ts'

/** What was asked and how much of it was answered as it should be, since the start. */
export interface TrafficCounts {
  payments: number
  paid: number
  popular: number
  popularAnswered: number
  issues: number
  issuesAnswered: number
}

const payers = 8
const payEveryMs = 20
const popularEveryMs = 25
const firstCustomerId = 1001
const couponId = 4001
/** What takes longer counts as no answer. */
export const answerMsMax = 1_000

/**
 * Customers of the load-test shop who order and pay, look at what is popular, and ask for the coupon, one after the other.
 * An answer that takes longer than a second counts as none.
 */
export class Traffic {
  readonly counts: TrafficCounts = {
    payments: 0,
    paid: 0,
    popular: 0,
    popularAnswered: 0,
    issues: 0,
    issuesAnswered: 0,
  }
  /** Who was told they have a coupon. */
  readonly issuedTo: number[] = []
  readonly customers: number
  readonly #client: ReturnType<typeof clientOf>
  readonly #issueEveryMs: number
  #nextCustomer = 0
  #running = false
  #loops: Promise<void>[] = []
  #orders = 0

  constructor(url: string, { customers, issueEveryMs }: { customers: number; issueEveryMs: number }) {
    this.#client = clientOf(overSockets(url))
    this.customers = customers
    this.#issueEveryMs = issueEveryMs
  }

  start(): void {
    this.#running = true
    this.#loops = [
      ...Array.from({ length: payers }, () => this.#repeat(payEveryMs, () => this.#orderAndPay())),
      this.#repeat(popularEveryMs, () => this.#lookAtPopular()),
      this.#repeat(this.#issueEveryMs, () => this.#askForCoupon()),
    ]
  }

  /** Resolves once every answer is there. */
  async stop(): Promise<void> {
    this.#running = false
    await Promise.all(this.#loops)
  }

  /** Everybody who has not asked for a coupon yet does. */
  async askForRest(): Promise<void> {
    while (this.#nextCustomer < this.customers) await this.#askForCoupon()
  }

  /** The ranking of today, as the server tells it. */
  async popularNow(): Promise<unknown> {
    return (await this.#client.get('/products/popular?days=1')).body
  }

  async #repeat(everyMs: number, run: () => Promise<void>): Promise<void> {
    while (this.#running) {
      await run()
      await pause(everyMs)
    }
  }

  async #orderAndPay(): Promise<void> {
    this.#orders += 1
    const option = (this.#orders * 7) % 60
    const customerId = firstCustomerId + (this.#orders % this.customers)
    this.counts.payments += 1
    const item = { productId: 5001 + Math.floor(option / 3), productOptionId: 6001 + option, quantity: 1 }
    const paid = await inTime(async () => {
      const order = await this.#client.placeOrder(customerId, [item])
      return order.status === 201 && (await this.#client.pay(order.body.orderId)).status === 201
    })
    if (paid) this.counts.paid += 1
  }

  async #lookAtPopular(): Promise<void> {
    this.counts.popular += 1
    const answered = await inTime(
      async () => (await this.#client.get('/products/popular?days=7')).status === 200,
    )
    if (answered) this.counts.popularAnswered += 1
  }

  async #askForCoupon(): Promise<void> {
    if (this.#nextCustomer === this.customers) return
    const customerId = firstCustomerId + this.#nextCustomer
    this.#nextCustomer += 1
    this.counts.issues += 1
    const answered = await inTime(async () => {
      const { status, body } = await this.#client.issueCoupon(couponId, customerId)
      if (status === 201) this.issuedTo.push(customerId)
      return status === 201 || body.code === 'COUPON_INSUFFICIENT'
    })
    if (answered) this.counts.issuesAnswered += 1
  }
}

async function inTime(work: () => Promise<boolean>): Promise<boolean> {
  const began = performance.now()
  const done = await work().catch(() => false)
  return done && performance.now() - began < answerMsMax
}
