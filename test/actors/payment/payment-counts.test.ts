import { describe, expect, it } from 'vitest'
import { PaymentCounts } from '../../../src/actors/payment/payment-counts.ts'
import type { JournalEntry } from '../../../src/runtime/store.ts'

type Step = readonly [state: unknown, at: number]

/** One commit in which the payment made these transitions, among others' entries. */
function commit(id: number, ...steps: Step[]) {
  const entry = {
    messageId: 'm',
    causationId: 'm',
    from: 'door/1',
    message: { type: 'M' },
    inSaga: true,
  } as const
  const entries: JournalEntry[] = steps.map(([state, at], place) => ({
    ...entry,
    actor: `payment/${id}`,
    transition: place + 1,
    at,
    state,
  }))
  const others: JournalEntry[] = [
    { ...entry, actor: `order/${id}`, transition: 1, at: 1, state: 'paying' },
    { ...entry, actor: `payment/${id}`, at: 1 },
  ]
  return { journal: new Map([[`order/${id}`, [...others, ...entries]]]) }
}

describe('The counts of payments', () => {
  it('have one that completes within a commit, and leave nothing open', () => {
    const counts = new PaymentCounts([])
    counts.note(
      commit(1, [{ paying: 'claimingOrder' }, 1], [{ paying: 'deductingBalance' }, 1], ['completed', 1]),
    )
    expect(counts.ended).toEqual({ completed: 1, failed: 0 })
    expect(counts.open).toEqual({ paying: 0, compensating: 0 })
    expect(counts.oldestSince).toBeUndefined()
  })

  it('have one that fails as one compensation, however many undos it takes', () => {
    const counts = new PaymentCounts([])
    counts.note(commit(1, [{ paying: 'claimingOrder' }, 1], [{ compensating: 'restoringStock' }, 2]))
    counts.note(commit(1, [{ compensating: 'releasingOrder' }, 3]))
    expect(counts.open).toEqual({ paying: 0, compensating: 1 })
    counts.note(commit(1, ['failed', 4]))
    expect(counts.compensations).toBe(1)
    expect(counts.ended).toEqual({ completed: 0, failed: 1 })
  })

  it('say since when the oldest one is under way', () => {
    const counts = new PaymentCounts([])
    counts.note(commit(1, [{ paying: 'claimingOrder' }, 10]))
    counts.note(commit(2, [{ paying: 'claimingOrder' }, 20]))
    counts.note(commit(1, [{ paying: 'deductingBalance' }, 30]))
    expect(counts.oldestSince).toBe(10)
    counts.note(commit(1, ['completed', 40]))
    expect(counts.oldestSince).toBe(20)
  })

  it('count the attempts after a failed one, and returns that begin and end', () => {
    const counts = new PaymentCounts([])
    counts.note(commit(1, [{ paying: 'claimingOrder' }, 1], ['failed', 1]))
    counts.note(commit(1, [{ paying: 'claimingOrder' }, 2], ['completed', 2]))
    counts.note(commit(1, [{ returning: 'refundingBalance' }, 3]))
    expect(counts.open).toMatchObject({ returning: 1 })
    counts.note(commit(1, ['returned', 4]))
    expect(counts.ended).toEqual({ completed: 1, failed: 1, returned: 1 })
  })

  it('begin with those that an earlier process left open', () => {
    const counts = new PaymentCounts([
      { id: 1, state: { compensating: 'restoringStock' }, since: 5 },
      { id: 2, state: 'completed', since: 4 },
      { id: 3, state: undefined, since: 3 },
    ])
    expect(counts.open).toEqual({ paying: 0, compensating: 1 })
    expect(counts.oldestSince).toBe(5)
    counts.note(commit(1, ['failed', 9]))
    expect(counts.compensations).toBe(0)
    expect(counts.ended).toEqual({ completed: 0, failed: 1 })
  })
})
