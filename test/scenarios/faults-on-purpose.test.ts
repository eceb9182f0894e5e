import { describe, expect, it, test } from 'vitest'
import {
  canFail,
  createFaultsOnPurpose,
  type FaultKind,
  type FaultStep,
  faultKinds,
  faultSteps,
} from '../../src/actors/payment/faults-on-purpose.ts'
import { line } from '../support/client.ts'
import { openScenario } from '../support/open-scenario.ts'
import { openSessionShop } from '../support/session-shop.ts'

/* A scenario closes only when every invariant holds: money sums to zero, and nothing was lost. */

const environment = { RECOUP_DEMO: '1', RECOUP_STEP_DEADLINE_MS: '1000', RECOUP_STEP_RESENDS: '2' }

const stock = ['RestoreStock 1012', 'RestoreStock 1023']

interface Expected {
  readonly step: FaultStep
  readonly code: string
  /** What is undone when it is refused, when it is silent and when it is stuck. */
  readonly undos: Readonly<Partial<Record<FaultKind, readonly string[]>>>
  /** The undo that is stuck, and what is said of the step after it. */
  readonly stuck?: { readonly in: string; readonly code: string }
}

const failing: readonly Expected[] = [
  {
    step: 'claimingOrder',
    code: 'ORDER_NOT_PAYABLE',
    undos: { refuse: [], silence: ['ReleaseOrder'], stuck: ['RestoreStock 1023', 'ReleaseOrder'] },
    stuck: { in: 'releasingOrder', code: 'STOCK_INSUFFICIENT' },
  },
  {
    step: 'decreasingStock',
    code: 'STOCK_INSUFFICIENT',
    undos: {
      refuse: ['RestoreStock 1023', 'ReleaseOrder'],
      silence: [...stock, 'ReleaseOrder'],
      stuck: [...stock, 'ReleaseOrder'],
    },
    stuck: { in: 'restoringStock', code: 'COUPON_EXPIRED' },
  },
  {
    step: 'usingCoupon',
    code: 'COUPON_EXPIRED',
    undos: {
      refuse: [...stock, 'ReleaseOrder'],
      silence: ['RestoreCoupon', ...stock, 'ReleaseOrder'],
      stuck: ['RestoreCoupon', ...stock, 'ReleaseOrder'],
    },
    stuck: { in: 'restoringCoupon', code: 'BALANCE_INSUFFICIENT' },
  },
  {
    step: 'deductingBalance',
    code: 'BALANCE_INSUFFICIENT',
    undos: {
      refuse: ['RestoreCoupon', ...stock, 'ReleaseOrder'],
      silence: ['RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'],
      stuck: ['RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'],
    },
    stuck: { in: 'refundingBalance', code: 'ORDER_NOT_PAYABLE' },
  },
  {
    step: 'recordingPayment',
    code: 'ORDER_NOT_PAYABLE',
    undos: {
      refuse: ['RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'],
      silence: ['VoidPayment', 'RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'],
      stuck: ['VoidPayment', 'RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'],
    },
    stuck: { in: 'voidingPayment', code: 'PRODUCT_NOT_FOUND' },
  },
  {
    step: 'recordingStatistics',
    code: 'PRODUCT_NOT_FOUND',
    undos: { refuse: ['VoidPayment', 'RefundBalance', 'RestoreCoupon', ...stock, 'ReleaseOrder'] },
  },
]

async function shopWithOrder(reported: readonly unknown[] = []) {
  const shop = await openScenario({ environment, reported })
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012), line(1023)])).body
  const path = `/demo/faults/${orderId}`
  return {
    ...shop,
    orderId,
    fault: async () => (await shop.get(path)).body as unknown,
    putFault: (step: FaultStep, kind: FaultKind) => shop.request('PUT', path, { step, kind }),
    liftFault: () => shop.request('DELETE', path),
    payment: async () => (await shop.get(`/payments/${orderId}`)).body as unknown,
    /** Every undo that was sent, once. */
    undone: () => [...new Set(shop.messages.undos())],
    async payThrough() {
      const answer = shop.pay(orderId, 201)
      await shop.pass(20_000)
      return answer
    },
  }
}

describe('A step that is made to fail', () => {
  test.each(failing)(
    'refuses at $step, and everything before it is undone',
    async ({ step, code, undos }) => {
      const shop = await shopWithOrder()
      const books = shop.books()
      expect((await shop.putFault(step, 'refuse')).body).toEqual({
        orderId: shop.orderId,
        fault: { step, kind: 'refuse', attempt: null, used: false },
      })

      expect((await shop.pay(shop.orderId, 201)).body.code).toBe(code)

      expect(await shop.fault()).toMatchObject({ fault: { attempt: 1, used: true } })
      expect(shop.messages.undos()).toEqual(undos.refuse)
      expect(shop.books()).toEqual(books)
      expect(await shop.payment()).toMatchObject({ status: 'FAILED', failure: { code } })
    },
  )

  test.each(failing.slice(0, -1))(
    'is silent at $step, and what may have been done is undone',
    async expected => {
      const { step, undos } = expected
      const shop = await shopWithOrder()
      const books = shop.books()
      await shop.putFault(step, 'silence')

      expect((await shop.payThrough()).body).toMatchObject({ code: 'PAYMENT_STEP_TIMED_OUT', step })

      expect(shop.undone()).toEqual(undos.silence)
      expect(shop.books()).toEqual(books)
    },
  )

  it('is silent at recordingStatistics, and the payment completes while the sale stays owed until it is counted', async () => {
    const shop = await shopWithOrder()
    await shop.putFault('recordingStatistics', 'silence')

    expect((await shop.payThrough()).status).toBe(201)

    await shop.pass(2_000)
    expect(shop.messages.undos()).toEqual([])
    expect(shop.books().sales).toHaveLength(2)
  })

  test.each(failing.filter(({ stuck }) => stuck !== undefined))(
    'is stuck at $step: its undo stays unanswered until the fault is lifted and an operator has it asked again',
    async ({ step, undos, stuck }) => {
      const shop = await shopWithOrder(['1 payment waits for an operator; GET /operator/payments says why.'])
      const books = shop.books()
      await shop.putFault(step, 'stuck')

      const answer = shop.pay(shop.orderId, 201)
      await shop.pass(120_000, 5_000)
      expect((await answer).status).toBe(202)
      expect(await shop.payment()).toMatchObject({
        status: 'COMPENSATING',
        step: `compensating.${stuck?.in}`,
        failure: { code: stuck?.code },
      })

      expect((await shop.liftFault()).body).toEqual({ orderId: shop.orderId, fault: null })
      await shop.ask(
        `payment/${shop.orderId}`,
        { type: 'RetryStep' },
        { correlationId: `order/${shop.orderId}` },
      )
      expect(await shop.payment()).toMatchObject({ status: 'FAILED' })
      expect(shop.undone()).toEqual(undos.stuck)
      expect(shop.books()).toEqual(books)
      expect(shop.paymentTimers()).toEqual([])
    },
  )

  it('fails in the next attempt alone; after it the order can be paid', async () => {
    const shop = await shopWithOrder()
    await shop.putFault('deductingBalance', 'refuse')
    expect((await shop.pay(shop.orderId, 201)).status).toBe(409)
    expect((await shop.pay(shop.orderId, 201)).status).toBe(201)
    expect(await shop.fault()).toEqual({ orderId: shop.orderId, fault: null })
  })

  it('fails in no attempt when the fault is lifted before', async () => {
    const shop = await shopWithOrder()
    await shop.putFault('deductingBalance', 'refuse')
    await shop.liftFault()
    expect((await shop.pay(shop.orderId, 201)).status).toBe(201)
  })

  it('is the one that was said last', async () => {
    const shop = await shopWithOrder()
    await shop.putFault('deductingBalance', 'refuse')
    await shop.putFault('usingCoupon', 'refuse')
    expect((await shop.pay(shop.orderId, 201)).body.code).toBe('COUPON_EXPIRED')
  })

  it('is none of another order', async () => {
    const shop = await shopWithOrder()
    const other = (await shop.placeOrder(1, [line(1012)])).body.orderId
    await shop.putFault('deductingBalance', 'refuse')
    expect((await shop.pay(other)).status).toBe(201)
  })

  it('stays unused at usingCoupon where no coupon is used', async () => {
    const shop = await shopWithOrder()
    await shop.putFault('usingCoupon', 'refuse')
    expect((await shop.pay(shop.orderId)).status).toBe(201)
    expect(await shop.fault()).toMatchObject({ fault: { attempt: 1, used: false } })
  })
})

describe('PUT /demo/faults/{orderId}', () => {
  it('refuses to have stuck what is never undone', async () => {
    const shop = await shopWithOrder()
    expect((await shop.putFault('recordingStatistics', 'stuck')).body).toMatchObject({
      status: 400,
      code: 'INVALID_ARGUMENT',
      path: 'kind',
    })
    expect(
      faultSteps.flatMap(step => faultKinds.filter(kind => !canFail(step, kind)).map(kind => [step, kind])),
    ).toEqual([['recordingStatistics', 'stuck']])
  })

  it('refuses a step or a kind that there is not, and an order that there is not', async () => {
    const shop = await shopWithOrder()
    const path = `/demo/faults/${shop.orderId}`
    expect((await shop.request('PUT', path, { step: 'flying', kind: 'refuse' })).status).toBe(400)
    expect((await shop.request('PUT', path, { step: 'usingCoupon', kind: 'explode' })).status).toBe(400)
    expect((await shop.request('PUT', path, {})).status).toBe(400)
    expect((await shop.request('PUT', '/demo/faults/x', {})).status).toBe(400)
    const missing = await shop.request('PUT', '/demo/faults/99', { step: 'usingCoupon', kind: 'refuse' })
    expect(missing.body.code).toBe('ORDER_NOT_FOUND')
  })

  it("is for one's own orders", async () => {
    const shop = await openSessionShop({ environment })
    const [ada, bo] = [await shop.person('ada'), await shop.person('bo')]
    const { orderId } = (await ada.placeOrder(ada.customerId, [line(1012)])).body
    const body = { step: 'deductingBalance', kind: 'refuse' }
    const ask = (method: string, given?: object) => bo.request(method, `/demo/faults/${orderId}`, given)
    expect((await ask('PUT', body)).body.code).toBe('ORDER_NOT_FOUND')
    expect((await ask('GET')).body.code).toBe('ORDER_NOT_FOUND')
    expect((await ask('DELETE')).body.code).toBe('ORDER_NOT_FOUND')
    expect((await ada.request('PUT', `/demo/faults/${orderId}`, body)).status).toBe(200)
  })

  it.each(['GET', 'PUT', 'DELETE'])('is not there outside a demo: %s', async method => {
    const shop = await openScenario()
    const { orderId } = (await shop.placeOrder(1, [line(1012)])).body
    const body = method === 'PUT' ? { step: 'deductingBalance', kind: 'refuse' } : undefined
    expect((await shop.request(method, `/demo/faults/${orderId}`, body)).body.code).toBe('ROUTE_NOT_FOUND')
  })
})

describe('createFaultsOnPurpose', () => {
  it('keeps the faults of so many orders, and forgets the oldest', () => {
    const faults = createFaultsOnPurpose(2)
    for (const orderId of [1, 2, 1, 3]) faults.put(orderId, 'usingCoupon', 'refuse')
    expect([1, 2, 3].filter(orderId => faults.of(orderId) !== undefined)).toEqual([1, 3])
    faults.put(3, 'usingCoupon', 'silence')
    expect([1, 2, 3].filter(orderId => faults.of(orderId) !== undefined)).toEqual([1, 3])
  })
})
