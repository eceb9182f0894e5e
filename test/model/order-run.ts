import type { OrderItem } from '../../src/actors/order/order-messages.ts'
import type { OrderState } from '../../src/machines/order-machine.ts'
import { refuse } from '../../src/refusal.ts'
import { addressOf, type Envelope, kindOf, type Message } from '../../src/runtime/envelope.ts'
import type { Answer } from '../support/client.ts'
import { stateName } from './machine-chart.ts'
import type { ModelEvent } from './machine-model.ts'
import { items, type ModelShop, orderExpiryMs } from './model-shop.ts'
import { orderModel } from './order-model.ts'
import { PathProblem } from './path-problem.ts'
import type { Ids } from './payment-run.ts'
import type { Path } from './state-graph.ts'
import { type ToldEvent, tellPath } from './told-path.ts'

/*
 * Makes a real shop go a path of the order machine. What its payment says to the order is brought about by paying it: the
 * payment is led to where it says that, by letting participants answer, refuse or stay silent. What no payment would say
 * there is put on the network as if one had, with a key of its own.
 */

const isPaidFor = (status: string) => /^(PAID|PARTIALLY_RETURNED|RETURNED)$/.test(status)

/** An attempt that no payment makes: the keys of messages that nobody sent. */
const nobodysAttempt = 99

const pastItsTime = 'past its time'
const neverArrived = 'of what never arrived'
const lastReturn = 'RecordReturn of the rest'
/** Of the two units of one option. */
const partsMax = 2

export class OrderRun {
  readonly shop: ModelShop
  readonly told: readonly ToldEvent<OrderState>[]
  /** Places of the events of the path that nobody in the shop would have caused there. */
  readonly injected = new Set<number>()
  readonly orderId: number
  readonly customerId: number
  readonly #order: string
  readonly #payment: string
  readonly #expiresAt: number
  readonly payers: Promise<Answer>[] = []
  readonly cancellers: Promise<Answer>[] = []
  readonly returners: Promise<Answer>[] = []
  /** Units that were returned, by item. */
  readonly returned = items.map(() => 0)
  /** The requests that have passed their return on; one may do so again. */
  readonly #requests = new Set<string | undefined>()
  #place = 0
  #injections = 0

  constructor(shop: ModelShop, { orderId, customerId }: Ids, path: Path) {
    const stored = shop.stored('order', orderId)?.context as { items: OrderItem[]; createdAt: number }
    this.shop = shop
    this.orderId = orderId
    this.customerId = customerId
    this.#order = addressOf('order', orderId)
    this.#payment = addressOf('payment', orderId)
    this.#expiresAt = stored.createdAt + orderExpiryMs
    const world = {
      orderId,
      customerId,
      items: stored.items,
      expireAfterMs: orderExpiryMs,
      at: stored.createdAt,
    }
    this.told = tellPath(orderModel(world), path)
  }

  async go(after: (place: number) => Promise<void> | void): Promise<void> {
    for (const [place, { event, before, state }] of this.told.entries()) {
      this.#place = place
      const isLoop = stateName(before) === stateName(state) && event.incoming.type !== 'CancelOrder'
      await this.#cause(event, before, isLoop)
      await after(place)
    }
  }

  async settle(): Promise<void> {
    for (let rounds = 0; ; rounds += 1) {
      if (rounds === 200) throw new PathProblem('the payment never comes to rest')
      this.#handOverAll()
      const [timer] = this.shop.timersOf(this.#payment)
      if (timer === undefined) break
      this.shop.passUntil(timer.dueAt)
    }
    await this.shop.deliverOwed()
    this.#handOverAll()
  }

  #handOverAll(): void {
    const { network } = this.shop
    for (let next = network.held[0]; next !== undefined; next = network.held[0]) network.deliver(next)
  }

  // ── What the path says ─────────────────────────────────────────────────────────────────────────────────────────

  async #cause(event: ModelEvent, before: OrderState, isLoop: boolean): Promise<void> {
    const status = stateName(before)
    switch (event.incoming.type) {
      case 'BeginPayment':
        return isPaidFor(status) || status === 'PAYING' ? this.#inject(event) : this.#begin()
      case 'CompletePayment':
        return isLoop ? this.#inject(event) : this.#deliver(this.#leadTo('CompletePayment'))
      case 'VoidPayment':
        if (isLoop && status === 'PAYING' && this.shop.paymentStep(this.orderId)?.startsWith('paying')) {
          return this.#voidUnheard()
        }
        return isLoop ? this.#inject(event) : this.#deliver(this.#leadTo('VoidPayment', 'statistics'))
      case 'ReleaseOrder':
        return this.#release(event, status, isLoop)
      case 'CancelOrder':
        return this.#cancel()
      case 'CancelPaymentRejected':
        return this.#refuseCancellation(event)
      case 'RecordReturn':
        return this.#return(event.label === lastReturn)
      case 'CreateOrder':
        return this.#inject(event)
      default:
        if (!event.incoming.type.startsWith('xstate.after.')) return this.#inject(event)
        this.shop.passUntil(this.#expiresAt)
    }
  }

  async #begin(): Promise<void> {
    await this.#pay()
    this.#deliver(this.#leadTo('BeginPayment'))
    // One that was refused is over.
    const refused = this.shop.network.find(({ message }) => message.type === 'BeginPaymentRejected')
    if (refused !== undefined) this.#deliver(refused)
  }

  async #pay(): Promise<void> {
    const { shop } = this
    const { network } = shop
    // The attempt before is over for its payment, too.
    const released = network.find(({ message }) => message.type === 'OrderReleased')
    if (released !== undefined) network.deliver(released)
    const comes = network.arrival(({ message, to }) => message.type === 'PayOrder' && to === this.#payment)
    const answer = shop.client.pay(this.orderId)
    answer.catch(() => {})
    this.payers.push(answer)
    await shop.request(comes)
    shop.run()
  }

  async #release(event: ModelEvent, status: string, isLoop: boolean): Promise<void> {
    if (isLoop) {
      const mayBePaid = status !== 'PAYING' && !isPaidFor(status)
      if (!mayBePaid || !event.label.includes(neverArrived)) return this.#inject(event)
      // The order never hears that an attempt began, and is released from it all the same.
      await this.#pay()
      for (
        let silent = this.#held('BeginPayment');
        silent !== undefined;
        silent = this.#held('BeginPayment')
      ) {
        this.shop.network.drop(silent)
        this.#passDeadline()
      }
      this.#deliver(this.#leadTo('ReleaseOrder'))
    } else {
      const release = this.#leadTo('ReleaseOrder', 'stock')
      if (event.label.includes(pastItsTime)) this.#passExpiry(release)
      this.#deliver(release)
    }
    const released = this.shop.network.find(({ message }) => message.type === 'OrderReleased')
    if (released !== undefined) this.#deliver(released)
  }

  async #return(isLast: boolean): Promise<void> {
    const { shop } = this
    // One of the two units there are of it, so that something is left for the last.
    const place = items.length - 1
    const item = items[place]
    // What the payment has to hear before anything can be returned.
    this.#handOverAll()
    const known = this.#requests
    const isReturn = ({ message, to, from }: Envelope) =>
      message.type === 'ReturnItems' && to === this.#payment && !known.has(from)
    const comes = shop.network.arrival(isReturn)
    const wanted =
      isLast || item === undefined ? undefined : [{ productOptionId: item.productOptionId, quantity: 1 }]
    const key = { 'Idempotency-Key': `model-return-${this.orderId}-${this.returners.length}` }
    const answer = shop.client.returnItems(this.orderId, wanted, key)
    answer.catch(() => {})
    this.returners.push(answer)
    await shop.request(comes)
    shop.run()
    known.add(shop.network.find(isReturn)?.from)
    this.#deliver(this.#leadTo('RecordReturn'))
    if (wanted === undefined)
      for (const [each, { quantity }] of items.entries()) this.returned[each] = quantity
    else this.returned[place] = (this.returned[place] ?? 0) + 1
  }

  /** The order never hears of the payment record, and is told to take it back all the same. */
  #voidUnheard(): void {
    this.#leadTo('CompletePayment')
    this.#loseEvery('CompletePayment')
    this.#deliver(this.#leadTo('VoidPayment'))
  }

  async #cancel(): Promise<void> {
    const { shop } = this
    const comes = shop.network.arrival(
      ({ message, to }) => message.type === 'CancelOrder' && to === this.#order,
    )
    const answer = shop.client.cancel(this.orderId)
    answer.catch(() => {})
    this.cancellers.push(answer)
    await shop.request(comes)
    shop.run()
  }

  async #refuseCancellation(event: ModelEvent): Promise<void> {
    const { network } = this.shop
    const cancel = network.find(({ to, message }) => to === this.#payment && message.type === 'CancelPayment')
    if (cancel === undefined) return this.#inject(event)
    // Too late is what it is once the payment is being recorded.
    this.#leadTo('CompletePayment')
    this.#deliver(cancel)
    const refused = network.find(
      ({ to, message }) => to === this.#order && message.type === 'CancelPaymentRejected',
    )
    if (refused === undefined && network.disturbance === undefined) {
      throw new PathProblem(`${event.label} did not come`)
    }
    this.#deliver(refused)
  }

  // ── Leading the payment ────────────────────────────────────────────────────────────────────────────────────────

  #held(type: string): Envelope | undefined {
    return this.shop.network.find(
      ({ from, to, message }) => from === this.#payment && to === this.#order && message.type === type,
    )
  }

  #deliver(envelope: Envelope | undefined): void {
    if (envelope !== undefined) this.shop.network.deliver(envelope)
  }

  #passDeadline(): void {
    const [timer] = this.shop.timersOf(this.#payment)
    if (timer !== undefined) this.shop.passUntil(timer.dueAt)
    else if (this.shop.network.disturbance === undefined)
      throw new PathProblem('no deadline of the payment runs')
  }

  /** The order hears nothing of a command until its payment gives up. */
  #loseEvery(type: string): void {
    for (let silent = this.#held(type); silent !== undefined; silent = this.#held(type)) {
      this.shop.network.drop(silent)
      this.#passDeadline()
    }
  }

  /** Lets the order's time pass. What its payment sends again meanwhile is lost. */
  #passExpiry(release: Envelope | undefined): void {
    const { network } = this.shop
    this.shop.passUntil(this.#expiresAt)
    for (const again of [...network.held]) if (again !== release) network.drop(again)
  }

  /**
   * Lets the payment go on until it has sent this command to the order. Participants of the kind `refusing` refuse, and so
   * does the order what the payment wants of it instead.
   */
  #leadTo(type: string, refusing?: string): Envelope | undefined {
    const { network } = this.shop
    for (let steps = 0; steps < 100; steps += 1) {
      const sent = this.#held(type)
      if (sent !== undefined) return sent
      const next = network.find(({ message }) => message.type !== 'CancelPayment')
      if (next === undefined) break
      const isCommand = next.from === this.#payment && next.inReplyTo === undefined
      const refuses =
        isCommand &&
        refusing !== undefined &&
        (kindOf(next.to) === refusing || next.message.type === 'CompletePayment')
      if (refuses && next.undoes === undefined)
        network.answer(next, { type: `${next.message.type}Rejected`, refusal: this.#refusal(next) })
      else this.#deliver(next)
    }
    // It may have said so already, when messages change places.
    if (network.disturbance !== undefined) return undefined
    throw new PathProblem(`the payment never sends ${type}`)
  }

  #refusal({ to }: Envelope) {
    const orderId = this.orderId
    if (kindOf(to) === 'stock')
      return refuse('STOCK_INSUFFICIENT', {
        productOptionId: Number(to.split('/')[1]),
        available: 0,
        requested: 1,
      })
    if (kindOf(to) === 'statistics') return refuse('PRODUCT_NOT_FOUND', { productId: 101 })
    return refuse('ORDER_NOT_PAYABLE', { orderId, status: 'CREATED' })
  }

  /** What nobody in the shop would say here, as an attempt would that there never was. */
  #inject(event: ModelEvent): void {
    const { meta, ...message } = event.incoming
    this.injected.add(this.#place)
    this.#injections += 1
    const id = `injected-${this.orderId}-${this.#injections}`
    const scope = `${this.orderId}/${nobodysAttempt}`
    const undone: Record<string, string> = { ReleaseOrder: 'beginPayment', VoidPayment: 'completePayment' }
    const isKeyed = meta.caller.from === this.#payment && !message.type.startsWith('CancelPayment')
    const name = undone[message.type]
    this.shop.network.inject({
      id,
      version: 1,
      from: meta.caller.from,
      to: this.#order,
      message: message as Message,
      ...(isKeyed && { key: { scope, name: `${message.type}/${this.#injections}` } }),
      ...(name !== undefined && { undoes: { scope, name } }),
      correlationId: this.#order,
      causationId: id,
    })
  }
}

/** Whether a payment can lead its order this way: one that undoes does not complete, and nothing is undone twice. */
export function isPossibleOrder(path: Path): boolean {
  let undoing = false
  let cancelled = false
  let parts = 0
  for (const { event, from, to } of path) {
    const { type } = event.incoming
    // Whoever undoes its payment can return nothing of it, and what is returned leaves nothing to undo.
    if (type === 'RecordReturn' && undoing) return false
    if (type === 'RecordReturn' && event.label !== lastReturn) parts += 1
    if (parts > partsMax) return false
    if (type === 'BeginPayment' && from !== to) undoing = false
    if (type === 'CompletePayment' && from !== to && undoing) return false
    // An undo does not refuse a cancellation.
    if (type === 'CancelPaymentRejected' && from !== to && (undoing || !cancelled)) return false
    if (type === 'CancelOrder') cancelled = !undoing
    const isUndo = type === 'VoidPayment' || type === 'ReleaseOrder'
    if (isUndo && from === to && !event.label.includes(neverArrived)) return false
    if (type === 'VoidPayment' && from.startsWith('["PAYING"')) {
      if (undoing) return false
      undoing = true
    }
    if (type === 'VoidPayment' && from !== to) undoing = true
  }
  return true
}
