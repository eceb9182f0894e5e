import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { patchOf } from '../../src/runtime/patch.ts'
import type { Patch } from '../../src/runtime/store.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
type Place = Record<string | number, unknown>

/** What a reader of the journal does with a patch. */
function applied(before: Json, patch: Patch): unknown {
  const whole: Place = { it: structuredClone(before) }
  for (const [path, ...value] of patch) {
    const last = path.at(-1) ?? 'it'
    const way = path.length === 0 ? [] : ['it', ...path.slice(0, -1)]
    const place = way.reduce((at: Place, name) => at[name] as Place, whole)
    if (value.length === 0) delete place[last]
    else place[last] = value[0]
  }
  return whole['it']
}

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
        expect(applied(before, patchOf(before, after))).toEqual(after)
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
