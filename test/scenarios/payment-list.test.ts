import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paymentStatuses, refusableSteps } from '../../src/actors/payment/payment-filter.ts'
import { openVariedShop } from '../support/varied-payments.ts'

type Varied = Awaited<ReturnType<typeof openVariedShop>>
type Listed = {
  paymentId: number
  status: string
  step: string
  discountedPrice: number | null
  failure: { code: string; step?: string } | null
  resends: number
  attention: string[]
  since: string
}

const idsOf = (body: unknown) => (body as Listed[]).map(({ paymentId }) => paymentId)

/** Every payment there is, one after the other, with what its whole state says of the step that was refused. */
async function everyPayment({ shop, see }: Varied) {
  const rows = shop.database
    .prepare<[], { id: string; state: string }>("SELECT id, state FROM snapshots WHERE kind = 'payment'")
    .all()
  return Promise.all(
    rows.map(async ({ id, state }) => {
      const { context } = JSON.parse(state)
      const listed = (await see(`payments?status=all&order=${id}`)).body as unknown as Listed[]
      const shown = (await see(`payments/${id}`)).body as unknown as Listed
      expect(listed).toMatchObject([shown])
      const customerId = shop.questions.order(Number(id))?.customerId
      return { ...shown, since: listed[0]?.since ?? '', customerId, failedAt: refusedStep(context) }
    }),
  )
}

function refusedStep(context: Record<string, unknown>): string | null {
  const failure = context['failure'] as { code: string; facts: { step: string } } | null
  if (failure === null || failure.code === 'PAYMENT_CANCELLED') return null
  if (failure.code === 'PAYMENT_STEP_TIMED_OUT') return failure.facts.step
  const progress = [
    context['order'],
    (context['stock'] as string[]).find(each => each === 'refused'),
    context['coupon'],
    context['balance'],
    context['record'],
  ]
  const place = progress.indexOf('refused')
  return refusableSteps[place === -1 ? 5 : place] ?? null
}

const isOpen = ({ status, attention }: Listed) =>
  ['PAYING', 'COMPENSATING', 'RETURNING'].includes(status) || attention.includes('SUSPENDED')

describe('The list of payments', () => {
  it('holds those that have not ended, newest first, unless others are asked for', async () => {
    const { see, payments, settle } = await openVariedShop()
    const { waiting, suspended, stuck, returning } = payments
    expect(idsOf((await see('payments')).body)).toEqual([waiting, suspended, stuck, returning])
    expect((await see('payments?status=FAILED&failedAt=deductingBalance')).body).toMatchObject([
      { paymentId: payments['silentBalance'], failure: { code: 'PAYMENT_STEP_TIMED_OUT' } },
      { paymentId: payments['refusedBalance'], failure: { code: 'BALANCE_INSUFFICIENT' } },
    ])
    expect(idsOf((await see('payments?attention=true')).body)).toEqual([suspended, stuck])
    await settle()
    expect((await see('payments')).body).toEqual([])
  })

  it('finds by every filter what a look at each payment finds, and counts as many', async () => {
    const varied = await openVariedShop()
    const { see, shop, settle } = varied
    const all = await everyPayment(varied)
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set(paymentStatuses))
    const now = shop.clock.now()
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
    const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values)
    let foundSome = 0
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          status: fc.oneof(
            oneOf(['open', 'all']),
            fc.subarray([...paymentStatuses], { minLength: 1 }).map(some => some.join(',')),
          ),
          step: maybe(oneOf(all.map(({ step }) => step))),
          failedAt: maybe(oneOf(refusableSteps)),
          errorCode: maybe(oneOf(['BALANCE_INSUFFICIENT', 'PRODUCT_NOT_FOUND', 'PAYMENT_STEP_TIMED_OUT'])),
          amountMin: maybe(oneOf([0, 40_000, 40_001])),
          amountMax: maybe(oneOf([0, 40_000, 80_000])),
          ageMinSeconds: maybe(oneOf([1, 30, 61, 70, 90, 3_600])),
          customer: maybe(oneOf([1, 2, 3])),
          order: maybe(oneOf(all.map(({ paymentId }) => paymentId))),
          attention: maybe(fc.constant('true')),
        }),
        async given => {
          const query = new URLSearchParams(
            Object.entries(given).flatMap(([name, value]): [string, string][] =>
              value === undefined ? [] : [[name, `${value}`]],
            ),
          )
          const others = all.filter(
            payment =>
              (given.step === undefined || payment.step === given.step) &&
              (given.failedAt === undefined || payment.failedAt === given.failedAt) &&
              (given.errorCode === undefined || payment.failure?.code === given.errorCode) &&
              (given.amountMin === undefined || (payment.discountedPrice ?? -1) >= given.amountMin) &&
              (given.amountMax === undefined ||
                (payment.discountedPrice ?? Number.POSITIVE_INFINITY) <= given.amountMax) &&
              (given.ageMinSeconds === undefined ||
                now - Date.parse(payment.since) >= given.ageMinSeconds * 1_000) &&
              (given.customer === undefined || payment.customerId === given.customer) &&
              (given.order === undefined || payment.paymentId === given.order) &&
              (given.attention === undefined || payment.attention.length > 0),
          )
          const expected = others
            .filter(
              payment =>
                given.status === 'all' ||
                (given.status === 'open'
                  ? isOpen(payment)
                  : given.status.split(',').includes(payment.status)),
            )
            .map(({ paymentId }) => paymentId)
            .sort((left, right) => right - left)
          expect(idsOf((await see(`payments?${query}`)).body)).toEqual(expected)
          expect((await see(`payments/counts?${query}`)).body).toEqual({
            total: expected.length,
            statuses: Object.fromEntries(
              paymentStatuses.map(status => [status, others.filter(each => each.status === status).length]),
            ),
            open: others.filter(isOpen).length,
            attention: all.filter(
              ({ paymentId, attention }) => expected.includes(paymentId) && attention.length > 0,
            ).length,
            newestOnly: null,
          })
          foundSome += expected.length > 0 ? 1 : 0
        },
      ),
      { numRuns: 300, seed: 8 },
    )
    expect(foundSome).toBeGreaterThan(50)
    await settle()
  })

  it('goes on from page to page without a gap or a repetition', async () => {
    const { see, shop, settle } = await openVariedShop()
    const found: number[] = []
    let path = 'payments?status=all&limit=4'
    for (let pages = 0; path !== ''; pages += 1) {
      expect(pages).toBeLessThan(10)
      const { body, headers } = await see(path)
      found.push(...idsOf(body))
      path = /<\/operator\/(.*)>/.exec(headers.get('Link') ?? '')?.[1] ?? ''
    }
    const all = shop.database
      .prepare("SELECT CAST(id AS INTEGER) AS id FROM snapshots WHERE kind = 'payment' ORDER BY 1 DESC")
      .all() as { id: number }[]
    expect(found).toEqual(all.map(({ id }) => id))
    await settle()
  })

  it('shows a payment that was altered on disk as damaged, and the others as ever', async () => {
    const { see, shop, payments, settle } = await openVariedShop()
    const alter = (state: string) =>
      shop.database
        .prepare("UPDATE snapshots SET state = ? WHERE kind = 'payment' AND id = ?")
        .run(state, String(payments['paid']))
    const { state } = shop.database
      .prepare("SELECT state FROM snapshots WHERE kind = 'payment' AND id = ?")
      .get(String(payments['paid'])) as { state: string }
    alter(state.replace('"attempt":1', '"attempt":2'))
    const { body } = await see('payments?status=COMPLETED')
    expect(body).toMatchObject([
      { paymentId: payments['paidByAnother'], attention: [] },
      { paymentId: payments['paid'], attention: ['DAMAGED'] },
    ])
    // What cannot be read at all is in no list, and may be written over.
    alter('{ nothing')
    expect(idsOf((await see('payments?status=COMPLETED')).body)).toEqual([payments['paidByAnother']])
    alter(state)
    await settle()
  })

  it.each([
    ['status=DONE', 'status'],
    ['status=FAILED,', 'status'],
    ['failedAt=nowhere', 'failedAt'],
    ['amountMin=-1', 'amountMin'],
    ['ageMinSeconds=0', 'ageMinSeconds'],
    ['attention=maybe', 'attention'],
    ['errorCode=drop table', 'errorCode'],
  ])('refuses %s', async (query, path) => {
    const { see, settle } = await openVariedShop()
    expect(await see(`payments?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT', path },
    })
    await settle()
  })
})
