import { createMachineSteps } from '../../src/machines/machine-steps.ts'
import { type PaymentState, paymentMachine } from '../../src/machines/payment-machine.ts'
import type { Effect } from '../../src/runtime/actor.ts'
import type { Key, Message } from '../../src/runtime/envelope.ts'

export const steps = createMachineSteps(paymentMachine)
type Send = Extract<Effect, { type: 'send' }>

export const payer = { from: 'door/1', id: 'm1' }
const at = Date.UTC(2026, 0, 5, 3)

/** A message as it comes to the payment from `from`. */
export function incoming(message: Message, from = 'order/1001') {
  return { ...message, meta: { at, self: 'payment/1001', caller: { from, id: 'm' } } }
}

export const payOrder = (couponId: number | null = 71) => ({
  ...incoming({ type: 'PayOrder', orderId: 1001, couponId }),
  meta: { at, self: 'payment/1001', caller: payer },
})

const itemsOf = (options: number) =>
  Array.from({ length: options }, (_, place) => ({
    productId: 51,
    productOptionId: 61 + place,
    quantity: place + 1,
    unitPrice: 1_000,
  }))

/** What a participant answers to a command that it carries out. */
function done({ to, message }: Send, options: number): Message {
  const productOptionId = Number(to.split('/')[1])
  const answers: Record<string, Message> = {
    BeginPayment: { type: 'OrderPaymentBegun', customerId: 11, items: itemsOf(options), totalPrice: 3_000 },
    DecreaseStock: { type: 'StockDecreased', productOptionId },
    UseCoupon: { type: 'CouponUsed', discountAmount: 300 },
    DeductBalance: { type: 'BalanceDeducted', amount: 7_300 },
    CompletePayment: { type: 'OrderPaid', paidAt: at },
    RecordSale: { type: 'SaleRecorded' },
    VoidPayment: { type: 'PaymentVoided' },
    RefundBalance: { type: 'BalanceRefunded', amount: 10_000 },
    RestoreCoupon: { type: 'CouponRestored' },
    RestoreStock: { type: 'StockRestored', productOptionId },
    ReleaseOrder: { type: 'OrderReleased', status: 'CREATED' },
  }
  return answers[message.type] ?? { type: 'Unknown' }
}

export const refusal = { code: 'BALANCE_INSUFFICIENT', facts: { available: 1, requested: 2 } } as const

/** How a participant deals with a command: a refusal, silence without or with having done it, or so many times silent. */
export type Trouble = 'refused' | 'lost' | 'done and silent' | number

export interface Script {
  readonly options?: number
  readonly couponId?: number | null
  /** What goes wrong, by step (`useCoupon`, `decreaseStock/62`). */
  readonly trouble?: Readonly<Record<string, Trouble>>
  /** A message that comes right after this step was sent. */
  readonly meanwhile?: { readonly step: string; readonly message: Message }
  /** Whether every state goes through JSON before the next message. */
  readonly throughJson?: boolean
}

interface Told {
  readonly state: PaymentState
  readonly sent: readonly Send[]
  readonly effects: readonly Effect[]
  /** Every state on the way, with the timers that ran in it. */
  readonly states: readonly { state: PaymentState; timers: readonly string[] }[]
  /** Steps that are in effect at the participants, and not undone. */
  readonly standing: readonly string[]
  /** The timers in the order they were set. */
  readonly deadlines: readonly { name: string; delayMs: number }[]
}

/** Plays all participants of a payment until it rests. Timers only fire when nobody has anything to say. */
export function playPayment(script: Script, start: PaymentState = steps.start(undefined).state): Told {
  const { options = 2, trouble = {}, meanwhile, throughJson = false, couponId = 71 } = script
  let state = start
  const effects: Effect[] = []
  const sent: Send[] = []
  const states: { state: PaymentState; timers: string[] }[] = []
  const timers: string[] = []
  const deadlines: { name: string; delayMs: number }[] = []
  const standing = new Set<string>()
  const inbox: ReturnType<typeof incoming>[] = [payOrder(couponId)]
  const handled = new Map<string, Message>()

  function answer(send: Send): void {
    const name = send.key?.name ?? ''
    const how = trouble[name]
    const times = sent.filter(({ key }) => key?.name === name).length
    if (how === 'lost' || (typeof how === 'number' && times <= how)) return
    let reply = handled.get(name)
    if (reply === undefined) {
      reply = how === 'refused' ? { type: `${send.message.type}Rejected`, refusal } : done(send, options)
      handled.set(name, reply)
      if (how !== 'refused' && send.undoes === undefined) standing.add(name)
      if (send.undoes !== undefined) standing.delete(send.undoes.name)
    }
    if (how !== 'done and silent') inbox.push(incoming(reply, send.to))
  }

  for (;;) {
    const message =
      inbox.shift() ?? (timers.length > 0 ? incoming({ type: timers.shift() ?? '' }) : undefined)
    if (message === undefined) break
    const result = steps.step(state, message)
    effects.push(...result.effects)
    for (const effect of result.effects) {
      if (effect.type === 'schedule') {
        timers.push(effect.name)
        deadlines.push({ name: effect.name, delayMs: effect.delayMs })
      }
      if (effect.type === 'cancel' && timers.includes(effect.name))
        timers.splice(timers.indexOf(effect.name), 1)
      if (effect.type !== 'send') continue
      sent.push(effect)
      answer(effect)
      if (meanwhile?.step === effect.key?.name) inbox.unshift(incoming(meanwhile?.message ?? { type: '' }))
    }
    state = throughJson
      ? steps.hydrate(JSON.parse(JSON.stringify(steps.dehydrate(result.state))))
      : result.state
    states.push({ state, timers: [...timers] })
  }
  return { state, sent, effects, states, standing: [...standing], deadlines }
}

export const keyNames = (sent: readonly { key?: Key }[]) => sent.map(({ key }) => key?.name)

/** A state's name, as `paying.usingCoupon`. */
export function nameOf({ value }: PaymentState): string {
  return typeof value === 'string' ? value : Object.entries(value).flat().join('.')
}
