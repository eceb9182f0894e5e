import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentProgress } from '../../src/cli/progress.ts'
import { seed } from '../../src/cli/seed/seed.ts'
import type { ShopProfile } from '../../src/cli/seed/shop-profile.ts'
import { readConfig } from '../../src/config.ts'
import { openShop, type Shop } from '../../src/main.ts'
import { checkInvariants } from '../../src/persistence/invariants/invariants.ts'
import type { Message } from '../../src/runtime/envelope.ts'
import { type Client, clientOf } from '../support/client.ts'
import { overSockets } from '../support/over-sockets.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { HeldNetwork } from './held-network.ts'
import { stepDeadlineMs, stepResendsMax } from './payment-model.ts'

/** Long enough for every path, so that only paths about it meet it. */
export const orderExpiryMs = 3_600_000

const environment = {
  RECOUP_STEP_DEADLINE_MS: String(stepDeadlineMs),
  RECOUP_STEP_RESENDS: String(stepResendsMax),
  RECOUP_PAYMENT_WAIT_MS: '600000',
  RECOUP_ORDER_EXPIRY_MS: String(orderExpiryMs),
}

const profile: ShopProfile = {
  products: [
    {
      id: 101,
      name: 'Cup',
      basePrice: 1_000,
      options: [
        { id: 1011, optionName: 'red', extraPrice: 0, stock: 1_000_000 },
        { id: 1012, optionName: 'blue', extraPrice: 500, stock: 1_000_000 },
      ],
    },
  ],
  customers: [],
  coupons: [
    { id: 201, name: '300 off', discountType: 'FIXED', discountAmount: 300, totalQuantity: 1_000_000 },
  ],
}

export const couponId = 201
export const discountAmount = 300
export const items = [
  { productId: 101, productOptionId: 1011, quantity: 1, unitPrice: 1_000 },
  { productId: 101, productOptionId: 1012, quantity: 2, unitPrice: 1_500 },
]
const lines = items.map(({ unitPrice: _unitPrice, ...line }) => line)
export const totalPrice = 1_000 + 2 * 1_500
const startingBalance = 1_000_000

/** All that is worth money to one customer and one order, and what the shelves hold. */
export interface Books {
  readonly balance: number | undefined
  readonly coupons: readonly string[]
  readonly stocks: readonly number[]
  readonly unitsSold: number
}

const turn = () => new Promise(setImmediate)

/** A real shop behind a network that hands over what it is told to. It can crash, and is then another one on the same data. */
export class ModelShop {
  readonly clock = new SimulatedClock()
  readonly network = new HeldNetwork(this.clock)
  readonly reports: string[] = []
  /** Whether a crash loses the timers. Only to show that this would be seen. */
  losesTimers = false
  readonly #environment: Readonly<Record<string, string>>
  #shop: Shop
  #client: Client
  #directory: string | undefined
  #stop: () => Promise<unknown> = async () => {}
  #customers = 0

  private constructor(directory: string | undefined, settings: Readonly<Record<string, string>>) {
    this.#directory = directory
    this.#environment = { ...environment, ...settings }
    this.#shop = this.#open()
    this.#client = clientOf((path, init) => this.#shop.app.request(path, init))
  }

  /** In memory and over real sockets, or on a directory that survives its crashes. */
  static async open(
    on: 'memory' | 'disk',
    settings: Readonly<Record<string, string>> = {},
  ): Promise<ModelShop> {
    const directory = on === 'disk' ? newDirectory() : undefined
    const shop = new ModelShop(directory, settings)
    const seeded = seed(profile, shop.#shop, silentProgress)
    await shop.#until(seeded)
    if (on === 'memory') {
      const server = await shop.#shop.listen('127.0.0.1', 0)
      shop.#stop = () => server.stop()
      shop.#client = clientOf(overSockets(server.url))
    }
    return shop
  }

  #open(): Shop {
    const shop = openShop({
      config: readConfig({
        RECOUP_AUTH: 'gateway',
        RECOUP_DATA: this.#directory ?? ':memory:',
        ...this.#environment,
      }),
      clock: this.clock,
      transport: this.network,
      mode: this.#directory === undefined ? 'ticks' : 'steps',
      writeInPlace: true,
      report: line => {
        // Also an undo that a path leaves unanswered for a while.
        if (!/ payments? waits? for an operator/.test(line)) this.reports.push(line)
      },
    })
    this.network.attach(shop, () => shop.runtime.runUntilIdle())
    return shop
  }

  get client(): Client {
    return this.#client
  }

  /** Handles everything that needs no message and no time. */
  run(): void {
    this.#shop.runtime.runUntilIdle()
  }

  /** Lets happen what needs no time until `done` is settled. */
  async #until<T>(done: Promise<T>): Promise<T> {
    let open = true
    const settled = done.finally(() => {
      open = false
    })
    while (open) {
      this.run()
      await turn()
    }
    return settled
  }

  ask(to: string, message: Message, correlationId: string): Promise<Message> {
    return this.#shop.ask(to, message, { correlationId })
  }

  /** Runs `request` to its answer, for what is answered without the network. */
  request<T>(request: Promise<T>): Promise<T> {
    return this.#until(request)
  }

  /** The process is gone and another one opens what it left on disk. What it had not answered, it never will. */
  async crash(): Promise<void> {
    if (this.#directory === undefined) throw new Error('What is in memory does not survive a crash')
    const [before, left] = [this.#shop, this.#directory]
    this.#directory = newDirectory()
    cpSync(left, this.#directory, { recursive: true })
    this.network.detach()
    this.#shop = this.#open()
    if (this.losesTimers) this.#shop.database.exec('DELETE FROM timers')
    await before.close()
    rmSync(left, { recursive: true })
  }

  /** A customer with money and a coupon, and an order of both options. */
  async newOrder(): Promise<{ orderId: number; customerId: number }> {
    this.#customers += 1
    const customerId = this.#customers
    const tell = (to: string, message: Message) => this.request(this.ask(to, message, 'fill'))
    await tell(`customer/${customerId}`, {
      type: 'CreateCustomer',
      customerId,
      username: `customer${customerId}`,
    })
    await tell(`balance/${customerId}`, { type: 'ChargeBalance', amount: startingBalance })
    await tell(`coupon/${couponId}`, { type: 'IssueCoupon', customerId })
    const { body } = await this.request(this.client.placeOrder(customerId, lines))
    return { orderId: body.orderId, customerId }
  }

  /** The number of an order that nobody placed. */
  unusedId(): number {
    return this.#shop.newId()
  }

  get(path: string) {
    return this.request(this.client.get(path))
  }

  books({ orderId, customerId }: { orderId: number; customerId: number }): Books {
    const { questions } = this.#shop
    const sold = this.#rows<{ units: number | null }>(
      'SELECT sum(quantity) AS units FROM sales WHERE order_id = ?',
      orderId,
    )
    return {
      balance: questions.balanceAmount(customerId),
      coupons: questions.ownedCoupons(customerId).map(({ status }) => status),
      stocks: questions.product(101)?.options.map(({ stock }) => stock) ?? [],
      unitsSold: sold[0]?.units ?? 0,
    }
  }

  orderStatus(orderId: number): string | undefined {
    return this.#shop.questions.order(orderId)?.status
  }

  paymentStep(orderId: number): string | undefined {
    return this.#shop.questions.payment(orderId)?.step
  }

  /** The state of an actor as it is on disk. */
  stored(kind: string, id: number): { value: unknown; context: Record<string, unknown> } | undefined {
    const [row] = this.#rows<{ state: string }>(
      `SELECT state FROM snapshots WHERE kind = '${kind}' AND id = ?`,
      String(id),
    )
    return row && JSON.parse(row.state)
  }

  timersOf(actor: string): { name: string; dueAt: number }[] {
    return this.#rows('SELECT name, due_at AS dueAt FROM timers WHERE actor = ?', actor)
  }

  /** Lets time pass up to `at`, and what is due happen. */
  passUntil(at: number): void {
    this.clock.advance(Math.max(0, at - this.clock.now()))
    this.run()
  }

  /** Lets the outbox deliver what it owes. */
  async deliverOwed(): Promise<void> {
    const owed = () =>
      this.#rows("SELECT 1 FROM outbox WHERE topic = 'command' AND next_attempt_at IS NOT NULL").length
    for (let turns = 0; owed() > 0; turns += 1) {
      if (turns === 1_000) throw new Error('The outbox never delivered what it owes')
      this.run()
      await turn()
    }
  }

  /** The invariants that do not hold, and what was reported. */
  unsound(): string[] {
    const broken = checkInvariants(this.#shop.database, this.clock.now())
      .filter(({ violationCount }) => violationCount > 0)
      .map(({ name, violations }) => `${name}: ${violations.join('; ')}`)
    const waiting = this.#rows('SELECT * FROM mailbox').length
    return [...broken, ...this.reports, ...(waiting > 0 ? [`${waiting} messages were left lying`] : [])]
  }

  #rows<Row>(sql: string, ...parameters: unknown[]): Row[] {
    return this.#shop.database.prepare<unknown[], Row>(sql).all(...parameters)
  }

  async close(): Promise<void> {
    await this.#stop()
    await this.#shop.close()
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true })
  }
}

const newDirectory = () => mkdtempSync(join(tmpdir(), 'recoup-model-'))
