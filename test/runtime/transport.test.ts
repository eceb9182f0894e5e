import { describe, expect, it } from 'vitest'
import type { Envelope } from '../../src/runtime/envelope.ts'
import { type Interception, interceptedTransport, localTransport } from '../../src/runtime/transport.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const envelope: Envelope = {
  id: 'm1',
  version: 1,
  from: 'payment/1001',
  to: 'balance/11',
  message: { type: 'DeductBalance' },
  key: { scope: '1001/1', name: 'deductBalance' },
  correlationId: 'order/1001',
  causationId: 'm0',
  fresh: true,
}

function sentThrough(interception: Interception) {
  const clock = new SimulatedClock()
  const delivered: Envelope[] = []
  const transport = interceptedTransport(() => interception, clock)
  transport.send(envelope, arrived => void delivered.push(arrived))
  return { clock, delivered }
}

describe('The local transport', () => {
  it('delivers at once and as it is', () => {
    const delivered: Envelope[] = []
    localTransport.send(envelope, arrived => void delivered.push(arrived))
    expect(delivered).toEqual([envelope])
  })
})

describe('An intercepted message', () => {
  it('is delivered as it is when it is let through', () => {
    expect(sentThrough('deliver').delivered).toEqual([envelope])
  })

  it('is lost when it is dropped', () => {
    expect(sentThrough('drop').delivered).toEqual([])
  })

  it('comes later when it is delayed, and nothing is certain about its key any more', () => {
    const { clock, delivered } = sentThrough({ delayMs: 100 })
    clock.advance(99)
    expect(delivered).toEqual([])
    clock.advance(1)
    const { fresh: _fresh, ...uncertain } = envelope
    expect(delivered).toEqual([uncertain])
  })

  it('comes several times when it is duplicated, with ids of their own and the same key', () => {
    const { delivered } = sentThrough({ duplicates: 2 })
    expect(delivered.map(({ key }) => key)).toEqual([envelope.key, envelope.key, envelope.key])
    expect(delivered.map(({ fresh }) => fresh)).toEqual([undefined, undefined, undefined])
    expect(new Set(delivered.map(({ id }) => id)).size).toBe(3)
  })

  it('is answered in place of its receiver', () => {
    const answer = { type: 'DeductBalanceRejected', refusal: { code: 'BALANCE_INSUFFICIENT' } }
    expect(sentThrough({ answer }).delivered).toEqual([
      {
        id: 'm1-answer',
        version: 1,
        from: 'balance/11',
        to: 'payment/1001',
        message: answer,
        key: envelope.key,
        inReplyTo: 'm1',
        correlationId: 'order/1001',
        causationId: 'm1',
      },
    ])
  })
})
