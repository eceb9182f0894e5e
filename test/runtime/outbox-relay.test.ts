import { describe, expect, it } from 'vitest'
import { createOutboxTable } from '../../src/persistence/outbox-table.ts'
import { createDirectReader } from '../../src/persistence/reader.ts'
import { createDirectWriter } from '../../src/persistence/writer.ts'
import type { Effect } from '../../src/runtime/actor.ts'
import { commandSink, OutboxRelay, type Sink } from '../../src/runtime/outbox-relay.ts'
import { openTestRuntime, type TestRuntime } from './open-test-runtime.ts'

const news = (key: string, type: string): Effect => ({ type: 'emit', topic: 'news', key, message: { type } })

/** A relay on the outbox of a runtime, with a sink for news that does as it is told. */
function relayOn(runtime: TestRuntime, sink: () => Promise<void> = async () => {}) {
  const { clock, database } = runtime
  const start = clock.now()
  const tries: [type: string, afterMs: number][] = []
  const reports: string[] = []
  const sinks: Record<string, Sink> = {
    news({ message }) {
      tries.push([message.type, clock.now() - start])
      return sink()
    },
    [commandSink.topic]: commandSink.to(runtime.runtime, clock),
  }
  const outbox = createOutboxTable(createDirectReader(database), createDirectWriter(database))
  const relay = new OutboxRelay({ outbox, clock, sinks, report: line => void reports.push(line) })
  return {
    relay,
    tries,
    reports,
    outbox,
    async deliver() {
      relay.wake()
      await relay.settled()
    },
    /** Lets time pass in small pieces, and what is tried in each come to its end. */
    async pass(ms: number, pieceMs = 500) {
      for (let passed = 0; passed < ms; passed += pieceMs) {
        clock.advance(pieceMs)
        await relay.settled()
      }
    },
  }
}

const outcomes = ({ database }: TestRuntime) =>
  database.prepare<[], string | null>('SELECT outcome FROM outbox ORDER BY sequence').pluck().all()

const refusing = (times: number) => {
  let left = times
  return async () => {
    left -= 1
    if (left >= 0) throw new Error('not now')
  }
}

describe('An event', () => {
  it('is delivered once when the sink takes it', async () => {
    const runtime = openTestRuntime()
    const { deliver, tries, pass } = relayOn(runtime)
    await runtime.have([news('a', 'One'), news('b', 'Two')])
    await deliver()
    await pass(60_000, 10_000)
    expect(tries.map(([type]) => type)).toEqual(['One', 'Two'])
    expect(outcomes(runtime)).toEqual(['delivered', 'delivered'])
  })

  it('is tried again with a growing delay until the sink takes it', async () => {
    const runtime = openTestRuntime()
    const { deliver, tries, pass } = relayOn(runtime, refusing(4))
    await runtime.have([news('a', 'One')])
    await deliver()
    await pass(20_000)
    expect(tries.map(([, afterMs]) => afterMs)).toEqual([0, 500, 1_500, 3_500, 7_500])
    expect(outcomes(runtime)).toEqual(['delivered'])
  })

  it('comes after the earlier ones of its key, and does not hold up those of others', async () => {
    const runtime = openTestRuntime()
    const { deliver, tries, pass } = relayOn(runtime, refusing(1))
    await runtime.have([news('a', 'First'), news('a', 'Second'), news('b', 'Other')])
    await deliver()
    expect(tries.map(([type]) => type)).toEqual(['First', 'Other'])
    await pass(500)
    expect(tries.map(([type]) => type)).toEqual(['First', 'Other', 'First', 'Second'])
  })

  it('behind one that waits for its next try is not waited for', async () => {
    const runtime = openTestRuntime()
    const { deliver, outbox } = relayOn(runtime, refusing(1))
    await runtime.have([news('a', 'First'), news('a', 'Second')])
    await deliver()
    expect(outbox.nextAttemptAt()).toBe(runtime.clock.now() + 500)
  })

  it('comes again when the process dies before it is noted as delivered', async () => {
    const first = openTestRuntime()
    let taken = () => {}
    const { relay, tries } = relayOn(
      first,
      () =>
        new Promise<void>(resolve => {
          taken = resolve
        }),
    )
    await first.have([news('a', 'One')])
    relay.wake()
    relay.stop()
    taken()
    await relay.settled()
    expect(outcomes(first)).toEqual([null])
    const second = relayOn(first.crash())
    await second.deliver()
    expect([...tries, ...second.tries].map(([type]) => type)).toEqual(['One', 'One'])
  })

  it('whose delivery cannot be noted is delivered again, after a long pause', async () => {
    const runtime = openTestRuntime()
    const { deliver, tries, reports, pass } = relayOn(runtime)
    await runtime.have([news('a', 'One')])
    runtime.database.pragma('query_only = ON')
    await deliver()
    await pass(59_000, 1_000)
    expect(tries).toHaveLength(1)
    expect(reports).toHaveLength(1)
    runtime.database.pragma('query_only = OFF')
    await pass(1_000)
    expect(tries).toHaveLength(2)
    expect(outcomes(runtime)).toEqual(['delivered'])
  })

  it('is parked after its last try', async () => {
    const runtime = openTestRuntime()
    const { deliver, reports, outbox } = relayOn(runtime, refusing(1))
    await runtime.have([news('a', 'One')])
    runtime.database.exec('UPDATE outbox SET attempts = 1439')
    await deliver()
    expect(outcomes(runtime)).toEqual(['parked: Error: not now'])
    expect(outbox.nextAttemptAt()).toBeUndefined()
    expect(reports).toHaveLength(1)
  })

  it('that nobody subscribed to is kept and owed to nobody', async () => {
    const runtime = openTestRuntime()
    const { outbox } = relayOn(runtime)
    await runtime.have([{ ...news('a', 'One'), topic: 'gossip' } as Effect])
    expect(outbox.nextAttemptAt()).toBeUndefined()
    expect(outcomes(runtime)).toEqual([null])
  })
})

describe('The breaker of a sink', () => {
  it('opens after five failures, lets one event try, and closes once that is taken', async () => {
    const runtime = openTestRuntime()
    const { deliver, tries, pass } = relayOn(runtime, refusing(6))
    const types = ['One', 'Two', 'Three', 'Four', 'Five']
    await runtime.have(types.map(type => news(type, type)))
    await deliver()
    expect(tries).toHaveLength(5)

    // Open: nothing is tried. Half open after 500 ms: one event is, and fails.
    await runtime.have([news('Late', 'Late')])
    await deliver()
    await pass(500)
    expect(tries.slice(5)).toEqual([['One', 500]])

    await pass(120_000, 1_000)
    expect(tries[6]).toEqual(['One', 1_500])
    expect(outcomes(runtime)).toEqual(Array.from({ length: 6 }, () => 'delivered'))
  })
})

describe('An owed command', () => {
  const key = { scope: '1001/1', name: 'add' }
  const owed: Effect = {
    type: 'emit',
    topic: 'command',
    key: 'counter/1',
    message: { type: 'OwedCommand', to: 'counter/1', key, message: { type: 'Add', amount: 5 } },
  }

  /** A process in which commands to the counter are lost at first. */
  function losing(times: number) {
    let left = times
    return openTestRuntime({
      intercept({ to }) {
        if (to !== 'counter/1' || left === 0) return 'deliver'
        left -= 1
        return 'drop'
      },
    })
  }

  it('is delivered once its actor answers, with the key it always had', async () => {
    const runtime = losing(1)
    const { relay, pass } = relayOn(runtime)
    await runtime.have([owed])
    relay.wake()
    expect(outcomes(runtime)).toEqual([null])
    // Nobody answers the first try, which is given up after ten seconds; the second is half a second later.
    runtime.clock.advance(10_000)
    await relay.settled()
    expect(runtime.stored('counter/1')).toBeUndefined()
    await pass(500)
    expect(runtime.stored('counter/1')).toEqual({ total: 5 })
    expect(outcomes(runtime)).toEqual(['delivered'])
  })

  it('takes effect once, also when it was answered before', async () => {
    const runtime = openTestRuntime()
    const { deliver } = relayOn(runtime)
    await runtime.run('counter/1', { type: 'Add', amount: 5 }, key)
    await runtime.have([owed])
    await deliver()
    expect(runtime.stored('counter/1')).toEqual({ total: 5 })
    expect(outcomes(runtime)).toEqual(['delivered'])
  })
})
