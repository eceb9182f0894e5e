import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIds } from '../src/ids.ts'

const now = Date.UTC(2026, 0, 5)

describe('An id', () => {
  it.each([Date.UTC(2026, 0, 1), Date.UTC(2079, 0, 1)])('made at %d is a safe integer of 16 digits', at => {
    const id = createIds(() => at)()
    expect(Number.isSafeInteger(id)).toBe(true)
    expect(String(id)).toHaveLength(16)
  })

  it('differs from that of another node in the same millisecond', () => {
    const ids = Array.from({ length: 32 }, (_, node) => createIds(() => now, 0, node)())
    expect(new Set(ids).size).toBe(32)
  })

  it('is above the last one stored, also when the clock was set back', () => {
    const last = createIds(() => now)()
    expect(createIds(() => now - 86_400_000, last)()).toBeGreaterThan(last)
    expect(createIds(() => now, last)()).toBeGreaterThan(last)
  })

  it('is above every one before, whatever the clock does and however many are asked for', () => {
    const moves = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 500 })
    fc.assert(
      fc.property(moves, fc.integer({ min: 0, max: 31 }), (moves, node) => {
        let at = now
        const newId = createIds(() => at, 0, node)
        let last = 0
        for (const move of moves) {
          at += move
          const id = newId()
          expect(id).toBeGreaterThan(last)
          last = id
        }
      }),
    )
  })

  it('borrows from the next millisecond when more than 128 are asked for in one', () => {
    const newId = createIds(() => now)
    const ids = Array.from({ length: 1_000 }, () => newId())
    expect(new Set(ids).size).toBe(1_000)
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
  })
})
