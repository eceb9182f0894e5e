import { isDeepStrictEqual } from 'node:util'
import type { PaymentState } from '../../src/machines/payment-machine.ts'
import type { Effect, Incoming } from '../../src/runtime/actor.ts'
import { addressOf, idOf, type Message } from '../../src/runtime/envelope.ts'
import { stateName } from './machine-chart.ts'
import type { PaymentWorld } from './payment-model.ts'
import type { Heard, Rules } from './pure-paths.ts'

/*
 * What has to hold of the returns of a payment, told from what it sent and heard alone: each goes forward step by step,
 * gives back what the specification says, and is told and announced once.
 */

type Send = Extract<Effect, { type: 'send' }>
type Wanted = readonly { readonly productOptionId: number; readonly quantity: number }[] | null

/** One return as its participants saw it. */
interface Return {
  readonly returner: unknown
  readonly returnId: number
  /** Units by item that this return takes, and all returns up to it. */
  readonly units: readonly number[]
  readonly inAll: readonly number[]
  readonly sends: Send[]
  /** The steps that were answered, in order, and what was sent before an earlier step was. */
  readonly answered: Set<string>
  readonly early: string[]
  readonly answers: Message[]
  readonly announced: Message[]
  endedIn: string | undefined
}

const answers: Readonly<Record<string, string>> = {
  ReturnRefunded: 'refundReturn',
  CouponGivenBack: 'giveCouponBack',
  StockReturned: 'returnStock',
  SaleReversed: 'reverseSale',
  ReturnRecorded: 'recordReturn',
}

const steps = Object.values(answers)
const stepOf = (name: string) => name.split('/')[0] ?? ''

export function returnRules(world: PaymentWorld): Rules<PaymentState> {
  return {
    timersIn: ({ value }) => (typeof value === 'string' ? 0 : 1),
    ofLoop: ({ event, effects }) =>
      event.incoming.type === 'ReturnItems' ? notRefused(event.label, event.incoming, effects) : [],
    atTarget(heard) {
      const { returns, broken } = returnsOn(world, heard)
      const couponGiven = heard.some(
        ({ event: { incoming } }) =>
          incoming.type === 'PayOrder' && (incoming as { couponId?: unknown }).couponId !== null,
      )
      let refunded = 0
      for (const each of returns) {
        broken.push(...brokenIn(each, world, couponGiven, refunded))
        refunded = refundable(each.inAll, world, couponGiven)
      }
      return broken
    },
  }
}

/** What is to be given back for so many units: the share of what was paid, rounded down once for all of them. */
function refundable(
  units: readonly number[],
  { items, totalPrice, discountAmount }: PaymentWorld,
  couponGiven: boolean,
) {
  const gross = grossOf(units, items)
  const paid = BigInt(totalPrice - (couponGiven ? discountAmount : 0))
  return Number((paid * BigInt(gross)) / BigInt(totalPrice))
}

const grossOf = (units: readonly number[], items: PaymentWorld['items']) =>
  items.reduce((sum, { unitPrice }, place) => sum + unitPrice * (units[place] ?? 0), 0)

function returnsOn(world: PaymentWorld, heard: readonly Heard<PaymentState>[]) {
  const returns: Return[] = []
  const broken: string[] = []
  const left = world.items.map(({ quantity }) => quantity)
  for (const { event, effects, before, state } of heard) {
    const { incoming } = event
    const running = returns.findLast(({ endedIn }) => endedIn === undefined)
    if (incoming.type === 'ReturnItems') {
      const begun = running === undefined && begunReturn(incoming, world, left, returns.at(-1))
      if (begun) returns.push(begun)
      else broken.push(...notRefused(event.label, incoming, effects))
    }
    const current = returns.findLast(({ endedIn }) => endedIn === undefined)
    if (current === undefined) continue
    hear(current, incoming)
    for (const effect of effects) see(current, effect)
    if (typeof before.value === 'object' && typeof state.value === 'string')
      current.endedIn = stateName(state)
  }
  return { returns, broken }
}

/** The return that this asks for, or nothing when there is not so much left. */
function begunReturn(
  { meta, ...message }: Incoming,
  { items }: PaymentWorld,
  left: number[],
  last: Return | undefined,
): Return | undefined {
  const { items: wanted, returnId } = message as unknown as { items: Wanted; returnId: number }
  const units = items.map(({ productOptionId }, place) =>
    wanted === null
      ? (left[place] ?? 0)
      : wanted.reduce((sum, item) => sum + (item.productOptionId === productOptionId ? item.quantity : 0), 0),
  )
  const tooMany = units.some((quantity, place) => quantity > (left[place] ?? 0))
  if (tooMany || units.every(quantity => quantity === 0)) return undefined
  for (const [place, quantity] of units.entries()) left[place] = (left[place] ?? 0) - quantity
  return {
    returner: meta.caller,
    returnId,
    units,
    inAll: units.map((quantity, place) => quantity + (last?.inAll[place] ?? 0)),
    sends: [],
    answered: new Set(),
    early: [],
    answers: [],
    announced: [],
    endedIn: undefined,
  }
}

/** What is refused is answered at once and does nothing else. */
function notRefused(label: string, { meta }: Incoming, effects: readonly Effect[]): string[] {
  const refusals = effects.filter(
    effect =>
      effect.type === 'reply' &&
      (effect.to === undefined || isDeepStrictEqual(effect.to, meta.caller)) &&
      effect.message.type === 'ReturnItemsRejected',
  )
  return refusals.length === 1 && effects.length === 1 ? [] : [`${label} is not just refused`]
}

function hear(current: Return, { type, meta }: Incoming): void {
  const step = answers[type]
  if (step === undefined) return
  current.answered.add(step === 'returnStock' ? `${step}/${idOf(meta.caller.from)}` : step)
}

function see(current: Return, effect: Effect): void {
  if (effect.type === 'send') {
    const before = steps.slice(0, steps.indexOf(stepOf(nameOf(effect))))
    const open = current.sends.filter(
      sent => before.includes(stepOf(nameOf(sent))) && !current.answered.has(stepName(sent, current)),
    )
    if (open.length > 0) current.early.push(nameOf(effect))
    current.sends.push(effect)
  }
  if (effect.type === 'reply' && isDeepStrictEqual(effect.to, current.returner))
    current.answers.push(effect.message)
  if (effect.type === 'emit' && effect.topic === 'payments') current.announced.push(effect.message)
}

const nameOf = ({ key }: Send) => key?.name ?? ''

/** The name of a command without the number of its return. */
const stepName = (send: Send, { returnId }: Return) => nameOf(send).replace(`/${returnId}`, '')

function brokenIn(each: Return, world: PaymentWorld, couponGiven: boolean, refundedBefore: number): string[] {
  const broken: string[] = []
  const { items, orderId, customerId, couponId } = world
  const isLast = each.inAll.every((quantity, place) => quantity === items[place]?.quantity)
  const expected = [
    'refundReturn',
    ...(couponGiven && isLast ? ['giveCouponBack'] : []),
    ...items.flatMap(({ productOptionId }, place) =>
      (each.units[place] ?? 0) > 0 ? [`returnStock/${productOptionId}`] : [],
    ),
    'reverseSale',
    'recordReturn',
  ]
  const firsts = new Map<string, Send>()
  for (const send of each.sends) {
    const name = stepName(send, each)
    const same = firsts.get(name) ?? send
    firsts.set(name, same)
    if (!isDeepStrictEqual([send.to, send.message, send.key], [same.to, same.message, same.key]))
      broken.push(`${name} was sent again as something else`)
    if (send.undoes !== undefined) broken.push(`${name} undoes something`)
    if (!nameOf(send).endsWith(`/${each.returnId}`)) broken.push(`${nameOf(send)} does not name its return`)
  }
  const sent = [...firsts.keys()]
  if (!isDeepStrictEqual(sent, expected)) broken.push(`returned having sent ${sent} instead of ${expected}`)
  if (each.early.length > 0) broken.push(`${each.early} was sent before what comes before it was answered`)
  for (const name of each.answered)
    if (!firsts.has(name)) broken.push(`it went on when ${name} was answered, which was never sent`)
  for (const name of expected) if (!each.answered.has(name)) broken.push(`returned although ${name} is open`)

  const refundAmount = refundable(each.inAll, world, couponGiven) - refundedBefore
  const returnedItems = items.flatMap(({ productId, productOptionId }, place) => {
    const quantity = each.units[place] ?? 0
    return quantity === 0 ? [] : [{ productId, productOptionId, quantity }]
  })
  const says = (name: string, to: string, fields: Record<string, unknown>) => {
    const command = firsts.get(name)
    const message = (command?.message ?? {}) as Record<string, unknown>
    const told = Object.fromEntries(Object.keys(fields).map(field => [field, message[field]]))
    if (command?.to !== to || !isDeepStrictEqual(told, fields))
      broken.push(
        `${name} says ${JSON.stringify(told)} to ${command?.to} instead of ${JSON.stringify(fields)}`,
      )
  }
  says('refundReturn', addressOf('balance', customerId), {
    grossAmount: grossOf(each.units, items),
    refundAmount,
  })
  if (couponGiven && isLast)
    says('giveCouponBack', addressOf('ownedCoupon', `${couponId}:${customerId}`), { orderId })
  for (const { productOptionId, quantity } of returnedItems)
    says(`returnStock/${productOptionId}`, addressOf('stock', productOptionId), { quantity })
  says('reverseSale', addressOf('statistics', orderId), {
    sales: returnedItems.map(({ productId, quantity }) => ({ productId, quantity })),
  })
  says('recordReturn', addressOf('order', orderId), {
    returnId: each.returnId,
    items: returnedItems.map(({ productOptionId, quantity }) => ({ productOptionId, quantity })),
    refundAmount,
    isLast,
  })

  if (each.answers.length !== 1) broken.push(`who returned was answered ${each.answers.length} times`)
  if (each.announced.length !== 1) broken.push(`the return was announced ${each.announced.length} times`)
  const facts = { returnId: each.returnId, orderId, customerId, items: returnedItems, refundAmount, isLast }
  for (const [message, type] of [
    [each.answers[0], 'ItemsReturned'],
    [each.announced[0], 'PaymentReturned'],
  ] as const) {
    const { type: told, ...rest } = (message ?? {}) as Record<string, unknown>
    const tells = Object.fromEntries(Object.keys(facts).map(field => [field, rest[field]]))
    if (told !== type || !isDeepStrictEqual(tells, facts))
      broken.push(`returned, and ${JSON.stringify(message)} was told`)
  }
  const end = isLast ? 'returned' : 'completed'
  if (each.endedIn !== end)
    broken.push(`a return that ${isLast ? 'is' : 'is not'} the last ends in ${each.endedIn}`)
  return broken
}
