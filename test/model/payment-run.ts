import type { PaymentState } from '../../src/machines/payment-machine.ts'
import { addressOf, type Envelope, kindOf, type Message } from '../../src/runtime/envelope.ts'
import type { Answer } from '../support/client.ts'
import type { ModelEvent } from './machine-model.ts'
import { couponId, discountAmount, items, type ModelShop, totalPrice } from './model-shop.ts'
import { PathProblem } from './path-problem.ts'
import { type PaymentWorld, paymentModel } from './payment-model.ts'
import type { Path } from './state-graph.ts'
import { type ToldEvent, tellPath } from './told-path.ts'

/*
 * Makes a real shop go a path of the payment machine: what the path hears from a participant, the participant is made to
 * answer; a deadline that passes on the path passes here, with the participant silent until then. Participants carry out
 * what they are told; only a refusal is put into their mouths.
 */

/** What a silent participant has done, which its payment cannot know, and whether it is heard of after all. */
export type Silence = 'never hears of it' | 'does it unheard' | 'hears of it late' | 'is heard late'

export interface PaymentRunOptions {
  readonly silence: Silence
  /** Pays under an idempotency key, which the payer can use again after a crash. */
  readonly keyed: boolean
}

export interface Ids {
  readonly orderId: number
  readonly customerId: number
}

type Returned = readonly { productOptionId: number; quantity: number }[]

export const unplacedOrder = 'BeginPaymentRejected ORDER_NOT_FOUND'

export class PaymentRun {
  readonly shop: ModelShop
  readonly world: PaymentWorld
  readonly told: readonly ToldEvent<PaymentState>[]
  /** Each PayOrder of the path with its answer; an order that was never placed is paid behind the door. */
  readonly payers: {
    readonly told: ToldEvent<PaymentState>
    readonly answer: Promise<Answer | Message>
    readonly key: string | undefined
  }[] = []
  /** Each ReturnItems of the path with its answer. */
  readonly returners: {
    readonly told: ToldEvent<PaymentState>
    readonly answer: Promise<Answer>
    readonly items: Returned | undefined
    readonly key: string
  }[] = []
  readonly cancellers: { readonly answer: Promise<Answer>; readonly refused: boolean }[] = []
  /** Places of the events of the path that nobody in the shop would have caused there. */
  readonly injected = new Set<number>()
  /** The requests that have passed their return on; one may do so again. */
  readonly #requests = new Set<string | undefined>()
  readonly #options: PaymentRunOptions
  readonly #self: string
  readonly isPlaced: boolean
  /** What comes late, to be handed over after the next event. */
  #late: Envelope[] = []

  constructor(shop: ModelShop, ids: Ids, path: Path, options: PaymentRunOptions) {
    this.shop = shop
    this.world = { ...ids, couponId, items, totalPrice, discountAmount, at: shop.clock.now() }
    this.told = tellPath(paymentModel(this.world), path)
    this.#options = options
    this.#self = addressOf('payment', ids.orderId)
    this.isPlaced = isPlaced(path)
  }

  /** Goes the whole path; `after` is called after each event. */
  async go(after: (place: number) => Promise<void> | void): Promise<void> {
    for (const [place, told] of this.told.entries()) {
      const late = this.#late
      this.#late = []
      await this.#cause(place, told)
      for (const envelope of late) this.shop.network.inject(envelope)
      this.#handOverTheRest()
      await after(place)
    }
  }

  /** Hands over all that is still on its way, and lets time pass where somebody still waits. */
  async settle(): Promise<void> {
    const { network } = this.shop
    for (const envelope of this.#late) network.inject(envelope)
    this.#late = []
    for (let rounds = 0; ; rounds += 1) {
      if (rounds === 100) throw new PathProblem('the payment never comes to rest')
      for (let next = network.held[0]; next !== undefined; next = network.held[0]) network.deliver(next)
      const [timer] = this.shop.timersOf(this.#self)
      if (timer === undefined) break
      this.shop.passUntil(timer.dueAt)
    }
    await this.shop.deliverOwed()
    for (let next = network.held[0]; next !== undefined; next = network.held[0]) network.deliver(next)
  }

  async #cause(place: number, told: ToldEvent<PaymentState>): Promise<void> {
    const { event } = told
    const { type } = event.incoming
    if (type === 'PayOrder') return this.#pay(told)
    if (type === 'ReturnItems') return this.#return(told)
    if (type === 'CancelPayment') return this.#cancel(place, told)
    if (type.startsWith('xstate.after.')) return this.#fallSilent(place)
    if (kindOf(event.incoming.meta.caller.from) === 'door') return this.#askForIt(event)
    this.#answer(place, event)
  }

  // ── Who asks ───────────────────────────────────────────────────────────────────────────────────────────────────

  async #pay(told: ToldEvent<PaymentState>): Promise<void> {
    const { shop } = this
    const { couponId } = messageOf(told.event) as { couponId?: number | null }
    const { orderId } = this.world
    const keyed = this.#options.keyed && this.isPlaced
    const key = keyed ? `model-path-${orderId}-${this.payers.length}` : undefined
    const comes = shop.network.arrival(({ message, to }) => message.type === 'PayOrder' && to === this.#self)
    const answer = this.isPlaced
      ? shop.client.pay(orderId, couponId ?? null, key === undefined ? undefined : { 'Idempotency-Key': key })
      : // The door would not let it pass.
        shop.ask(this.#self, messageOf(told.event), addressOf('order', orderId))
    // A process that crashes answers nobody any more.
    answer.catch(() => {})
    this.payers.push({ told, answer, key })
    await shop.request(comes)
    const passedOn = shop.network.find(({ message, to }) => message.type === 'PayOrder' && to === this.#self)
    if (passedOn !== undefined) shop.network.deliver(passedOn)
    shop.run()
  }

  async #return(told: ToldEvent<PaymentState>): Promise<void> {
    const { shop } = this
    const { orderId } = this.world
    const { items } = messageOf(told.event) as unknown as { items: Returned | null }
    const key = `model-return-${orderId}-${this.returners.length}`
    const known = this.#requests
    const isReturn = ({ message, to, from }: Envelope) =>
      message.type === 'ReturnItems' && to === this.#self && !known.has(from)
    const comes = shop.network.arrival(isReturn)
    const answer = shop.client.returnItems(orderId, items ?? undefined, { 'Idempotency-Key': key })
    answer.catch(() => {})
    this.returners.push({ told, answer, items: items ?? undefined, key })
    await shop.request(comes)
    const passedOn = shop.network.find(isReturn)
    known.add(passedOn?.from)
    if (passedOn !== undefined) shop.network.deliver(passedOn)
    shop.run()
  }

  /** A customer cancels where the order would pass it on; otherwise the message comes as a late one would. */
  async #cancel(place: number, { event, taken }: ToldEvent<PaymentState>): Promise<void> {
    const { shop } = this
    const { network } = shop
    const { orderId } = this.world
    const order = addressOf('order', orderId)
    // The order takes a cancellation while it is being paid: it may know more than its payment has heard.
    for (const type of ['BeginPayment', 'VoidPayment']) {
      const command = network.find(({ to, message }) => to === order && message.type === type)
      if (command !== undefined) network.deliver(command)
    }
    const isCancel = ({ from, message }: Envelope) => from === order && message.type === 'CancelPayment'
    const status = shop.orderStatus(orderId)
    const { cancellers } = shop.stored('order', orderId)?.context ?? {}
    if (status === 'PAYING' && (cancellers as unknown[]).length === 0) {
      const comes = network.arrival(isCancel)
      const answer = shop.client.cancel(orderId)
      answer.catch(() => {})
      this.cancellers.push({ answer, refused: isRefusedCancel(taken) })
      await shop.request(comes)
      const passedOn = network.find(isCancel)
      if (passedOn !== undefined) network.deliver(passedOn)
    } else {
      this.injected.add(place)
      network.inject(this.#messageOutOfNowhere(event))
    }
    const reply = network.find(
      ({ to, message }) => to === order && /^(PaymentCancelling|CancelPaymentRejected)$/.test(message.type),
    )
    if (reply !== undefined) network.deliver(reply)
  }

  /** What an operator or customer says to the payment itself. */
  async #askForIt(event: ModelEvent): Promise<void> {
    const { shop } = this
    const answer = shop.ask(this.#self, messageOf(event), addressOf('order', this.world.orderId))
    answer.catch(() => {})
    shop.run()
  }

  #messageOutOfNowhere(event: ModelEvent): Envelope {
    const correlationId = addressOf('order', this.world.orderId)
    const id = `injected-${this.world.orderId}-${this.injected.size}`
    const { from } = event.incoming.meta.caller
    return { id, version: 1, from, to: this.#self, message: messageOf(event), correlationId, causationId: id }
  }

  // ── Who answers ────────────────────────────────────────────────────────────────────────────────────────────────

  /** What the payment asked of `participant` and has not been handed over. */
  #commandTo(participant: string): Envelope | undefined {
    return this.shop.network.find(
      ({ from, to, inReplyTo }) => from === this.#self && to === participant && inReplyTo === undefined,
    )
  }

  #replyFrom(participant: string): Envelope | undefined {
    return this.shop.network.find(
      ({ from, to, inReplyTo }) => from === participant && to === this.#self && inReplyTo !== undefined,
    )
  }

  #answer(place: number, event: ModelEvent): void {
    const { network } = this.shop
    const { from } = event.incoming.meta.caller
    // Whoever answers before anything else happens has been told by then.
    for (const answering of this.#answering(place)) {
      const command = this.#commandTo(answering.incoming.meta.caller.from)
      if (command === undefined) continue
      if (answering.incoming.type.endsWith('Rejected') && this.isPlaced)
        network.answer(command, messageOf(answering))
      else network.deliver(command)
    }
    const first = this.#replyFrom(from)
    // Whoever was told twice answers twice.
    for (let reply = first; reply !== undefined; reply = this.#replyFrom(from)) network.deliver(reply)
    if (first === undefined && network.disturbance === undefined && !this.#cameLate())
      throw new PathProblem(`${event.label} did not come`)
  }

  /** Whether something may have come before its time or after it. */
  #cameLate(): boolean {
    return this.#options.silence === 'hears of it late' || this.#options.silence === 'is heard late'
  }

  /** The answers that are given from here on, up to the next deadline: of several stocks at once, otherwise one. */
  #answering(place: number): ModelEvent[] {
    const answers: ModelEvent[] = []
    for (const { event } of this.told.slice(place)) {
      const { type, meta } = event.incoming
      if (type.startsWith('xstate.after.')) break
      if (kindOf(meta.caller.from) === 'door' || type === 'CancelPayment') continue
      if (answers.length > 0 && kindOf(meta.caller.from) !== 'stock') break
      if (!answers.some(({ incoming }) => incoming.meta.caller.from === meta.caller.from)) answers.push(event)
      if (kindOf(meta.caller.from) !== 'stock') break
    }
    return answers
  }

  /** The deadline passes: whoever was asked has not been heard. */
  #fallSilent(place: number): void {
    const { shop } = this
    const { network } = shop
    const asked = network.held.filter(({ from, inReplyTo }) => from === this.#self && inReplyTo === undefined)
    for (const command of asked) {
      const silence = this.#refusesLater(place, command.to) ? 'never hears of it' : this.#options.silence
      if (silence === 'never hears of it') network.drop(command)
      else if (silence === 'hears of it late') this.#late.push(network.drop(command))
      else network.deliver(command)
    }
    for (const reply of network.held.filter(
      ({ to, inReplyTo }) => to === this.#self && inReplyTo !== undefined,
    )) {
      network.drop(reply)
      if (this.#options.silence === 'is heard late') this.#late.push(reply)
    }
    const [timer] = shop.timersOf(this.#self)
    if (timer !== undefined) shop.passUntil(timer.dueAt)
    else if (network.disturbance === undefined && !this.#cameLate()) throw new PathProblem('no deadline runs')
  }

  /** Nobody refuses what it has done: who refuses next cannot have heard of it now. */
  #refusesLater(place: number, participant: string): boolean {
    const next = this.told
      .slice(place)
      .find(
        ({ event }) =>
          event.incoming.meta.caller.from === participant && event.incoming.type !== 'CancelPayment',
      )
    return next?.event.incoming.type.endsWith('Rejected') ?? false
  }

  /** Answers to those who asked, and what is sent again to the payment itself. */
  #handOverTheRest(): void {
    const { network } = this.shop
    const rest = () =>
      network.find(
        ({ to, message }) => kindOf(to) === 'request' || /^(PayOrder|ReturnItems)$/.test(message.type),
      )
    for (let next = rest(); next !== undefined; next = rest()) network.deliver(next)
  }
}

/** Whether the payment says that it is too late, or that there is nothing to cancel. */
const isRefusedCancel = (taken: readonly string[]) => taken.some(name => name.startsWith('(anywhere)'))

/** Paths on which the order was never placed; then nobody may cancel it, and it cannot answer anything else. */
function isPlaced(path: Path): boolean {
  return !path.some(({ event }) => event.label === unplacedOrder)
}

const messageOf = ({ incoming: { meta: _meta, ...message } }: ModelEvent): Message => message as Message

/** Whether the rest of the shop can take this path, and not the payment machine alone. */
export function isPossiblePayment(path: Path): boolean {
  let attempts = 0
  let cancelled = false
  for (const { event, from, to, taken } of path) {
    const { type } = event.incoming
    if (type === 'PayOrder' && from !== to) attempts += 1
    // An order that takes a cancellation was placed and claimed before, and cannot be paid again.
    if (type === 'CancelPayment') cancelled ||= !isRefusedCancel(taken)
    if (cancelled && (attempts > 1 || type === 'BeginPaymentRejected')) return false
    if (!isPlaced(path) && (attempts > 1 || /^(CancelPayment|ReturnItems)$/.test(type))) return false
  }
  return true
}
