import { describe, expect, it } from 'vitest'
import { aboutPaying, createRequestKeys } from '../../web/src/shop/request-keys.ts'

function keysIn(store: Map<string, string>) {
  return createRequestKeys(
    {
      getItem: name => store.get(name) ?? null,
      setItem: (name, value) => void store.set(name, value),
      removeItem: name => void store.delete(name),
    },
    () => `key-${store.size + 1}-of-a-request`,
  )
}

describe('The key of a request', () => {
  it('is the same for a double click and after a reload', () => {
    const store = new Map<string, string>()
    expect(keysIn(store).has(aboutPaying(7, 0, null))).toBe(false)
    const key = keysIn(store).of(aboutPaying(7, 0, null))
    expect(keysIn(store).has(aboutPaying(7, 0, null))).toBe(true)
    expect(keysIn(store).of(aboutPaying(7, 0, null))).toBe(key)
  })

  it('is another for the next attempt, another coupon and another order', () => {
    const keys = keysIn(new Map())
    const all = [
      aboutPaying(7, 0, null),
      aboutPaying(7, 1, null),
      aboutPaying(7, 0, 201),
      aboutPaying(8, 0, null),
    ]
    expect(new Set(all.map(keys.of)).size).toBe(4)
  })

  it('is another once it was forgotten', () => {
    const keys = keysIn(new Map([['other', 'x']]))
    const key = keys.of('order')
    keys.forget('order')
    keys.of('something')
    expect(keys.of('order')).not.toBe(key)
  })
})
