import { refuse } from '../../src/refusal.ts'
import { type Envelope, kindOf, type Message } from '../../src/runtime/envelope.ts'
import type { Transport } from '../../src/runtime/transport.ts'
import type { Decisions } from './decisions.ts'
import type { SimulatedTime } from './simulated-time.ts'
import type { Tally } from './tally.ts'
import type { Weather } from './weather.ts'

/*
 * What lies between the actors, as if each kind ran in a process of its own: messages get lost, come twice, late or in
 * another order. What is delayed has left the process, so it waits for the commit of the step that sent it, survives a
 * crash, and comes to whoever runs then. Only messages that are meant to be sent again are lost: those with a key.
 */

export const slowKinds = ['order', 'stock', 'ownedCoupon', 'balance', 'statistics'] as const

const fates = ['lost', 'duplicated', 'delayed', 'reordered'] as const
const delayMsMax = 6_000
const copyDelayMsMax = 4_000

type Deliver = (envelope: Envelope) => void

interface Leaving {
  readonly envelope: Envelope
  readonly delayMs: number
  /** Number of the batch whose commit lets it go. */
  readonly batch: number
}

export class SimulatedNetwork implements Transport {
  weather: Weather
  readonly #decisions: Decisions
  readonly #time: SimulatedTime
  readonly #tally: Tally
  /** Sees each message as it is sent. */
  onSent: (envelope: Envelope) => void = () => {}
  /** What becomes of it on the way: nothing, unless a test breaks the network on purpose. */
  alters: (envelope: Envelope) => Envelope = envelope => envelope
  #deliver: Deliver | undefined
  #batches = 0
  #leaving: Leaving[] = []
  #held: Envelope | undefined
  #underWay = 0
  /** Arrived while no process had sent anything yet: nobody knows where to deliver them. */
  #waiting: Envelope[] = []
  readonly #scopes = new Map<string, string>()
  readonly #refused = new Map<string, Message>()
  readonly #slowUntilMs = new Map<string, number>()

  constructor(weather: Weather, decisions: Decisions, time: SimulatedTime, tally: Tally) {
    this.weather = weather
    this.#decisions = decisions
    this.#time = time
    this.#tally = tally
  }

  get isQuiet(): boolean {
    return this.#underWay === 0 && this.#leaving.length === 0 && this.#held === undefined
  }

  /** How many batches the running process has handed to its writer. */
  get batches(): number {
    return this.#batches
  }

  /** The scope of the key that a message to a payment was sent with; of a copy, its original's. */
  scopeOf(messageId: string): string | undefined {
    return this.#scopes.get(messageId.replace(/-copy$/, ''))
  }

  /** Everything to and from this kind of actor takes so long from now on. */
  slowDown(kind: string, forMs: number): void {
    this.#slowUntilMs.set(kind, this.#time.elapsedMs + forMs)
  }

  readonly send = (sent: Envelope, deliver: Deliver): void => {
    const envelope = this.alters(sent)
    this.#deliver = deliver
    this.onSent(envelope)
    if (envelope.key !== undefined && kindOf(envelope.to) === 'payment')
      this.#scopes.set(envelope.id, envelope.key.scope)
    for (const waiting of this.#waiting.splice(0)) deliver(waiting)
    if (mayBeBetweenProcesses(envelope)) this.#carry(envelope, deliver)
    else {
      deliver(envelope)
      if (envelope.message.type === 'GrantCoupon') this.#sendAgain(envelope)
    }
  }

  /** What has no key because it changes nothing the second time: never lost, but it may come twice. */
  #sendAgain(envelope: Envelope): void {
    const random = this.#decisions.random('grants')
    const [chance, delay] = [random.below(1_000), random.below(60_000)]
    if (chance >= 4 * this.weather.duplicated || !this.#strikes('duplicated message')) return
    this.#leave({ ...envelope, id: `${envelope.id}-copy` }, delay)
  }

  #carry(envelope: Envelope, deliver: Deliver): void {
    // Out of the ordinary way a message may come after its undo, or twice: nothing is certain about its key.
    const { fresh: _fresh, ...uncertain } = envelope
    const random = this.#decisions.random('messages')
    const roll = random.below(1_000)
    const refusal = random.below(1_000)
    const delay = random.below(1_000_000) / 1_000_000
    const held = this.#held
    this.#held = undefined
    const answer = this.#answerOnPurpose(envelope, refusal)
    const slowMs = this.#slowness(envelope)
    if (answer !== undefined) deliver(this.#answerTo(uncertain, answer))
    else if (slowMs > 0) this.#leave(uncertain, slowMs + delay * 1_000)
    else {
      const fate = this.#fateOf(roll)
      if (fate === undefined) deliver(envelope)
      else if (fate === 'delayed') this.#leave(uncertain, delay * delayMsMax)
      else if (fate === 'reordered') this.#held = uncertain
      else if (fate === 'duplicated') {
        deliver(uncertain)
        this.#leave({ ...uncertain, id: `${envelope.id}-copy` }, delay * copyDelayMsMax)
      }
    }
    if (held !== undefined) deliver(held)
  }

  #fateOf(roll: number): (typeof fates)[number] | undefined {
    let below = 0
    for (const fate of fates) {
      below += this.weather[fate]
      if (roll < below) return this.#strikes(`${fate} message`) ? fate : undefined
    }
    return undefined
  }

  #strikes(kind: string): boolean {
    if (!this.#decisions.strikes(kind)) return false
    this.#tally.count('faults', kind)
    return true
  }

  /** Nobody came after it that it could change places with. */
  releaseHeld(): void {
    const held = this.#held
    this.#held = undefined
    if (held !== undefined) this.#deliver?.(held)
  }

  /** A refusal is the whole story of its command: nobody else hears of it, and every repeat is refused as well. */
  #answerOnPurpose(envelope: Envelope, chance: number): Message | undefined {
    const { key, message } = envelope
    if (key === undefined || kindOf(envelope.from) !== 'payment') return undefined
    const name = `${key.scope}/${key.name}`
    const known = this.#refused.get(name)
    if (known !== undefined) return known
    const refusal = refusals[message.type as keyof typeof refusals]
    if (refusal === undefined || envelope.fresh !== true || chance >= this.weather.refused) return undefined
    if (!this.#strikes(`${message.type} refused on purpose`)) return undefined
    this.#refused.set(name, refusal)
    return refusal
  }

  #answerTo({ id, version, from, to, key, correlationId }: Envelope, message: Message): Envelope {
    const answer = { id: `${id}-answer`, version, from: to, to: from, message, inReplyTo: id, correlationId }
    if (key !== undefined) this.#scopes.set(answer.id, key.scope)
    return { ...answer, causationId: id, ...(key && { key }) }
  }

  #slowness({ from, to }: Envelope): number {
    const until = this.#slowUntilMs.get(kindOf(to)) ?? this.#slowUntilMs.get(kindOf(from)) ?? 0
    return Math.max(until - this.#time.elapsedMs, 0)
  }

  // ── Commits ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A batch was handed to the writer; its number. */
  handedOver(): number {
    this.#batches += 1
    return this.#batches - 1
  }

  committed(batch: number): void {
    const free = this.#leaving.filter(leaving => leaving.batch <= batch)
    this.#leaving = this.#leaving.filter(leaving => leaving.batch > batch)
    for (const { envelope, delayMs } of free) {
      this.#underWay += 1
      this.#time.wait(delayMs, () => this.#arrive(envelope))
    }
  }

  /** Steps that never happened have sent nothing. */
  rolledBack(): void {
    this.#leaving = []
    this.#held = undefined
  }

  /** What is under way comes to the next process. */
  processEnded(): void {
    this.rolledBack()
    this.#deliver = undefined
    this.#batches = 0
  }

  #leave(envelope: Envelope, delayMs: number): void {
    this.#leaving.push({ envelope, delayMs, batch: this.#batches })
  }

  #arrive(envelope: Envelope): void {
    this.#underWay -= 1
    if (this.#deliver === undefined) this.#waiting.push(envelope)
    else this.#deliver(envelope)
  }
}

/** What a participant that refuses on purpose says. */
const refusals = {
  CompletePayment: {
    type: 'CompletePaymentRejected',
    refusal: refuse('ORDER_NOT_PAYABLE', { orderId: 0, status: 'CREATED' }),
  },
  RecordSale: { type: 'RecordSaleRejected', refusal: refuse('PRODUCT_NOT_FOUND', { productId: 0 }) },
} as const satisfies Record<string, Message>

function mayBeBetweenProcesses({ from, to, key, message }: Envelope): boolean {
  if (kindOf(from) === 'door' || kindOf(to) === 'door') return false
  return key !== undefined || message.type === 'CancelPayment'
}
