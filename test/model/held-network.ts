import type { Clock } from '../../src/clock.ts'
import type { Envelope, Message } from '../../src/runtime/envelope.ts'
import { type Interception, interceptedTransport, type Transport } from '../../src/runtime/transport.ts'

const isDoor = (address: string) => address.startsWith('door/')

/** What becomes of the deliveries of a run, which are numbered from 0. */
export type Disturbance =
  | { readonly kind: 'duplicate'; readonly delivery: number | 'all' }
  /** This delivery and the one after it, in the undisturbed run, change places. */
  | { readonly kind: 'swap'; readonly delivery: number; readonly sooner: string }

/** One message as it was handed over, and what else was on its way then. */
export interface Delivery {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly type: string
  readonly inFlight: readonly string[]
}

/**
 * A network between the actors of one order that hands a message over when it is told to, in whatever order. It outlives
 * the shop, as a broker does: what is on its way when a process ends is handed to the next one.
 */
export class HeldNetwork implements Transport {
  readonly held: Envelope[] = []
  readonly deliveries: Delivery[] = []
  disturbance: Disturbance | undefined
  /** Takes the keys off what it hands over. Only to show that they are what makes a repeat harmless. */
  keyless = false
  /** How often the disturbance came to pass. */
  disturbed = 0
  #saga = ''
  #clock: Clock
  #deliver: ((envelope: Envelope) => void) | undefined
  readonly #gone = new WeakSet<(envelope: Envelope) => void>()
  #handle: () => void = () => {}
  #arrivals: { readonly is: (envelope: Envelope) => boolean; readonly tell: () => void }[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Holds what belongs to this order from now on, and nothing that was held for another. */
  holdFor(saga: string): void {
    this.#saga = saga
    this.held.length = 0
    this.deliveries.length = 0
    this.disturbance = undefined
    this.disturbed = 0
  }

  /** The shop is gone: what it still has to say is not heard any more. */
  detach(): void {
    if (this.#deliver !== undefined) this.#gone.add(this.#deliver)
    this.#deliver = undefined
  }

  /** Connects a shop that was just opened. */
  attach(
    shop: { ask(to: string, message: Message, about: { correlationId: string }): Promise<Message> },
    handle: () => void,
  ): void {
    this.#handle = handle
    // A message that goes nowhere shows the way in.
    void shop.ask('nobody/0', { type: 'Knock' }, { correlationId: 'knock' }).catch(() => {})
  }

  send(envelope: Envelope, deliver: (envelope: Envelope) => void): void {
    if (envelope.message.type === 'Knock') {
      this.#deliver = deliver
      return
    }
    if (this.#gone.has(deliver)) return
    const holds = envelope.correlationId === this.#saga && !isDoor(envelope.from) && !isDoor(envelope.to)
    if (holds) this.held.push(envelope)
    else deliver(envelope)
    for (const { is, tell } of this.#arrivals.filter(({ is }) => is(envelope))) {
      this.#arrivals = this.#arrivals.filter(arrival => arrival.is !== is)
      tell()
    }
  }

  /** Resolves when such a message is sent, held or not. To be called before whatever causes it. */
  arrival(is: (envelope: Envelope) => boolean): Promise<void> {
    return new Promise(resolve => this.#arrivals.push({ is, tell: resolve }))
  }

  find(is: (envelope: Envelope) => boolean): Envelope | undefined {
    return this.held.find(is)
  }

  /** Hands a held message over and lets everything happen that follows at once. False when it is not held any more. */
  deliver(envelope: Envelope): boolean {
    if (!this.held.includes(envelope)) return false
    const { disturbance } = this
    const number = this.deliveries.length
    if (disturbance?.kind === 'swap' && disturbance.delivery === number) {
      const sooner = this.held.find(other => other !== envelope && this.#nameOf(other) === disturbance.sooner)
      if (sooner !== undefined) {
        this.disturbed += 1
        this.#handOver(sooner)
      }
    }
    // The message that came sooner may have settled this one.
    if (this.held.includes(envelope)) this.#handOver(envelope)
    return true
  }

  /** Answers a held message in the place of its receiver; the answer is on its way then. */
  answer(envelope: Envelope, message: Message): void {
    this.#take(envelope)
    const answering = interceptedTransport(() => ({ answer: message }), this.#clock)
    answering.send(envelope, answer => this.held.push(answer))
  }

  drop(envelope: Envelope): Envelope {
    return this.#take(envelope)
  }

  /** Hands over a message that nobody sent, or that was taken from the network before. */
  inject(envelope: Envelope): void {
    this.held.push(envelope)
    this.deliver(envelope)
  }

  #take(envelope: Envelope): Envelope {
    this.held.splice(this.held.indexOf(envelope), 1)
    return envelope
  }

  #handOver(envelope: Envelope): void {
    if (this.#deliver === undefined) throw new Error('No shop is attached to the network')
    const { disturbance } = this
    const number = this.deliveries.length
    this.#take(envelope)
    const { from, to, message } = envelope
    const inFlight = this.held.map(other => this.#nameOf(other))
    this.deliveries.push({ name: this.#nameOf(envelope), from, to, type: message.type, inFlight })
    const isTwice = disturbance?.kind === 'duplicate' && [number, 'all'].includes(disturbance.delivery)
    if (isTwice) this.disturbed += 1
    // Held up, so that nothing is certain about its key any more; a copy comes right behind.
    const interception: Interception = { duplicates: isTwice ? 1 : 0 }
    const { key: _key, ...keyless } = envelope
    interceptedTransport(() => interception, this.#clock).send(
      this.keyless ? keyless : envelope,
      this.#deliver,
    )
    this.#handle()
  }

  /** The same in every run of a path: what, from whom, to whom, under which key. */
  #nameOf({ from, to, message, key }: Envelope): string {
    const about =
      key === undefined ? '' : ` ${key.scope.replace(/^.*\//, '')}/${key.name.split('/').slice(0, 1)}`
    return `${message.type} ${from} ${to}${about}`.replaceAll(this.#saga.replace('order/', ''), 'N')
  }
}
