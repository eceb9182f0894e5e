import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openShop } from '../../src/main.ts'
import { type Calls, codeOf, type Operation, type Outcome } from '../../src/persistence/batch-writer.ts'
import { openDatabase } from '../../src/persistence/database.ts'
import { createDirectWriter } from '../../src/persistence/writer.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const indeterminate: Outcome = { type: 'indeterminate', reason: 'disk I/O error' }
const event = {
  eventId: 'payment/1#1#0',
  topic: 'payments',
  message: JSON.stringify({ type: 'PaymentCompleted', orderId: 1 }),
}

/** A shop that owes one event to the outside, and whose first write of one kind ends nobody knows how. */
async function endedBy(operation: Operation) {
  const database = openDatabase(':memory:', { timeZone: 'Asia/Seoul', currency: 'KRW' })
  const writer = createDirectWriter(database)
  const clock = new SimulatedClock()
  await writer.write([
    codeOf('outbox'),
    event.eventId,
    event.topic,
    'order/1',
    event.message,
    'order/1',
    clock.now(),
    clock.now(),
  ])
  let ends = 0
  const fails = (calls: Calls) => calls[0] === codeOf(operation)
  const shop = openShop({
    config: readConfig({ RECOUP_AUTH: 'gateway', RECOUP_DATA: ':memory:' }),
    clock,
    storage: {
      database,
      writer: { write: calls => (fails(calls) ? indeterminate : writer.write(calls)), close() {} },
    },
    end: () => {
      ends += 1
    },
    sinks: { payments: async () => {} },
  })
  const charge = shop.ask(
    'customer/1',
    { type: 'CreateCustomer', customerId: 1, username: 'ada' },
    { correlationId: 'a' },
  )
  charge.catch(() => {})
  shop.runtime.runUntilIdle()
  await shop.relay.settled()
  clock.advance(60_000)
  return ends
}

describe('A write of unknown outcome ends the process', () => {
  it.each([
    ['of the runtime', 'snapshot'],
    ['of the relay', 'outboxSettled'],
    ['of retention', 'dropJournal'],
  ] as const)('when it is one %s', async (_whose, operation) => {
    expect(await endedBy(operation)).toBeGreaterThan(0)
  })

  it('and nothing else does', async () => {
    expect(await endedBy('forgetSnapshot')).toBe(0)
  })
})
