import { describe, expect, it } from 'vitest'
import { standingOf } from '../../../web/src/parts/payment-status.tsx'

describe('How a payment stands', () => {
  it.each([
    ['PAYING', 'paying'],
    ['COMPENSATING', 'rollingBack'],
    ['FAILED', 'rolledBack'],
    ['COMPLETED', 'completed'],
    ['RETURNING', 'returning'],
    ['PARTIALLY_RETURNED', 'partlyReturned'],
    ['RETURNED', 'returned'],
  ] as const)('is told of %s', (status, standing) => {
    expect(standingOf({ status, attention: [] })).toBe(standing)
  })

  it.each([['SUSPENDED'], ['UNDO_UNANSWERED']] as const)(
    'is incomplete, not rolled back, while an undo needs an operator: %s',
    attention => {
      expect(standingOf({ status: 'COMPENSATING', attention: [attention] })).toBe('rollbackIncomplete')
    },
  )

  it('is stopped when a message was set aside', () => {
    expect(standingOf({ status: 'PAYING', attention: ['SUSPENDED'] })).toBe('stopped')
    expect(standingOf({ status: 'RETURNING', attention: ['SUSPENDED'] })).toBe('stopped')
  })
})
