import type { OrderState } from '../../src/machines/order-machine.ts'
import type { PaymentState } from '../../src/machines/payment-machine.ts'
import { coveringPaths } from './covering-paths.ts'
import type { MachineModel } from './machine-model.ts'
import type { Books, ModelShop } from './model-shop.ts'
import { compareOrder, compareOrderEnd } from './order-comparison.ts'
import { orderModel } from './order-model.ts'
import { orderRules } from './order-rules.ts'
import { isPossibleOrder, OrderRun } from './order-run.ts'
import { compareAnswers, compareBooks, comparePayment, compareTimeline } from './payment-comparison.ts'
import { paymentModel, paymentWorld, returnModel, withoutOperators, withoutReturns } from './payment-model.ts'
import { paymentRules } from './payment-rules.ts'
import { type Ids, isPossiblePayment, PaymentRun, type Silence, unplacedOrder } from './payment-run.ts'
import { legsOf, type Rules } from './pure-paths.ts'
import { returnRules } from './return-rules.ts'
import type { Path } from './state-graph.ts'
import type { ToldEvent } from './told-path.ts'

/** A real shop on one path. */
interface ServedRun {
  readonly told: readonly Pick<ToldEvent<{ readonly value: unknown }>, 'event' | 'state' | 'taken'>[]
  /** Places of the events that had to be put on the network because nobody would have sent them there. */
  readonly injected: ReadonlySet<number>
  go(after: (place: number) => Promise<void> | void): Promise<void>
  settle(): Promise<void>
  /** Throws `PathProblem` when the shop is not where the path is after this event. */
  compare(place: number): Promise<void>
  /** The same of the books, the answers and the timeline, once everything has settled. */
  compareEnd(before: Books, crashed: boolean): Promise<void>
}

export interface ServedRunOptions {
  readonly silence: Silence
  readonly keyed: boolean
}

/** A machine of the product with everything that its paths are checked by. */
export interface ModelledMachine {
  readonly name: string
  readonly coveringPaths: () => Path[]
  /** The ids of a new order for this path. */
  ids(shop: ModelShop, path: Path): Promise<Ids>
  run(shop: ModelShop, ids: Ids, path: Path, options: ServedRunOptions): ServedRun
  /** The ways in which whoever is silent on this path may be silent. */
  silences(path: Path): readonly Silence[]
}

/** The models whose simple paths are run purely, each with its rules. */
export interface PureModel<State> {
  readonly name: string
  readonly model: MachineModel<State>
  readonly rules: Rules<State>
}

export function purePaymentModel(options: 1 | 2): PureModel<PaymentState> {
  const world = paymentWorld(options)
  const name = `payment, ${options} ${options === 1 ? 'option' : 'options'}`
  return { name, model: paymentModel(world, undefined, withoutReturns(world)), rules: paymentRules(world) }
}

/** Of an order whose parts cost no whole amount after the discount. */
export function pureReturnModel(): PureModel<PaymentState> {
  const world = { ...paymentWorld(2), discountAmount: 301 }
  return { name: 'returns, 2 options', model: returnModel(world), rules: returnRules(world) }
}

export const pureOrderModel = (): PureModel<OrderState> => ({
  name: 'order',
  model: orderModel(),
  rules: orderRules,
})

export const modelledPayment: ModelledMachine = {
  name: 'payment',
  coveringPaths() {
    const world = paymentWorld(2)
    const paying = { ...withoutOperators, ...withoutReturns(world) }
    return coveringPaths(
      [
        ...legsOf(paymentModel(world, undefined, paying)),
        ...legsOf(returnModel(world, undefined, withoutOperators)),
      ],
      isPossiblePayment,
    )
  },
  async ids(shop, path) {
    const ids = await shop.newOrder()
    const placed = !path.some(({ event }) => event.label === unplacedOrder)
    return placed ? ids : { ...ids, orderId: shop.unusedId() }
  },
  run(shop, ids, path, options) {
    const run = new PaymentRun(shop, ids, path, options)
    return {
      told: run.told,
      injected: run.injected,
      go: after => run.go(after),
      settle: () => run.settle(),
      compare: place => comparePayment(run, place),
      async compareEnd(before, crashed) {
        compareBooks(run, before, shop.books(ids))
        await compareAnswers(run, crashed)
        await compareTimeline(run)
      },
    }
  },
  silences: path =>
    path.some(({ event }) => event.incoming.type.startsWith('xstate.after.'))
      ? ['never hears of it', 'does it unheard']
      : ['never hears of it'],
}

export const modelledOrder: ModelledMachine = {
  name: 'order',
  coveringPaths: () => coveringPaths(legsOf(orderModel()), isPossibleOrder),
  ids: shop => shop.newOrder(),
  run(shop, ids, path) {
    const run = new OrderRun(shop, ids, path)
    return {
      told: run.told,
      injected: run.injected,
      go: after => run.go(after),
      settle: () => run.settle(),
      compare: place => compareOrder(run, place),
      compareEnd: (before, crashed) => compareOrderEnd(run, before, crashed),
    }
  },
  silences: () => ['never hears of it'],
}
