import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPatch } from '../../src/runtime/apply-patch.ts'
import { patchOf } from '../../src/runtime/patch.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
// Few names and values, so that before and after have much in common.
const { json } = fc.letrec<{ json: Json }>(tie => ({
  json: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(null, true, 0, 1, 'text'),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('items', 'stock', 'amount'), tie('json')),
  ),
}))

describe('patchOf', () => {
  it('gives what leads from before to after', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(applyPatch(before, patchOf(before, after))).toEqual(after)
      }),
      { numRuns: 200 },
    )
  })

  it('gives nothing for two equal values', () => {
    fc.assert(
      fc.property(json, value => {
        expect(patchOf(value, structuredClone(value))).toEqual([])
      }),
    )
  })

  it('gives one pair for one change in many', () => {
    const before = { stock: Array.from({ length: 1_114 }, () => 'sent'), awaited: 1_114 }
    const stock = before.stock.with(800, 'done')
    expect(patchOf(before, { ...before, stock })).toEqual([[['stock', 800], 'done']])
  })

  it('gives a pair without a value for what is gone', () => {
    expect(patchOf({ amount: 1, name: 'x' }, { name: 'x' })).toEqual([[['amount']]])
  })

  it('does not look into what is the same object', () => {
    const items = new Proxy([], { get: () => expect.unreachable('it was looked into') })
    expect(patchOf({ items, amount: 1 }, { items, amount: 2 })).toEqual([[['amount'], 2]])
  })
})

describe('applyPatch', () => {
  it('leaves what it was given as it was, and shares what it does not touch', () => {
    const before = { items: [1, 2], stock: { amount: 1 }, gone: true }
    const kept = structuredClone(before)
    const after = applyPatch(before, [[['items', 1], 5], [['gone']]]) as typeof before
    expect(after).toEqual({ items: [1, 5], stock: { amount: 1 } })
    expect(before).toEqual(kept)
    expect(after.stock).toBe(before.stock)
  })

  it('makes the place of a change where the beginning is not told', () => {
    expect(
      applyPatch(undefined, [
        [['returns', 'units', 1], 2],
        [['amount'], 5],
      ]),
    ).toEqual({
      returns: { units: [undefined, 2] },
      amount: 5,
    })
  })
})
