import { describe, expect, it } from 'vitest'
import { createOutboxOperations } from '../../src/persistence/outbox-operations.ts'
import { createOutboxTable } from '../../src/persistence/outbox-table.ts'
import { createDirectReader } from '../../src/persistence/reader.ts'
import { createDirectWriter } from '../../src/persistence/writer.ts'
import type { Effect } from '../../src/runtime/actor.ts'
import { commandSink, OutboxRelay, type OwedEvent, type Sink } from '../../src/runtime/outbox-relay.ts'
import { openTestRuntime, type TestRuntime } from './open-test-runtime.ts'

const news = (key: string, type: string): Effect => ({ type: 'emit', topic: 'news', key, message: { type } })

/** A relay on the outbox of a runtime, with a sink for news that does as it is told. */
function relayOn(
  runtime: TestRuntime,
  sink: (event: OwedEvent) => Promise<void> = async () => {},
  random = 1,
) {
  const { clock, database } = runtime
  const start = clock.now()
  const tries: [type: string, afterMs: number][] = []
  const reports: string[] = []
  const sinks: Record<string, Sink> = {
    news(event) {
      tries.push([event.message.type, clock.now() - start])
      return sink(event)
    },
    [commandSink.topic]: commandSink.to(runtime.runtime, clock),
  }
  const outbox = createOutboxTable(createDirectReader(database), createDirectWriter(database))
  const relay = new OutboxRelay({
    outbox,
    clock,
    sinks,
    random: () => random,
    report: line => void reports.push(line),
  })
  return {
    relay,
    tries,
    reports,
    outbox,
    operations: createOutboxOperations({
      reader: createDirectReader(database),
      writer: createDirectWriter(database),
      clock,
      replayedTopic: 'news',
    }),
    /** Delivers what is due now, with the pauses between rounds. */
    async deliver() {
      relay.wake()
      await relay.settled()
      const isDue = () => (outbox.nextAttemptAt('news') ?? Number.POSITIVE_INFINITY) <= clock.now()
      for (let pauses = 0; pauses < 3 && isDue() && relay.breakers['news'] !== 'open'; pauses += 1) {
        clock.advance(100)
        await relay.settled()
      }
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

const operator = { name: 'operator', reason: 'The platform was restored.' }

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
    await pass(1_000)
    expect(tries.map(([type]) => type)).toEqual(['First', 'Other', 'First', 'Second'])
  })

  it('behind one that waits for its next try is not waited for', async () => {
    const runtime = openTestRuntime()
    const { deliver, outbox } = relayOn(runtime, refusing(1))
    await runtime.have([news('a', 'First'), news('a', 'Second')])
    await deliver()
    expect(outbox.nextAttemptAt('news')).toBe(runtime.clock.now() + 500)
  })

  it('that comes soon after others waits a moment, so that many share a write', async () => {
    const runtime = openTestRuntime()
    const { relay, tries } = relayOn(runtime)
    for (const type of ['One', 'Two', 'Three']) {
      await runtime.have([news(type, type)])
      relay.wake()
      await relay.settled()
      runtime.clock.advance(10)
      await relay.settled()
    }
    expect(tries).toEqual([['One', 0]])
    runtime.clock.advance(70)
    await relay.settled()
    expect(tries).toEqual([
      ['One', 0],
      ['Two', 100],
      ['Three', 100],
    ])
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
    expect(outbox.nextAttemptAt('news')).toBeUndefined()
    expect(reports).toHaveLength(1)
  })

  it('that nobody subscribed to is kept and owed to nobody', async () => {
    const runtime = openTestRuntime()
    const { outbox } = relayOn(runtime)
    await runtime.have([{ ...news('a', 'One'), topic: 'gossip' } as Effect])
    expect(outbox.nextAttemptAt('news')).toBeUndefined()
    expect(outcomes(runtime)).toEqual([null])
  })
})

describe('An event behind a parked one of its key', () => {
  it('waits for it, and does not overtake it', async () => {
    const runtime = openTestRuntime()
    const { deliver, tries, outbox } = relayOn(runtime, refusing(1))
    await runtime.have([news('a', 'First'), news('a', 'Second'), news('b', 'Other')])
    runtime.database.exec(`UPDATE outbox SET attempts = 1439 WHERE sequence = 1`)
    await deliver()
    await deliver()
    expect(tries.map(([type]) => type)).toEqual(['First', 'Other'])
    expect(outcomes(runtime)).toEqual(['parked: Error: not now', null, 'delivered'])
    expect(outbox.nextAttemptAt('news')).toBeUndefined()
  })

  it('follows it once it is replayed', async () => {
    const runtime = openTestRuntime()
    const { deliver, tries, operations } = relayOn(runtime, refusing(1))
    await runtime.have([news('a', 'First'), news('a', 'Second')])
    runtime.database.exec('UPDATE outbox SET attempts = 1439 WHERE sequence = 1')
    await deliver()
    expect(operations.backlog()).toEqual([
      { topic: 'news', owed: 1, parked: 1, oldestAt: runtime.clock.now() },
    ])
    expect(operations.parked(10)).toMatchObject([{ key: 'a', type: 'First', attempts: 1440 }])
    expect(await operations.replay({ type: 'parked' }, operator)).toBe(1)
    await deliver()
    expect(tries.map(([type]) => type)).toEqual(['First', 'First', 'Second'])
    expect(operations.backlog()).toEqual([])
  })
})

describe('A replay', () => {
  async function delivered(types: readonly string[]) {
    const runtime = openTestRuntime()
    const relay = relayOn(runtime)
    for (const type of types) {
      await runtime.have([news('a', type)])
      runtime.clock.advance(1_000)
    }
    await relay.deliver()
    relay.tries.length = 0
    return Object.assign(relay, { runtime })
  }

  it('sends everything since a moment again, in order', async () => {
    const { operations, deliver, tries } = await delivered(['One', 'Two', 'Three'])
    const since = Date.UTC(2026, 0, 5, 3, 0, 1)
    expect(await operations.replay({ type: 'since', at: since }, operator)).toBe(2)
    await deliver()
    expect(tries.map(([type]) => type)).toEqual(['Two', 'Three'])
  })

  it('sends one event again, and none that is not there', async () => {
    const { operations, deliver, tries, runtime } = await delivered(['One', 'Two'])
    const eventId = runtime.database
      .prepare<[], string>('SELECT event_id FROM outbox WHERE sequence = 1')
      .pluck()
      .get()
    expect(await operations.replay({ type: 'event', eventId: eventId ?? '' }, operator)).toBe(1)
    expect(await operations.replay({ type: 'event', eventId: 'gone' }, operator)).toBe(0)
    await deliver()
    expect(tries.map(([type]) => type)).toEqual(['One'])
  })

  it('finds what is many pages back', async () => {
    const { operations, runtime } = await delivered(['One'])
    runtime.database.exec(`WITH RECURSIVE n (i) AS (VALUES (2) UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
      INSERT INTO outbox (event_id, topic, key, message, correlation_id, created_at, outcome)
      SELECT 'e' || i, 'news', 'k' || i, '{"type":"Filled"}', 'c', ${runtime.clock.now()}, 'delivered' FROM n`)
    expect(await operations.replay({ type: 'since', at: 0 }, operator)).toBe(2500)
    expect(operations.backlog()).toMatchObject([{ owed: 2500 }])
  })

  it('leaves a row in the audit log, in the write that does it', async () => {
    const { operations, runtime } = await delivered(['One'])
    await operations.replay({ type: 'parked' }, operator)
    expect(
      runtime.database.prepare('SELECT operator, action, subject, reason, outcome FROM audit_log').all(),
    ).toEqual([
      {
        operator: 'operator',
        action: 'ReplayEvents',
        subject: 'outbox/parked',
        reason: 'The platform was restored.',
        outcome: '0 events',
      },
    ])
  })
})

describe('The breaker of a sink', () => {
  it('opens after five failures, lets one event try, and closes once that is taken', async () => {
    const runtime = openTestRuntime()
    const { deliver, tries, pass, relay, reports } = relayOn(runtime, refusing(6))
    const types = ['One', 'Two', 'Three', 'Four', 'Five']
    await runtime.have(types.map(type => news(type, type)))
    await deliver()
    expect(tries).toHaveLength(5)
    expect(relay.breakers['news']).toBe('open')
    expect(reports).toEqual([
      'Events of news cannot be delivered (not now); they wait in the outbox and are tried again.',
    ])

    // Open: nothing is tried. Half open after 500 ms: one event is, and fails.
    await runtime.have([news('Late', 'Late')])
    await deliver()
    runtime.clock.advance(499)
    expect(tries).toHaveLength(5)
    await pass(1, 1)
    expect(tries.slice(5)).toEqual([['Late', 500]])
    expect(relay.breakers['news']).toBe('open')

    await pass(120_000, 1_000)
    expect(tries[6]).toEqual(['One', 1_500])
    expect(outcomes(runtime)).toEqual(Array.from({ length: 6 }, () => 'delivered'))
    expect(relay.breakers['news']).toBe('closed')
    expect(reports.slice(1)).toEqual(['Events of news are delivered again.'])
  })

  it('while open neither reads nor writes the outbox, however much is owed', async () => {
    const runtime = openTestRuntime()
    const { deliver, pass } = relayOn(runtime, refusing(1_000))
    await runtime.have(Array.from({ length: 200 }, (_, place) => news(`${place}`, `${place}`)))
    await deliver()
    const changes = () => runtime.database.prepare('SELECT total_changes()').pluck().get() as number
    const before = changes()
    for (let wakes = 0; wakes < 50; wakes += 1) await deliver()
    expect(changes()).toBe(before)
    // In the next minute it is tried, one event at a time, every ten seconds at most: nothing is parked by an outage.
    await pass(60_000, 1_000)
    expect(changes() - before).toBeGreaterThan(5)
    expect(changes() - before).toBeLessThan(15)
    expect(outcomes(runtime).filter(outcome => outcome?.startsWith('parked'))).toEqual([])
  })

  it('that opened over what was then given up still sends what becomes owed meanwhile', async () => {
    const runtime = openTestRuntime()
    const { deliver, operations, relay, tries, pass } = relayOn(runtime, refusing(5))
    await runtime.have(Array.from({ length: 5 }, (_, at) => news(`${at}`, 'Given up')))
    runtime.database.exec('UPDATE outbox SET attempts = 1439')
    await deliver()
    await pass(100, 100)
    expect(relay.breakers['news']).toBe('open')
    tries.length = 0
    await operations.replay({ type: 'parked' }, operator)
    relay.wake()
    await pass(2_000)
    expect(tries).toHaveLength(5)
    expect(operations.backlog()).toEqual([])
  })

  it('comes back after ten seconds at the latest, and the backlog drains by itself', async () => {
    const runtime = openTestRuntime()
    let away = true
    const { deliver, pass } = relayOn(runtime, async () => {
      if (away) throw new Error('away')
    })
    await runtime.have(Array.from({ length: 200 }, (_, place) => news(`${place}`, `${place}`)))
    await deliver()
    await pass(300_000, 1_000)
    away = false
    await pass(70_000, 1_000)
    expect(new Set(outcomes(runtime))).toEqual(new Set(['delivered']))
  })
})

describe('The delay between tries', () => {
  it.each([
    [0, 250],
    [0.5, 375],
    [1, 500],
  ])('with chance %d is %d ms at first', async (random, delayMs) => {
    const runtime = openTestRuntime()
    const { deliver, outbox } = relayOn(runtime, refusing(1), random)
    await runtime.have([news('a', 'One')])
    await deliver()
    expect(outbox.nextAttemptAt('news')).toBe(runtime.clock.now() + delayMs)
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
