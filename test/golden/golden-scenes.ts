import { refuse } from '../../src/refusal.ts'
import type { Message } from '../../src/runtime/envelope.ts'
import type { Interceptor } from '../../src/runtime/transport.ts'
import { line } from '../support/client.ts'
import { lost, refused, unanswered } from '../support/message-tap.ts'
import type { Stage } from './golden-stage.ts'

/*
 * Between them the scenes leave every state of every actor on disk, with the timers and messages that move it on. Where
 * a payment waits, what it waits for was done and nobody heard of it: so whoever goes on from there has to ask again
 * with the very same words, or the key comes with other content.
 */

export interface Scene {
  /** What happens on the stage; the shop is kept as it is then. */
  play(stage: Stage): Promise<void>
  /** So many steps to a commit; all there are unless given. */
  readonly tickStepsMax?: number
  /** How its payments end when they go on, if they do not just complete or fail. */
  readonly ends?: 'PARTIALLY_RETURNED' | 'RETURNED'
}

/** How the payments that a scene left may end. */
export const properEndsOf = (scene: string): readonly string[] => {
  const { ends } = goldenScenes[scene] ?? {}
  return ends === undefined ? ['COMPLETED', 'FAILED'] : [ends]
}

const saleRefused = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))

/** The first of two rules that has something to say about a message. */
const either =
  (first: Interceptor, second: Interceptor): Interceptor =>
  envelope => {
    const interception = first(envelope)
    return interception === 'deliver' ? second(envelope) : interception
  }

async function placeOrder({ placeOrder }: Stage): Promise<number> {
  const { body } = await placeOrder(1, [line(1011, 2), line(1012)])
  return body.orderId
}

/** An order is paid with a coupon while messages fare as `rule` says. */
async function pay(stage: Stage, rule: Interceptor, couponId = 201): Promise<number> {
  const orderId = await placeOrder(stage)
  await stage.issueCoupon(couponId, 1)
  stage.messages.rule = rule
  void stage.pay(orderId, couponId)
  await stage.pass(0)
  return orderId
}

const paying = (rule: Interceptor): Scene => ({
  async play(stage) {
    await pay(stage, rule)
  },
})
const waitingFor = (command: string) => paying(unanswered(command))
const undoing = (command: string) => paying(either(unanswered(command), saleRefused))

/** All of a paid order is returned, and nobody hears of what this command did. */
const returning = (command: string): Scene => ({
  ends: 'RETURNED',
  async play(stage) {
    const orderId = await pay(stage, () => 'deliver')
    stage.messages.rule = unanswered(command)
    void stage.returnItems(orderId)
    await stage.pass(0)
  },
})

const keyed = (stage: Stage, orderId: number, headers = {}) =>
  stage.pay(orderId, null, { 'Idempotency-Key': 'golden-request-1', ...headers })

export const goldenScenes: Readonly<Record<string, Scene>> = {
  'dead-letter-resolved': {
    async play(stage) {
      // A refusal without a reason: the payment cannot handle it, and an operator skips it.
      const orderId = await pay(stage, ({ message }) =>
        message.type === 'DeductBalance' ? { answer: { type: 'DeductBalanceRejected' } } : 'deliver',
      )
      const command = { type: 'ResolveDeadLetter', resolution: 'SKIPPED' }
      const operator = { name: 'operator', reason: 'It says nothing.' }
      await stage.shop.ask('deadLetter/1', command, { correlationId: `order/${orderId}`, operator })
    },
  },
  'credits-by-staff': {
    async play({ shop, messages, pass }) {
      const by = { id: 1, name: 'minji' }
      const terms = { customerId: 1, amount: 5_000, reason: 'A gift.', by }
      const ask = (creditId: number, message: Message) =>
        shop.ask(`staffCredit/${creditId}`, message, { correlationId: `staffCredit/${creditId}` })
      const propose = (creditId: number, approvalLimit: number) =>
        ask(creditId, { type: 'ProposeCredit', creditId, approvalLimit, ...terms })
      await propose(1, 5_000)
      await propose(2, 0)
      await propose(3, 0)
      await ask(3, { type: 'DeclineCredit', by })
      messages.rule = ({ from, to }) => (from === 'balance/1' && to === 'staffCredit/4' ? 'drop' : 'deliver')
      // Nobody has answered it when the stage is closed.
      propose(4, 5_000).catch(() => {})
      await pass(0)
    },
  },
  'order-placed': {
    async play(stage) {
      await placeOrder(stage)
      await stage.issueCoupon(201, 1)
    },
  },
  'order-cancelled': {
    async play(stage) {
      await stage.cancel(await placeOrder(stage))
    },
  },
  'order-expired': {
    async play(stage) {
      await placeOrder(stage)
      await stage.pass(86_400_000)
    },
  },

  'paying-claiming-order': waitingFor('BeginPayment'),
  'paying-decreasing-stock': paying(
    // One option is known to be decreased, the other is not.
    envelope => (envelope.from === 'stock/1012' ? unanswered('DecreaseStock')(envelope) : 'deliver'),
  ),
  'paying-using-coupon': waitingFor('UseCoupon'),
  'paying-deducting-balance': waitingFor('DeductBalance'),
  'paying-recording-payment': waitingFor('CompletePayment'),
  'paying-recording-statistics': waitingFor('RecordSale'),
  'compensating-voiding-payment': undoing('VoidPayment'),
  'compensating-refunding-balance': undoing('RefundBalance'),
  'compensating-restoring-coupon': undoing('RestoreCoupon'),
  'compensating-restoring-stock': undoing('RestoreStock'),
  'compensating-releasing-order': undoing('ReleaseOrder'),
  completed: paying(() => 'deliver'),
  'returning-refunding': returning('RefundReturn'),
  'returning-giving-coupon-back': returning('GiveCouponBack'),
  'returning-restocking': returning('ReturnStock'),
  'returning-reversing-statistics': returning('ReverseSale'),
  'returning-recording-return': returning('RecordReturn'),
  'partly-returned': {
    ends: 'PARTIALLY_RETURNED',
    async play(stage) {
      const orderId = await pay(stage, () => 'deliver')
      await stage.returnItems(orderId, [{ productOptionId: 1011, quantity: 1 }])
    },
  },
  returned: {
    ends: 'RETURNED',
    async play(stage) {
      await stage.returnItems(await pay(stage, () => 'deliver'))
    },
  },
  failed: paying(saleRefused),

  'paying-before-anything-was-done': {
    async play(stage) {
      await pay(stage, lost('BeginPayment'))
    },
  },
  'paying-again': {
    async play(stage) {
      const orderId = await pay(stage, saleRefused)
      stage.messages.rule = unanswered('DeductBalance')
      void stage.pay(orderId, 201)
      await stage.pass(0)
    },
  },
  'paying-for-the-third-time-asked': {
    async play(stage) {
      await pay(stage, unanswered('DeductBalance'))
      await stage.pass(2_000)
      await stage.pass(4_000)
    },
  },
  'cancelled-while-paying': {
    async play(stage) {
      const orderId = await pay(stage, unanswered('UseCoupon'))
      void stage.cancel(orderId)
      await stage.pass(0)
    },
  },
  'paying-past-its-expiry': {
    async play(stage) {
      const orderId = await placeOrder(stage)
      await stage.pass(86_400_000 - 1_000)
      stage.messages.rule = lost('DeductBalance')
      void stage.pay(orderId)
      await stage.pass(0)
      await stage.pass(2_000)
    },
  },
  'sale-owed': {
    async play(stage) {
      const orderId = await pay(stage, ({ message }) => (message.type === 'RecordSale' ? 'drop' : 'deliver'))
      for (let resends = 0; resends <= 5; resends += 1) await stage.pass(2_000 * 2 ** resends)
      await stage.get(`/payments/${orderId}`)
    },
  },

  'coupon-exhausted': {
    async play(stage) {
      await stage.issueCoupon(202, 1)
    },
  },
  'coupon-expired': {
    async play(stage) {
      await pay(stage, either(lost('RestoreCoupon'), saleRefused), 202)
      await stage.pass(30_001)
      stage.messages.rule = () => 'deliver'
      await stage.pass(60_000)
    },
  },
  'coupon-expired-by-itself': {
    async play(stage) {
      await stage.issueCoupon(202, 1)
      await stage.pass(30_001)
    },
  },
  'campaign-ended': {
    async play(stage) {
      await stage.issueCoupon(201, 1)
      await stage.shop.ask('coupon/201', { type: 'EndCoupon' }, { correlationId: 'golden' })
      const admit = { type: 'AdmitCampaign', perHourMax: 60 }
      await stage.shop.ask('campaignQuota/operator', admit, { correlationId: 'golden' })
    },
  },
  'catalogue-changed': {
    async play({ shop }) {
      const tell = (to: string, message: { type: string; [field: string]: unknown }) =>
        shop.ask(to, message, { correlationId: 'golden' })
      await tell('product/101', { type: 'ChangeProduct', name: 'Linen blouse', basePrice: 45_000 })
      await tell('product/101', { type: 'AddOption', productOptionId: 1013, optionName: 'L', extraPrice: 0 })
      await tell('product/101', { type: 'ChangeOption', productOptionId: 1012, extraPrice: 500 })
      await tell('stock/1012', { type: 'WriteOffStock', quantity: 3 })
    },
  },
  'request-waiting': {
    async play(stage) {
      const orderId = await placeOrder(stage)
      stage.messages.rule = unanswered('DeductBalance')
      void keyed(stage, orderId)
      await stage.pass(0)
    },
  },
  'request-accepted': {
    async play(stage) {
      const orderId = await placeOrder(stage)
      stage.messages.rule = unanswered('DeductBalance')
      await keyed(stage, orderId, { Prefer: 'respond-async' })
      await stage.pass(0)
    },
  },
  'request-answered': {
    async play(stage) {
      await keyed(stage, await placeOrder(stage))
    },
  },
  'request-freed': {
    async play(stage) {
      const orderId = await placeOrder(stage)
      stage.messages.rule = lost('BeginPayment')
      void keyed(stage, orderId, { Prefer: 'wait=600' })
      for (let resends = 0; resends <= 5; resends += 1) await stage.pass(2_000 * 2 ** resends)
      stage.messages.rule = () => 'deliver'
      await stage.pass(60_000)
    },
  },

  'coupon-on-its-way': {
    tickStepsMax: 1,
    async play(stage) {
      void stage.issueCoupon(201, 1)
      await stage.untilSent('GrantCoupon')
    },
  },
  'command-on-its-way': {
    tickStepsMax: 1,
    async play(stage) {
      void stage.pay(await placeOrder(stage))
      await stage.untilSent('DeductBalance')
    },
  },
  'answer-on-its-way': {
    tickStepsMax: 1,
    async play(stage) {
      void stage.pay(await placeOrder(stage))
      await stage.untilSent('BalanceDeducted')
    },
  },
}
