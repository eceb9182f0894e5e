import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planReturn } from '../../src/machines/payment-return.ts'

const item = (productOptionId: number, quantity: number, unitPrice: number) => ({
  productId: 51,
  productOptionId,
  quantity,
  unitPrice,
})

const paid = {
  orderId: 1001,
  items: [item(61, 3, 1_000), item(62, 1, 500)],
  returned: [],
  originalPrice: 3_500,
  discountAmount: 500,
  refundedAmount: 0,
}

describe('A return', () => {
  it('of everything gives back what was paid', () => {
    expect(planReturn(paid, null)).toEqual({
      items: [
        { productId: 51, productOptionId: 61, quantity: 3 },
        { productId: 51, productOptionId: 62, quantity: 1 },
      ],
      grossAmount: 3_500,
      refundAmount: 3_000,
      isLast: true,
      returned: [3, 1],
    })
  })

  it('of a part gives back its share of the price after the discount, rounded down', () => {
    // 3,000 × 1,000 ÷ 3,500 = 857.14…
    expect(planReturn(paid, [{ productOptionId: 61, quantity: 1 }])).toMatchObject({
      grossAmount: 1_000,
      refundAmount: 857,
      isLast: false,
      returned: [1, 0],
    })
  })

  it('of the rest gives back what is left, rounding included', () => {
    const after = { ...paid, returned: [1, 0], refundedAmount: 857 }
    expect(planReturn(after, null)).toMatchObject({ refundAmount: 3_000 - 857, isLast: true })
  })

  it('that names an option on two lines means their sum', () => {
    const one = { productOptionId: 61, quantity: 1 }
    expect(planReturn(paid, [one, one])).toMatchObject({ returned: [2, 0], grossAmount: 2_000 })
  })

  it.each([
    ['more than is left of an option', { ...paid, returned: [1, 0] }, 61, 3, 2],
    ['more on two lines than there is', paid, 62, 2, 1],
    ['an option that was not bought', paid, 99, 1, 0],
  ])('of %s is refused', (_, payment, productOptionId, requested, available) => {
    const lines = Array.from({ length: requested }, () => ({ productOptionId, quantity: 1 }))
    expect(planReturn(payment, lines)).toEqual({
      refusal: {
        code: 'RETURN_EXCEEDS_PURCHASE',
        facts: { orderId: 1001, productOptionId, available, requested },
      },
    })
  })

  it('of what was free gives nothing back', () => {
    const free = { ...paid, items: [item(61, 2, 0)], originalPrice: 0, discountAmount: 0 }
    expect(planReturn(free, null)).toMatchObject({ grossAmount: 0, refundAmount: 0, isLast: true })
  })

  it('in any parts, in any order, gives back what was paid, and no part more than it cost', () => {
    const purchase = fc
      .array(fc.record({ quantity: fc.integer({ min: 1, max: 9 }), unitPrice: fc.nat(1_000_000_000) }), {
        minLength: 1,
        maxLength: 5,
      })
      .chain(lines => {
        const total = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0)
        return fc.record({
          lines: fc.constant(lines),
          discountAmount: fc.nat(total),
          picks: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 })), { maxLength: 30 }),
        })
      })
    fc.assert(
      fc.property(purchase, ({ lines, discountAmount, picks }) => {
        const items = lines.map(({ quantity, unitPrice }, place) => item(61 + place, quantity, unitPrice))
        const originalPrice = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0)
        let returned: readonly number[] = []
        let refundedAmount = 0
        const parts = picks.map(([pick, quantity]) => [
          { productOptionId: 61 + (pick % items.length), quantity },
        ])
        for (const wanted of [...parts, null]) {
          const planned = planReturn(
            { orderId: 1001, items, returned, originalPrice, discountAmount, refundedAmount },
            wanted,
          )
          if ('refusal' in planned) continue
          expect(planned.refundAmount).toBeGreaterThanOrEqual(0)
          expect(planned.refundAmount).toBeLessThanOrEqual(planned.grossAmount)
          returned = planned.returned
          refundedAmount += planned.refundAmount
        }
        expect(refundedAmount).toBe(originalPrice - discountAmount)
        expect(returned).toEqual(items.map(({ quantity }) => quantity))
      }),
    )
  })
})
