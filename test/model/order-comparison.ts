import type { OrderState } from '../../src/machines/order-machine.ts'
import type { Message } from '../../src/runtime/envelope.ts'
import { type Books, items } from './model-shop.ts'
import type { OrderRun } from './order-run.ts'
import { expectSame } from './path-problem.ts'

/* What a path of the order predicts of a real shop: the order as anyone may ask for it, its stream, the books, the answers. */

/** The order as it is stored and as it is told, after the event at `place`. */
export async function compareOrder({ shop, told, orderId }: OrderRun, place: number): Promise<void> {
  const predicted = told[place]?.state as OrderState
  const stored = shop.stored('order', orderId)
  const { payment, cancellers, sequence } = (stored?.context ?? {}) as unknown as OrderState['context']
  expectSame('the stored status', stored?.value, predicted.value)
  expectSame('how many cancel', cancellers.length, predicted.context.cancellers.length)
  expectSame('the number of the last event', sequence, predicted.context.sequence)
  const { paidAt: _paidAt, ...record } = payment ?? {}
  const { paidAt: _predictedAt, ...expected } = predicted.context.payment ?? {}
  expectSame('the payment record', record, expected)
  const shown = await shop.get(`/orders/${orderId}`)
  expectSame('GET /orders', shown.body.status, predicted.value)
}

/** Everything, once it has settled. */
export async function compareOrderEnd(run: OrderRun, before: Books, crashed: boolean): Promise<void> {
  const { shop, told, orderId, customerId } = run
  const status = shop.orderStatus(orderId)
  expectSame('the order', status, told.at(-1)?.state.value)
  const paid = /^(PAID|PARTIALLY_RETURNED|RETURNED)$/.test(String(status))
  compareStockAndMoney(run, before, shop.books({ orderId, customerId }), paid)
  await compareStream(run)
  await compareTimeline(run)
  if (!crashed) await compareAnswers(run, paid)
}

function compareStockAndMoney({ returned }: OrderRun, before: Books, after: Books, paid: boolean): void {
  const kept = items.map(({ quantity }, place) => (paid ? quantity - (returned[place] ?? 0) : 0))
  expectSame('the books', after, {
    ...before,
    balance: items.reduce(
      (balance, { unitPrice }, place) => balance - unitPrice * (kept[place] ?? 0),
      before.balance ?? 0,
    ),
    stocks: before.stocks.map((stock, place) => stock - (kept[place] ?? 0)),
    unitsSold: kept.reduce((units, quantity) => units + quantity, 0),
  })
}

async function compareStream({ shop, told, orderId }: OrderRun): Promise<void> {
  const { body } = await shop.get(`/orders/${orderId}/events`)
  const shown = (body as unknown as { sequence: number; type: string; status: string }[]).map(
    ({ sequence, type, status }) => [sequence, type, status],
  )
  const appended = told.flatMap(({ effects }) =>
    effects.flatMap(effect =>
      effect.type === 'append' && effect.table === 'order_events'
        ? [[effect.row['sequence'], effect.row['type'], effect.row['status']]]
        : [],
    ),
  )
  expectSame('the events of the order', shown, [[1, 'OrderCreated', 'CREATED'], ...appended])
}

/** The transitions of the order that anyone may read beside those of its payment, if it ever had one. */
async function compareTimeline({ shop, told, orderId, payers }: OrderRun): Promise<void> {
  if (payers.length === 0) return
  const { body } = await shop.get(`/payments/${orderId}/timeline`)
  const shown = (
    body as unknown as { actor: string; transition: number | null; message: Message; after: unknown }[]
  )
    .filter(({ actor, transition }) => actor === `order/${orderId}` && transition !== null)
    .map(({ message, after }) => [message.type, after])
  const changes = told
    .filter(({ changes }) => changes)
    .map(({ event, state }) => [event.incoming.type, state.value])
  expectSame('the timeline of the order', shown, [['CreateOrder', 'CREATED'], ...changes])
}

async function compareAnswers(run: OrderRun, paid: boolean): Promise<void> {
  const statuses = async (asked: OrderRun['payers']) =>
    (await Promise.all(asked.map(answer => run.shop.request(answer)))).map(({ status }) => status)
  const payers = await statuses(run.payers)
  expectSame('how many payers paid', payers.filter(status => status === 201).length, paid ? 1 : 0)
  const returners = await statuses(run.returners)
  expectSame(
    'how many returned',
    returners,
    returners.map(() => 201),
  )
  const told = (type: string) =>
    run.told.flatMap(({ effects }) =>
      effects.filter(effect => effect.type === 'reply' && effect.message.type === type),
    ).length
  const cancellers = await statuses(run.cancellers)
  const answered = (status: number) => cancellers.filter(each => each === status).length
  expectSame('how many cancelled', answered(200), told('OrderCancelled'))
  expectSame('how many could not cancel', answered(409), told('CancelOrderRejected'))
}
