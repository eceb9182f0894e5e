import { expect } from 'vitest'
import { checkInvariants } from '../../src/persistence/invariants/invariants.ts'
import type { TestShop } from './open-test-shop.ts'

/** Every invariant holds, no message was left lying or set aside, and nobody had anything to report. */
export function expectSound({ database, clock, reports }: TestShop, reported: readonly unknown[] = []): void {
  expect(checkInvariants(database, clock.now()).filter(({ violationCount }) => violationCount > 0)).toEqual(
    [],
  )
  expect(database.prepare('SELECT * FROM mailbox').all()).toEqual([])
  expect(reports).toEqual(reported)
}
