import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

interface PlacedOrder {
  customerId: number
  items: { productId: number; productOptionId: number; quantity: number }[]
}

interface TillAnswer {
  status: number
  body: object
  retryAfterSeconds?: number
}

/** How a till answers; what is not given it answers as if everything went well, at a penny a unit. */
export interface TillManners {
  order?(order: PlacedOrder): TillAnswer | undefined
  pay?(order: PlacedOrder): TillAnswer | undefined
  look?(order: PlacedOrder): object
  takeBack?(): TillAnswer | undefined
}

/** A small HTTP server with the order and payment routes of a shop, in which the test decides what is refused. */
export class Till implements AsyncDisposable {
  readonly orders: PlacedOrder[] = []
  readonly returns: { orderId: number; key: unknown; items: PlacedOrder['items'] }[] = []
  /** The most orders that were under way at one time, in all and of one customer. */
  atOnce = 0
  atOnceOfCustomer = 0
  readonly #server: Server
  readonly #underWay: number[] = []

  static async open(manners: TillManners = {}): Promise<Till> {
    const till = new Till(manners)
    await new Promise<void>(resolve => till.#server.listen(0, '127.0.0.1', resolve))
    return till
  }

  private constructor(manners: TillManners) {
    this.#server = createServer(async (request, response) => {
      const { status, body, retryAfterSeconds } = await this.#answer(request, manners)
      if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise(resolve => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, manners: TillManners): Promise<TillAnswer> {
    const [, resource, id, what] = request.url?.split('/') ?? []
    if (request.method === 'GET') {
      return { status: 200, body: manners.look?.(this.#order(Number(id))) ?? {} }
    }
    if (what === 'returns') {
      const { items } = (await json(request)) as PlacedOrder
      const refused = manners.takeBack?.()
      if (refused !== undefined) return refused
      const key = request.headers['idempotency-key']
      const returnId = this.returns.push({ orderId: Number(id), key, items })
      const refundAmount = items.reduce((sum, { quantity }) => sum + quantity, 0)
      return { status: 201, body: { returnId, refundAmount } }
    }
    if (resource === 'orders') {
      const order = (await json(request)) as PlacedOrder
      const refused = manners.order?.(order)
      if (refused !== undefined) return refused
      this.#begin(order.customerId)
      return { status: 201, body: { orderId: this.orders.push(order) } }
    }
    const { orderId } = (await json(request)) as { orderId: number }
    const order = this.#order(orderId)
    this.#underWay.splice(this.#underWay.indexOf(order.customerId), 1)
    const units = order.items.reduce((sum, { quantity }) => sum + quantity, 0)
    return manners.pay?.(order) ?? { status: 201, body: { orderId, discountedPrice: units } }
  }

  #order(orderId: number): PlacedOrder {
    const order = this.orders[orderId - 1]
    if (order === undefined) throw new Error(`There is no order ${orderId}`)
    return order
  }

  #begin(customerId: number): void {
    this.#underWay.push(customerId)
    this.atOnce = Math.max(this.atOnce, this.#underWay.length)
    const ofCustomer = this.#underWay.filter(id => id === customerId).length
    this.atOnceOfCustomer = Math.max(this.atOnceOfCustomer, ofCustomer)
  }
}
