import { isDeepStrictEqual } from 'node:util'
import type { Answer, Intent } from './client-request.ts'
import { Violation } from './violation.ts'

/** One thing that was asked for, however often: under its key once and for all, without one each time anew. */
export interface Asked {
  readonly intent: Intent
  readonly key: string | undefined
  tries: number
  /** Tries that were told that it is done (200, 201), or that it goes on (202). */
  done: number
  accepted: number
  /** Tries that were told that nothing was done, or nothing stays done. */
  refused: number
  /** Tries that nobody has answered yet. */
  open: number
  /** The answer that every later try under the key has to be given. */
  first?: Answer
  /** What those said that were told that it is done. */
  readonly receipts: Answer['body'][]
  /** Highest number of an order that was known when this was asked. */
  readonly lastOrderId: number
}

/** One try, as it was when it was sent. */
export interface Try {
  readonly asked: Asked
  readonly firstKnown: boolean
}

/** What an actor never says: the door knew by itself, so nothing was stored under the key. */
const saidAtTheDoor = new Set([
  'INVALID_ARGUMENT',
  'BALANCE_INVALID_AMOUNT',
  'CUSTOMER_NOT_FOUND',
  'PRODUCT_NOT_FOUND',
  'PRODUCT_OPTION_NOT_FOUND',
  'PRODUCT_OPTION_MISMATCH',
  'ORDER_NOT_FOUND',
  'COUPON_NOT_FOUND',
])

/** The refusals that histories can bring about. */
const refusals: Record<Intent['type'], readonly string[]> = {
  order: ['STOCK_INSUFFICIENT'],
  pay: [
    'BALANCE_INSUFFICIENT',
    'COUPON_ALREADY_USED',
    'COUPON_EXPIRED',
    'COUPON_INVALID_PERIOD',
    'COUPON_MIN_ORDER_NOT_MET',
    'CUSTOMER_COUPON_NOT_FOUND',
    'ORDER_NOT_PAYABLE',
    'PAYMENT_CANCELLED',
    'PAYMENT_STEP_TIMED_OUT',
    'PRODUCT_NOT_FOUND',
    'STOCK_INSUFFICIENT',
  ],
  cancel: ['ORDER_NOT_CANCELLABLE'],
  return: ['ORDER_NOT_RETURNABLE', 'RETURN_EXCEEDS_PURCHASE'],
  issue: ['COUPON_INSUFFICIENT', 'COUPON_ALREADY_ISSUED', 'COUPON_INVALID_PERIOD'],
  charge: ['BALANCE_LIMIT_EXCEEDED'],
  restock: [],
}

/** Everything the clients of a shop have asked for and been told. */
export class ClientNotes {
  readonly asked: Asked[] = []
  /** Whether the disk has refused so far: only then may a request be turned away because of it. */
  diskRefused = false
  /** Orders that there are not, which somebody tried to pay. */
  readonly unknownOrders = new Set<number>()
  /** Highest number of an order that a client was told. */
  #lastOrderId = 0

  ask(intent: Intent, key: string | undefined): Asked {
    const counts = { tries: 0, done: 0, accepted: 0, refused: 0, open: 0 }
    const asked: Asked = { intent, key, ...counts, receipts: [], lastOrderId: this.#lastOrderId }
    this.asked.push(asked)
    return asked
  }

  sent(asked: Asked): Try {
    asked.tries += 1
    asked.open += 1
    return { asked, firstKnown: asked.first !== undefined }
  }

  /** No answer will come: the process ended. */
  unanswered({ asked }: Try): void {
    asked.open -= 1
  }

  /** Throws `Violation` when it should never have been given. */
  answered({ asked, firstKnown }: Try, answer: Answer): void {
    const { intent, key, first } = asked
    const { status, body } = answer
    const code = String(body['code'])
    const said = `${describe(intent)}${key === undefined ? '' : ` under ${key}`} was answered ${status} ${JSON.stringify(body)}`
    asked.open -= 1
    if (key !== undefined && firstKnown && first !== undefined) {
      const same = answer.replayed && status === first.status && isDeepStrictEqual(body, first.body)
      if (!same)
        throw new Violation('E3', `${said}, and before that ${first.status} ${JSON.stringify(first.body)}`)
    }
    if (Number(body['available']) >= Number(body['requested']))
      throw new Violation('E9', `${said}, though there is enough`)
    if (status >= 200 && status < 300) this.#acknowledged(asked, answer)
    else if (status === 503 && code === 'UNAVAILABLE') {
      if (!this.diskRefused) throw new Violation('E1', `${said}, and no disk had refused`)
      // In one step or not at all; under a key, and for what takes several steps, nobody can say.
      if (key === undefined && isOneStep(intent)) asked.refused += 1
      return
    } else if (key !== undefined && status === 409 && code === 'REQUEST_IN_FLIGHT') return
    else if (refusals[intent.type].includes(code) && (status === 409 || status === 404 || status === 503))
      asked.refused += 1
    else throw new Violation('E9', said)
    if (key !== undefined && asked.first === undefined && isStored(intent, status, code)) asked.first = answer
  }

  #acknowledged(asked: Asked, { status, body }: Answer): void {
    if (status === 202) {
      asked.accepted += 1
      return
    }
    asked.done += 1
    asked.receipts.push(body)
    if (asked.intent.type !== 'order') return
    const orderId = Number(body['orderId'])
    if (orderId <= asked.lastOrderId)
      throw new Violation('E9', `order ${orderId} was placed after order ${asked.lastOrderId}`)
    this.#lastOrderId = Math.max(this.#lastOrderId, orderId)
  }
}

function isOneStep({ type }: Intent): boolean {
  return type === 'charge' || type === 'order' || type === 'issue' || type === 'restock'
}

function isStored({ type }: Intent, status: number, code: string): boolean {
  if (status < 300) return true
  if (status === 503 || saidAtTheDoor.has(code)) return false
  // An order is refused at the door, never by its actor.
  return type !== 'order'
}

/** How often it has been done at least and at most, going by what its clients were told. */
export function timesDone({ key, first, tries, done, refused }: Asked): { least: number; most: number } {
  if (key === undefined) return { least: done, most: tries - refused }
  const never = first !== undefined ? first.status >= 300 : tries === refused
  return { least: Math.min(done, 1), most: never ? 0 : 1 }
}

export function describe(intent: Intent): string {
  return JSON.stringify(intent)
}
