import { isDeepStrictEqual } from 'node:util'
import type { PaymentState } from '../../src/machines/payment-machine.ts'
import type { Refusal } from '../../src/refusal.ts'
import type { Effect, Incoming } from '../../src/runtime/actor.ts'
import { idOf, kindOf } from '../../src/runtime/envelope.ts'
import { stateName } from './machine-chart.ts'
import type { PaymentWorld } from './payment-model.ts'
import type { Heard, Rules } from './pure-paths.ts'

/*
 * What has to hold of a payment, told from what it sent and heard alone, without a look into the machine: the table of
 * spec/payment.md in other words.
 */

type Send = Extract<Effect, { type: 'send' }>

/** The steps in order, and what undoes each. Statistics are never undone: only their refusal leads to an undo at all. */
const undoOf: Readonly<Record<string, string | undefined>> = {
  beginPayment: 'releaseOrder',
  decreaseStock: 'restoreStock',
  useCoupon: 'restoreCoupon',
  deductBalance: 'refundBalance',
  completePayment: 'voidPayment',
  recordSale: undefined,
}

const undoneBy: Readonly<Record<string, string>> = {
  PaymentVoided: 'voidPayment',
  BalanceRefunded: 'refundBalance',
  CouponRestored: 'restoreCoupon',
  StockRestored: 'restoreStock',
  OrderReleased: 'releaseOrder',
}

const doneBy: Readonly<Record<string, string>> = {
  OrderPaymentBegun: 'beginPayment',
  StockDecreased: 'decreaseStock',
  CouponUsed: 'useCoupon',
  BalanceDeducted: 'deductBalance',
  OrderPaid: 'completePayment',
  SaleRecorded: 'recordSale',
}

/** One attempt as its participants saw it. */
interface Attempt {
  readonly payer: unknown
  readonly couponGiven: boolean
  readonly sends: Send[]
  /** What is known of each step: unanswered means that it may have been done. */
  readonly steps: Map<string, 'unanswered' | 'done' | 'refused'>
  readonly answers: Extract<Effect, { type: 'reply' }>['message'][]
  readonly emitted: Extract<Effect, { type: 'emit' }>[]
  /** Undos that were answered, and whatever an operator took over while it was unanswered. */
  readonly settled: Set<string>
  /** Whether an operator ended the step in which it failed; then the reason is theirs to say. */
  operated: boolean
  forgotten: boolean
  reason: Refusal | undefined
  /** Place in the order of the stock whose refusal is the reason. */
  reasonPlace: number
}

export function paymentRules(world: PaymentWorld): Rules<PaymentState> {
  return {
    timersIn: ({ value }) => (typeof value === 'string' ? 0 : 1),
    atTarget(heard) {
      const attempts = attemptsOf(world, heard)
      const end = heard.at(-1)?.state
      if (end === undefined) return ['nothing was heard']
      return attempts.flatMap((attempt, place) => [
        ...brokenByResends(attempt),
        ...brokenByAnswers(attempt),
        ...brokenAt(place === attempts.length - 1 ? stateName(end) : 'failed', attempt, world),
      ])
    },
  }
}

function brokenAt(end: string, attempt: Attempt, world: PaymentWorld): string[] {
  if (end === 'completed') return brokenAtCompleted(attempt, world)
  if (end === 'failed') return brokenAtFailed(attempt, world)
  if (end === 'idle') return brokenAtIdle(attempt)
  return []
}

function attemptsOf(world: PaymentWorld, heard: readonly Heard<PaymentState>[]): Attempt[] {
  const attempts: Attempt[] = []
  for (const { event, effects, before, state } of heard) {
    const { incoming } = event
    if (incoming.type === 'PayOrder' && typeof before.value === 'string') attempts.push(begun(incoming))
    const attempt = attempts.at(-1)
    if (attempt === undefined) continue
    hear(attempt, incoming, world)
    const isOperator = kindOf(incoming.meta.caller.from) === 'door' && incoming.type !== 'PayOrder'
    if (isOperator && stateName(before) !== stateName(state)) takeOver(attempt)
    if (stateName(state).startsWith('compensating') && !stateName(before).startsWith('compensating')) {
      attempt.reason ??= {
        code: 'PAYMENT_STEP_TIMED_OUT',
        facts: { step: stateName(before).split('.')[1] ?? '' },
      }
    }
    for (const effect of effects) see(attempt, effect)
  }
  return attempts
}

function begun({ meta, ...message }: Incoming): Attempt {
  return {
    payer: meta.caller,
    couponGiven: (message as { couponId?: unknown }).couponId !== null,
    sends: [],
    steps: new Map(),
    answers: [],
    emitted: [],
    settled: new Set(),
    operated: false,
    forgotten: false,
    reason: undefined,
    reasonPlace: -1,
  }
}

/** What nobody has answered by now, nobody has to answer any more. */
function takeOver(attempt: Attempt): void {
  attempt.operated = true
  for (const { key } of attempt.sends) attempt.settled.add(key?.name ?? '')
}

function hear(attempt: Attempt, { meta, ...message }: Incoming, world: PaymentWorld): void {
  const refused = message.type.endsWith('Rejected')
  const step = refused
    ? message.type.replace(/Rejected$/, '').replace(/^./, letter => letter.toLowerCase())
    : doneBy[message.type]
  const name = step === 'decreaseStock' ? `${step}/${idOf(meta.caller.from)}` : step
  if (name !== undefined && attempt.steps.get(name) === 'unanswered') {
    attempt.steps.set(name, refused ? 'refused' : 'done')
  }
  const undo = undoneBy[message.type]
  if (undo !== undefined)
    attempt.settled.add(undo === 'restoreStock' ? `${undo}/${idOf(meta.caller.from)}` : undo)
  // The first reason counts; of several stock refusals the first in the order's lines.
  if (message.type === 'CancelPayment') {
    const mayStillBeCancelled = !attempt.steps.has('completePayment')
    if (mayStillBeCancelled) {
      attempt.reason ??= { code: 'PAYMENT_CANCELLED', facts: { orderId: world.orderId } }
    }
  }
  if (!refused) return
  const place =
    kindOf(meta.caller.from) === 'stock'
      ? world.items.findIndex(item => idOf(meta.caller.from) === String(item.productOptionId))
      : -1
  if (attempt.reason !== undefined && !(attempt.reasonPlace > place && place >= 0)) return
  attempt.reason = (message as { refusal?: Refusal }).refusal
  attempt.reasonPlace = place
}

function see(attempt: Attempt, effect: Effect): void {
  if (effect.type === 'send') {
    attempt.sends.push(effect)
    const name = effect.key?.name ?? ''
    if (effect.undoes === undefined && !attempt.steps.has(name)) attempt.steps.set(name, 'unanswered')
  }
  if (effect.type === 'reply' && isDeepStrictEqual(effect.to, attempt.payer))
    attempt.answers.push(effect.message)
  if (effect.type === 'emit') attempt.emitted.push(effect)
  if (effect.type === 'forget') attempt.forgotten = true
}

/** What was sent again has the same key, receiver and content as the first time. */
function brokenByResends({ sends }: Attempt): string[] {
  const first = new Map<string, Send>()
  return sends.flatMap(send => {
    const name = send.key?.name ?? ''
    const same = first.get(name) ?? send
    first.set(name, same)
    const { to, message, key, undoes } = send
    return isDeepStrictEqual([to, message, key, undoes], [same.to, same.message, same.key, same.undoes])
      ? []
      : [`${name} was sent again as something else`]
  })
}

function brokenByAnswers({ answers }: Attempt): string[] {
  return answers.length === 1 ? [] : [`the payer was answered ${answers.length} times`]
}

const undosOf = ({ sends }: Attempt) => sends.filter(({ undoes }) => undoes !== undefined)
const firstNames = (sends: readonly Send[]) => [...new Set(sends.map(({ key }) => key?.name ?? ''))]

/** Commands by name in the order in which they have to be sent. */
function commandNames({ items }: PaymentWorld, couponGiven: boolean): string[] {
  return Object.keys(undoOf).flatMap(step => {
    if (step === 'decreaseStock') return items.map(({ productOptionId }) => `${step}/${productOptionId}`)
    return step === 'useCoupon' && !couponGiven ? [] : [step]
  })
}

function brokenAtCompleted(attempt: Attempt, world: PaymentWorld): string[] {
  const broken: string[] = []
  const commands = commandNames(world, attempt.couponGiven)
  const sent = firstNames(attempt.sends)
  if (!isDeepStrictEqual(sent, commands)) broken.push(`completed having sent ${sent} instead of ${commands}`)
  const owed = attempt.emitted.filter(({ topic }) => topic === 'command')
  for (const name of commands) {
    const known = attempt.steps.get(name)
    if (known !== 'done' && name !== 'recordSale' && !attempt.settled.has(name))
      broken.push(`completed although ${name} is ${known}`)
  }
  if (attempt.reason !== undefined) broken.push(`completed in spite of ${attempt.reason.code}`)
  const saleKnown = attempt.steps.get('recordSale') === 'done'
  if (owed.length !== (saleKnown ? 0 : 1)) broken.push(`completed with ${owed.length} sales owed`)
  const sale = attempt.sends.find(({ key }) => key?.name === 'recordSale')
  for (const { message } of owed) {
    const { to, key, message: command } = message as unknown as Send
    if (!isDeepStrictEqual([to, key, command], [sale?.to, sale?.key, sale?.message])) {
      broken.push('the sale that is owed is not the one that was sent')
    }
  }
  const discountAmount = attempt.couponGiven ? world.discountAmount : 0
  const announced = attempt.emitted.filter(({ topic }) => topic === 'payments').map(({ message }) => message)
  for (const told of [attempt.answers[0], announced[0]]) {
    const { type, discountedPrice, discountAmount: off } = (told ?? {}) as Record<string, unknown>
    if (
      type !== 'PaymentCompleted' ||
      discountedPrice !== world.totalPrice - discountAmount ||
      off !== discountAmount
    ) {
      broken.push(`completed, and ${JSON.stringify(told)} was told`)
    }
  }
  if (announced.length !== 1) broken.push(`completed, and announced ${announced.length} times`)
  return broken
}

function brokenAtFailed(attempt: Attempt, world: PaymentWorld): string[] {
  const broken: string[] = []
  const undos = undosOf(attempt)
  const expected = expectedUndos(attempt, world)
  const sent = firstNames(undos)
  if (!isDeepStrictEqual(sent, expected)) broken.push(`failed having undone ${sent} instead of ${expected}`)
  const unanswered = sent.filter(name => !attempt.settled.has(name))
  if (unanswered.length > 0) broken.push(`failed before ${unanswered} was answered`)
  for (const undo of undos) {
    const undone = attempt.sends.find(({ key, undoes }) => !undoes && key?.name === undo.undoes?.name)
    if (undone === undefined || undone.to !== undo.to || undone.key?.scope !== undo.undoes?.scope) {
      broken.push(`${undo.key?.name} undoes what was never sent`)
      continue
    }
    for (const field of ['quantity', 'originalPrice', 'discountAmount', 'orderId']) {
      if (field in undo.message && undo.message[field] !== undone.message[field]) {
        broken.push(`${undo.key?.name} undoes another ${field}`)
      }
    }
  }
  const [answer] = attempt.answers
  const { type, refusal } = (answer ?? {}) as { type?: string; refusal?: unknown }
  const isReason = attempt.operated || isDeepStrictEqual(refusal, attempt.reason)
  if (type !== 'PayOrderRejected' || !isReason) {
    broken.push(`failed for ${JSON.stringify(attempt.reason)}, and ${JSON.stringify(answer)} was told`)
  }
  if (attempt.emitted.length > 0) broken.push('failed, and something was announced')
  return broken
}

/** Everything done or perhaps done, the last first; stock at once, in line order. */
function expectedUndos({ steps }: Pick<Attempt, 'steps'>, { items }: Pick<PaymentWorld, 'items'>): string[] {
  const happened = (name: string) => ['done', 'unanswered'].includes(steps.get(name) ?? '')
  return Object.entries(undoOf)
    .reverse()
    .flatMap(([step, undo]) => {
      if (undo === undefined) return []
      if (step !== 'decreaseStock') return happened(step) ? [undo] : []
      return items.flatMap(({ productOptionId }) =>
        happened(`${step}/${productOptionId}`) ? [`${undo}/${productOptionId}`] : [],
      )
    })
}

function brokenAtIdle(attempt: Attempt): string[] {
  const sent = firstNames(attempt.sends)
  return [
    ...(isDeepStrictEqual(sent, ['beginPayment']) ? [] : [`idle having sent ${sent}`]),
    ...(attempt.forgotten ? [] : ['idle, and not forgotten']),
    ...(attempt.emitted.length === 0 ? [] : ['idle, and something was announced']),
  ]
}
