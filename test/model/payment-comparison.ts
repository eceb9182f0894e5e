import type { PaymentState } from '../../src/machines/payment-machine.ts'
import type { Refusal } from '../../src/refusal.ts'
import type { Message } from '../../src/runtime/envelope.ts'
import type { Answer } from '../support/client.ts'
import { stateName } from './machine-chart.ts'
import type { Books } from './model-shop.ts'
import { expectSame } from './path-problem.ts'
import type { PaymentRun } from './payment-run.ts'

/* What a path predicts of a real shop: the payment as anyone may ask for it, the books, the answers, the timeline. */

const statuses: Readonly<Record<string, string>> = {
  paying: 'PAYING',
  compensating: 'COMPENSATING',
  failed: 'FAILED',
  completed: 'COMPLETED',
  returning: 'RETURNING',
  returned: 'RETURNED',
}

const httpStatuses: Readonly<Record<string, number>> = { PRODUCT_NOT_FOUND: 404, PAYMENT_STEP_TIMED_OUT: 503 }

/** The payment as it is stored and as it is told, after the event at `place`. */
export async function comparePayment(
  { shop, told, world, isPlaced }: PaymentRun,
  place: number,
): Promise<void> {
  const state = told[place]?.state as PaymentState
  const { orderId } = world
  const shown = await shop.get(`/payments/${orderId}`)
  const step = stateName(state)
  if (step === 'idle') {
    expectSame('GET /payments of nothing', shown.status, 404)
    expectSame('what is stored of a payment that never was', shop.stored('payment', orderId), undefined)
    return
  }
  const stored = shop.stored('payment', orderId)
  const { paidAt } = stored?.context ?? {}
  expectSame('the stored state', stored?.value, state.value)
  expectSame('the stored context', predictable(stored?.context), predictable(state.context))
  // Of an order that was never placed nobody knows whose it is.
  if (!isPlaced) return
  const { attempt, couponId, originalPrice, discountAmount, failure } = state.context
  const discount = originalPrice === null ? null : (discountAmount ?? 0)
  expectSame('GET /payments', shown.body, {
    paymentId: orderId,
    orderId,
    customerId: state.context.customerId,
    status:
      step === 'completed' && state.context.returns !== null
        ? 'PARTIALLY_RETURNED'
        : statuses[step.split('.')[0] ?? ''],
    step,
    attempt,
    couponId,
    originalPrice,
    discountAmount: discount,
    discountedPrice: originalPrice === null ? null : originalPrice - (discount ?? 0),
    paidAt: typeof paidAt === 'number' && step !== 'failed' ? new Date(paidAt).toISOString() : null,
    refundedAmount: state.context.returns?.refundedAmount ?? 0,
    failure: failure && shownRefusal(failure, shown.body),
  })
}

/** A context without who asked, when it was paid, and the number that the door gave a return. */
function predictable(context: object | undefined): unknown {
  const { payer: _payer, paidAt: _paidAt, returns, ...rest } = JSON.parse(JSON.stringify(context ?? {}))
  const { returner: _returner, returnId: _returnId, ...plan } = returns?.underWay ?? {}
  return { ...rest, returns: returns && { ...returns, underWay: plan } }
}

/** The code is the path's; how its facts are shown is the HTTP room's affair. */
function shownRefusal({ code }: Refusal, body: unknown): unknown {
  const { failure } = body as { failure: Record<string, unknown> | null }
  return { ...failure, code }
}

/** What the path has cost when it is over: nothing, unless it completed. */
export function compareBooks(run: PaymentRun, before: Books, after: Books): void {
  const { state } = run.told.at(-1) ?? {}
  if (state === undefined) return
  const { couponId } = state.context
  const returned = state.context.returns?.units ?? []
  const { totalPrice, discountAmount, items, orderId } = run.world
  const isReturned = stateName(state) === 'returned'
  const paid = stateName(state) === 'completed' || isReturned
  const discount = couponId === null ? 0 : discountAmount
  // What is kept is paid for, but for what a part of a won too much comes to.
  const kept = items.map(({ quantity }, place) => (paid ? quantity - (returned[place] ?? 0) : 0))
  const back = items.reduce((sum, { unitPrice }, place) => sum + unitPrice * (returned[place] ?? 0), 0)
  const refunded = Math.floor(((totalPrice - discount) * back) / totalPrice)
  expectSame('the books', after, {
    balance:
      paid && before.balance !== undefined
        ? before.balance - totalPrice + discount + refunded
        : before.balance,
    coupons: paid && couponId !== null && !isReturned ? ['USED'] : before.coupons,
    stocks: before.stocks.map((stock, place) => stock - (kept[place] ?? 0)),
    unitsSold: kept.reduce((units, quantity) => units + quantity, 0),
  })
  const cancelled = run.cancellers.some(({ refused }) => !refused)
  const paidStatus = isReturned ? 'RETURNED' : returned.length > 0 ? 'PARTIALLY_RETURNED' : 'PAID'
  const status = paid ? paidStatus : cancelled ? 'CANCELLED' : 'CREATED'
  expectSame('the order', run.shop.orderStatus(orderId), run.isPlaced ? status : undefined)
  expectSame('the timers of the payment', run.shop.timersOf(`payment/${orderId}`), [])
}

/** What the machine says to whoever pays or returns at this event: at once, or at the end of what it begins. */
function predictedAnswer({ told }: PaymentRun, place: number): Message | undefined {
  const asked = told[place]
  const asker = asked?.event.incoming.meta.caller.from
  const own = asked?.effects.find(effect => effect.type === 'reply')
  if (own?.type === 'reply') return own.message
  for (const { effects } of told.slice(place + 1)) {
    const reply = effects.find(effect => effect.type === 'reply' && effect.to?.from === asker)
    if (reply?.type === 'reply') return reply.message
  }
  return undefined
}

/** Everyone who paid or cancelled was answered as the path says. After crashes only who can ask again was. */
export async function compareAnswers(run: PaymentRun, crashed: boolean): Promise<void> {
  for (const { told, answer, key } of run.payers) {
    const predicted = predictedAnswer(run, run.told.indexOf(told))
    if (predicted === undefined) continue
    const { couponId } = told.event.incoming as { couponId?: number | null }
    const { refusal } = predicted as { refusal?: Refusal }
    if (!crashed) {
      compareAnswer(await run.shop.request(answer), predicted, run)
    } else if (key !== undefined && refusal?.code !== 'PAYMENT_STEP_TIMED_OUT') {
      // Under its key the first answer is told again, in whatever process; a passing one frees the key.
      const again = run.shop.client.pay(run.world.orderId, couponId ?? null, { 'Idempotency-Key': key })
      compareAnswer(await run.shop.request(again), predicted, run)
    }
  }
  for (const { told, answer, items, key } of run.returners) {
    const predicted = predictedAnswer(run, run.told.indexOf(told))
    if (predicted === undefined) continue
    const { refusal } = predicted as { refusal?: Refusal }
    if (!crashed) {
      compareReturned(await run.shop.request(answer), predicted)
    } else if (refusal?.code !== 'REQUEST_IN_FLIGHT') {
      const again = run.shop.client.returnItems(run.world.orderId, items, { 'Idempotency-Key': key })
      compareReturned(await run.shop.request(again), predicted)
    }
  }
  if (crashed) return
  for (const { answer, refused } of run.cancellers) {
    const { status, body } = await run.shop.request(answer)
    if (refused) expectSame('the answer to a canceller', [status, body.code], [409, 'ORDER_NOT_CANCELLABLE'])
    else expectSame('the answer to a canceller', [status, body.status], [200, 'CANCELLED'])
  }
}

function compareAnswer(answer: Answer | Message, predicted: Message, { world }: PaymentRun): void {
  const { refusal, ...told } = predicted as { refusal?: Refusal } & Record<string, unknown>
  if (!('status' in answer) || !('headers' in answer)) {
    expectSame('the answer to a payer behind the door', answer, predicted)
    return
  }
  const { status, body } = answer as Answer
  if (refusal !== undefined) {
    expectSame(
      'the answer to a payer',
      [status, body.code],
      [httpStatuses[refusal.code] ?? 409, refusal.code],
    )
    return
  }
  const { type: _type, ...record } = told
  const { paidAt } = body as unknown as { paidAt: string }
  expectSame('the answer to a payer', [status, body], [201, { ...record, paidAt }])
  expectSame('the time of payment', Date.parse(paidAt) >= world.at, true)
}

function compareReturned({ status, body }: Answer, predicted: Message): void {
  const { refusal, refundAmount, items } = predicted as {
    refusal?: Refusal
    refundAmount?: number
    items?: readonly { productOptionId: number; quantity: number }[]
  }
  if (refusal !== undefined) {
    expectSame('the answer to a returner', [status, body.code], [409, refusal.code])
    return
  }
  const shown = body as unknown as { refundAmount: number; items: unknown }
  expectSame(
    'the answer to a returner',
    [status, shown.refundAmount, shown.items],
    [201, refundAmount, items?.map(({ productOptionId, quantity }) => ({ productOptionId, quantity }))],
  )
}

/** The transitions of the payment that anyone may read, one after the other. */
export async function compareTimeline(run: PaymentRun): Promise<void> {
  const { orderId } = run.world
  const { status, body } = await run.shop.get(`/payments/${orderId}/timeline`)
  const end = run.told.at(-1)?.state
  if (end !== undefined && stateName(end) === 'idle')
    return expectSame('GET …/timeline of nothing', status, 404)
  if (!run.isPlaced) return
  const shown = (
    body as unknown as {
      actor: string
      transition: number | null
      message: Message
      before: unknown
      after: unknown
    }[]
  )
    .filter(({ actor, transition }) => actor === `payment/${orderId}` && transition !== null)
    .map(({ transition, message, before, after }) => [transition, message.type, before, after])
  const changes = run.told.filter(({ changes }) => changes)
  expectSame(
    'the timeline',
    shown,
    changes.map(({ event, before, state }, place) => [
      place + 1,
      event.incoming.type,
      // Nobody has tried to pay it: there is no state yet.
      place === 0 ? null : before.value,
      state.value,
    ]),
  )
}
