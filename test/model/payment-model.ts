import type { AnyStateMachine } from 'xstate'
import { ownedCouponId } from '../../src/actors/coupon/coupon-messages.ts'
import { type PaymentState, paymentMachineWith } from '../../src/machines/payment-machine.ts'
import { type Refusal, refuse } from '../../src/refusal.ts'
import { addressOf, type Message } from '../../src/runtime/envelope.ts'
import { stateName } from './machine-chart.ts'
import { type Builders, type MachineModel, modelOf, type Variant } from './machine-model.ts'

/** The numbers of one order and of what pays it. */
export interface PaymentWorld {
  readonly orderId: number
  readonly customerId: number
  readonly couponId: number
  /** At most two options. */
  readonly items: readonly {
    productId: number
    productOptionId: number
    quantity: number
    unitPrice: number
  }[]
  readonly totalPrice: number
  readonly discountAmount: number
  readonly at: number
}

export function paymentWorld(options: 1 | 2): PaymentWorld {
  const items = [
    { productId: 51, productOptionId: 61, quantity: 1, unitPrice: 1_000 },
    { productId: 51, productOptionId: 62, quantity: 2, unitPrice: 1_000 },
  ]
  return {
    orderId: 1001,
    customerId: 11,
    couponId: 71,
    items: items.slice(0, options),
    totalPrice: 3_000,
    discountAmount: 300,
    at: Date.UTC(2026, 0, 5, 3),
  }
}

export const stepDeadlineMs = 1_000
export const stepResendsMax = 1
export const attemptsMax = 2

export const boundedPaymentMachine = () => paymentMachineWith({ stepDeadlineMs, stepResendsMax })

/** What a payment can hear, in what variants: one builder per event type of the machine. */
function paymentBuilders(world: PaymentWorld): Builders<PaymentState> {
  const { orderId, customerId, couponId, items, totalPrice, discountAmount, at } = world
  const order = addressOf('order', orderId)
  const coupon = addressOf('ownedCoupon', ownedCouponId(couponId, customerId))
  const balance = addressOf('balance', customerId)
  const statistics = addressOf('statistics', orderId)

  const says = (from: string, message: Message) => (): readonly Variant[] => [{ from, message }]
  const refuses = (from: string, command: string, refusal: Refusal) =>
    says(from, { type: `${command}Rejected`, refusal })
  const everyOption = (type: string, fields: (id: number) => object) => (): readonly Variant[] =>
    items.map(({ productOptionId: id }, place) => ({
      from: addressOf('stock', id),
      message: { type, ...fields(id) },
      label: `of option ${place + 1}`,
    }))

  return {
    PayOrder: state =>
      stateName(state) === 'failed' && state.context.attempt >= attemptsMax
        ? []
        : [
            { from: 'door/payer', message: { type: 'PayOrder', orderId, couponId }, label: 'with a coupon' },
            {
              from: 'door/payer',
              message: { type: 'PayOrder', orderId, couponId: null },
              label: 'without a coupon',
            },
          ],
    CancelPayment: says(order, { type: 'CancelPayment' }),
    RetryStep: says('door/operator', { type: 'RetryStep' }),
    SkipStep: says('door/operator', { type: 'SkipStep' }),
    CompensatePayment: says('door/operator', { type: 'CompensatePayment' }),
    OrderPaymentBegun: says(order, { type: 'OrderPaymentBegun', customerId, items, totalPrice }),
    BeginPaymentRejected: () =>
      [
        refuse('ORDER_NOT_FOUND', { orderId }),
        refuse('ORDER_NOT_PAYABLE', { orderId, status: 'CANCELLED' }),
      ].map(refusal => ({
        from: order,
        message: { type: 'BeginPaymentRejected', refusal },
        label: refusal.code,
      })),
    StockDecreased: everyOption('StockDecreased', productOptionId => ({ productOptionId })),
    DecreaseStockRejected: everyOption('DecreaseStockRejected', productOptionId => ({
      refusal: refuse('STOCK_INSUFFICIENT', { productOptionId, available: 0, requested: 1 }),
    })),
    CouponUsed: says(coupon, { type: 'CouponUsed', discountAmount }),
    UseCouponRejected: refuses(coupon, 'UseCoupon', refuse('COUPON_EXPIRED', { couponId })),
    BalanceDeducted: says(balance, { type: 'BalanceDeducted', amount: 1_000_000 }),
    DeductBalanceRejected: refuses(
      balance,
      'DeductBalance',
      refuse('BALANCE_INSUFFICIENT', { available: 1, requested: totalPrice }),
    ),
    OrderPaid: says(order, { type: 'OrderPaid', paidAt: at }),
    CompletePaymentRejected: refuses(
      order,
      'CompletePayment',
      refuse('ORDER_NOT_PAYABLE', { orderId, status: 'CREATED' }),
    ),
    SaleRecorded: says(statistics, { type: 'SaleRecorded' }),
    RecordSaleRejected: refuses(statistics, 'RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 51 })),
    PaymentVoided: says(order, { type: 'PaymentVoided' }),
    BalanceRefunded: says(balance, { type: 'BalanceRefunded', amount: 1_000_000 }),
    CouponRestored: says(coupon, { type: 'CouponRestored' }),
    StockRestored: everyOption('StockRestored', productOptionId => ({ productOptionId })),
    OrderReleased: says(order, { type: 'OrderReleased', status: 'CREATED' }),
    ReturnItems: state => returnsOf(state, world),
    ReturnRefunded: says(balance, { type: 'ReturnRefunded', amount: 1_000_000 }),
    CouponGivenBack: says(coupon, { type: 'CouponGivenBack' }),
    StockReturned: everyOption('StockReturned', productOptionId => ({ productOptionId })),
    SaleReversed: says(statistics, { type: 'SaleReversed' }),
    ReturnRecorded: says(order, { type: 'ReturnRecorded', returnedAt: at }),
  }
}

/**
 * Parts and wholes that may be returned, more than there is, and a second return while one runs. What is asked a second
 * time is another unit, so that three returns empty an order at most.
 */
function returnsOf({ value, context }: PaymentState, { orderId, items }: PaymentWorld): readonly Variant[] {
  const units = (context.returns?.units ?? []).reduce((sum, quantity) => sum + quantity, 0)
  const asks = (label: string, wanted: readonly { productOptionId: number; quantity: number }[] | null) => ({
    from: 'door/returner',
    message: {
      type: 'ReturnItems',
      orderId,
      // The door gives each return a number of its own.
      returnId: 9_001 + units + (typeof value === 'string' ? 0 : 100),
      items: wanted,
    },
    label,
  })
  const [first] = items
  const last = items.at(-1)
  if (value !== 'completed' || first === undefined || last === undefined) return [asks('all', null)]
  const one = ({ productOptionId }: { productOptionId: number }) => ({ productOptionId, quantity: 1 })
  const left = items.reduce((sum, { quantity }) => sum + quantity, 0) - units
  return [
    asks('all that is left', null),
    asks('too many', [{ productOptionId: last.productOptionId, quantity: last.quantity + 1 }]),
    ...(left > 1 ? [units === 0 ? asks('a part', [one(first)]) : asks('another part', [one(last)])] : []),
    ...(units === 0 && left > 2 ? [asks('a part of each', [one(first), one(last)])] : []),
  ]
}

/** Facts of the world, which are the same on every path; what else is in the context tells states apart. */
const facts = new Set([
  'orderId',
  'customerId',
  'payer',
  'items',
  'originalPrice',
  'discountAmount',
  'paidAt',
])

function vertexOf(state: PaymentState): string {
  const { context } = state
  const name = stateName(state)
  // The next attempt starts from nothing, whatever became of the one before; that it does is checked on every path.
  if (name === 'failed') return `failed after ${context.attempt}`
  const progress = Object.entries(context)
    .filter(([field]) => !facts.has(field))
    .map(([field, value]) =>
      field === 'failure' ? context.failure?.code : field === 'couponId' ? value !== null : value,
    )
  return JSON.stringify([name, context.orderId !== 0, ...progress])
}

/** The payment machine with bounded resends and attempts. Another machine, and what it hears more, may take its place. */
export function paymentModel(
  world: PaymentWorld,
  machine: AnyStateMachine = boundedPaymentMachine(),
  more: Builders<PaymentState> = {},
): MachineModel<PaymentState> {
  const isResting = ({ value }: PaymentState) => typeof value === 'string'
  return modelOf<PaymentState>({
    machine,
    self: addressOf('payment', world.orderId),
    at: world.at,
    builders: { ...paymentBuilders(world), ...more },
    buildersFile: 'test/model/payment-model.ts',
    // A command is sent again until the machine gives up by itself; an undo for ever.
    mayFire: ({ context }, type) => !type.includes('.undoSilence.') || context.resends < stepResendsMax,
    start: steps => steps.start(undefined) as never,
    vertexOf,
    isTarget: isResting,
    isEnd: isResting,
  })
}

/** What a payment that nothing disturbs hears on its way to completion. */
const undisturbed = new Set([
  'PayOrder',
  'OrderPaymentBegun',
  'StockDecreased',
  'CouponUsed',
  'BalanceDeducted',
  'OrderPaid',
  'SaleRecorded',
])

/** The builders of a model that stops where something is paid. */
export const withoutReturns = (world: PaymentWorld): Builders<PaymentState> => ({
  ReturnItems: state => (state.value === 'completed' ? [] : returnsOf(state, world)),
})

/** The model of returns: how it was paid is one story, with a coupon or without, and what follows is every one. */
export function returnModel(
  world: PaymentWorld,
  machine: AnyStateMachine = boundedPaymentMachine(),
  more: Builders<PaymentState> = {},
): MachineModel<PaymentState> {
  const isPaid = (state: PaymentState) => /^(completed|return)/.test(stateName(state))
  const builders = { ...paymentBuilders(world), ...more }
  const whole = paymentModel(world, machine, more)
  const paidFirst = Object.entries(builders).map(([type, builder]) => [
    type,
    (state: PaymentState) => (isPaid(state) || undisturbed.has(type) ? builder(state) : []),
  ])
  const model = paymentModel(world, machine, Object.fromEntries(paidFirst))
  return {
    ...model,
    events: state =>
      model.events(state).filter(({ incoming }) => isPaid(state) || !incoming.type.startsWith('xstate.')),
    everything: whole.everything,
  }
}

const operatorEvents = ['RetryStep', 'SkipStep', 'CompensatePayment'] as const

/** The builders of a model in which no operator says anything: a real server is led without. */
export const withoutOperators: Builders<PaymentState> = Object.fromEntries(
  operatorEvents.map(type => [type, () => []]),
)

/** Whether a transition is one of an operator's, by its name. */
export function isByOperator(transition: string): boolean {
  return operatorEvents.some(type => transition.includes(` --${type}`))
}
