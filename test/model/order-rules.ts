import { isDeepStrictEqual } from 'node:util'
import type { OrderCommand } from '../../src/actors/order/order-messages.ts'
import type { OrderState } from '../../src/machines/order-machine.ts'
import { stateName } from './machine-chart.ts'
import type { Heard, Rules } from './pure-paths.ts'

/*
 * What has to hold of an order: its stream of events has no gap and folds to its state, everyone who asked is answered
 * once, and nothing happens to an order that is cancelled, expired or returned.
 */

const commands = new Set(['BeginPayment', 'CompletePayment', 'ReleaseOrder', 'VoidPayment', 'RecordReturn'])
const paidStatuses = new Set(['PAID', 'PARTIALLY_RETURNED', 'RETURNED'])
const final = new Set(['CANCELLED', 'EXPIRED', 'RETURNED'])

type RecordReturn = Extract<OrderCommand, { type: 'RecordReturn' }>

interface StreamEvent {
  readonly sequence: number
  readonly type: string
  readonly status: string
  readonly body: string
}

export const orderRules: Rules<OrderState> = {
  timersIn: state => (stateName(state) === 'CREATED' ? 1 : 0),
  atTarget: heard => [...brokenByStream(heard), ...brokenByAnswers(heard), ...brokenByTheEnd(heard)],
}

function streamOf({ effects }: Heard<OrderState>): StreamEvent[] {
  return effects.flatMap(effect =>
    effect.type === 'append' && effect.table === 'order_events' ? [effect.row as unknown as StreamEvent] : [],
  )
}

function brokenByStream(heard: readonly Heard<OrderState>[]): string[] {
  const broken: string[] = []
  const stream = heard.flatMap(streamOf)
  // The first is the order's own creation, before anything was heard.
  const gap = stream.findIndex(({ sequence }, place) => sequence !== place + 2)
  if (gap >= 0) broken.push(`event ${gap + 2} of its stream has the number ${stream[gap]?.sequence}`)
  for (const each of heard) {
    const { incoming } = each.event
    // One part after another leaves the status as it is.
    const changed = stateName(each.before) !== stateName(each.state) || incoming.type === 'RecordReturn'
    const events = streamOf(each)
    if (events.length !== (changed ? 1 : 0)) {
      broken.push(`${each.event.label} appended ${events.length} events`)
    }
    if (changed && events.at(-1)?.status !== stateName(each.state)) {
      broken.push(`${each.event.label} appended ${events.at(-1)?.status}, and it is ${stateName(each.state)}`)
    }
  }
  for (const { event, state, ...each } of heard) {
    const { type, returnId, items, refundAmount, isLast } = event.incoming as unknown as RecordReturn
    if (type !== 'RecordReturn') continue
    const [appended] = streamOf({ event, state, ...each })
    const said = appended && [appended.type, appended.status, JSON.parse(appended.body)]
    const expected = isLast ? ['OrderReturned', 'RETURNED'] : ['ItemsReturned', 'PARTIALLY_RETURNED']
    if (!isDeepStrictEqual(said, [...expected, { returnId, items, refundAmount }]))
      broken.push(`${event.label} is in its stream as ${JSON.stringify(said)}`)
  }
  const end = heard.at(-1)?.state
  const paid = end !== undefined && paidStatuses.has(stateName(end))
  const record = stream.findLast(({ type }) => type === 'OrderPaid')?.body
  const recorded = paid ? JSON.parse(record ?? 'null') : null
  if (!isDeepStrictEqual(end?.context.payment, recorded))
    broken.push('its payment record is not that of its stream')
  return broken
}

function brokenByAnswers(heard: readonly Heard<OrderState>[]): string[] {
  const broken: string[] = []
  let asked = 0
  let told = 0
  for (const { event, effects } of heard) {
    const replies = effects.flatMap(effect => (effect.type === 'reply' ? [effect] : []))
    const { type } = event.incoming
    if (type === 'CancelOrder') asked += 1
    told += replies.filter(({ message }) =>
      /^(OrderCancelled|CancelOrderRejected)$/.test(message.type),
    ).length
    const own = replies.filter(({ to }) => to === undefined)
    if (commands.has(type) && own.length !== 1) broken.push(`${type} was answered ${own.length} times`)
    if (told > asked) broken.push('a canceller was answered who had been answered before')
  }
  if (told !== asked) broken.push(`${asked} cancelled and ${told} were answered`)
  return broken
}

function brokenByTheEnd(heard: readonly Heard<OrderState>[]): string[] {
  return heard.flatMap(({ event, before, state, effects }) => {
    if (!final.has(stateName(before))) return []
    const quiet = stateName(state) === stateName(before) && effects.every(({ type }) => type === 'reply')
    return quiet ? [] : [`${event.label} does something to an order that is ${stateName(before)}`]
  })
}
