import { describe, expect, it } from 'vitest'
import { Unavailable } from '../../src/runtime/faults.ts'
import { CommitRefused } from '../../src/runtime/store.ts'
import { openTestRuntime, type TestRuntimeOptions } from './open-test-runtime.ts'

const add = { type: 'Add', amount: 1 }
const key = { scope: 's', name: 'add' }

/** A runtime whose disk writes nothing until it is told to. */
function openOnSlowDisk(options: TestRuntimeOptions = {}) {
  const writes: PromiseWithResolvers<void>[] = []
  const runtime = openTestRuntime({
    ...options,
    onCommit() {
      const write = Promise.withResolvers<void>()
      writes.push(write)
      return write.promise
    },
  })
  return {
    ...runtime,
    /** Asks, and runs as far as it goes without the disk. */
    begin(...ask: Parameters<typeof runtime.ask>) {
      const answer = runtime.ask(...ask)
      answer.catch(() => {})
      runtime.runtime.runUntilIdle()
      return answer
    },
    /** How many batches the disk was given. */
    given: () => writes.length,
    async write(place: number) {
      writes[place]?.resolve()
      await new Promise(setImmediate)
    },
    async refuse(place: number) {
      writes[place]?.reject(new CommitRefused('full'))
      await new Promise(setImmediate)
    },
  }
}

describe('While a batch is being written elsewhere', () => {
  it('its answers wait, and nobody sees its states', async () => {
    const { begin, write, runtime } = openOnSlowDisk()
    const answered: unknown[] = []
    const answer = begin('counter/1', add).then(message => answered.push(message))
    await new Promise(setImmediate)
    expect([answered, runtime.stateInMemory('counter/1')]).toEqual([[], undefined])
    await write(0)
    await answer
    expect(answered).toEqual([{ type: 'Added', total: 1 }])
    expect(runtime.stateInMemory('counter/1')).toEqual({ total: 1 })
  })

  it('the next batch takes up what comes, builds on its states, and is given after it', async () => {
    const { begin, given, write, stored } = openOnSlowDisk()
    const answers = [begin('counter/1', add), begin('counter/1', add), begin('counter/1', add)]
    expect(given()).toBe(1)
    await write(0)
    expect([given(), stored('counter/1')]).toEqual([2, { total: 1 }])
    await write(1)
    expect((await Promise.all(answers)).map(({ total }) => total)).toEqual([1, 2, 3])
    expect([given(), stored('counter/1')]).toEqual([2, { total: 3 }])
  })

  it('the next batch grows to its limit and no further', async () => {
    const { ask, runtime, given, write, stored } = openOnSlowDisk({ limits: { tickStepsMax: 2 } })
    const answers = Array.from({ length: 6 }, () => ask('counter/1', add))
    runtime.runUntilIdle()
    for (const total of [2, 4, 6]) {
      await write(given() - 1)
      expect(stored('counter/1')).toEqual({ total })
    }
    await expect(Promise.all(answers)).resolves.toHaveLength(6)
  })

  it('a refusal takes with it what was built on it, and memory goes back', async () => {
    const { begin, refuse, write, stored, given } = openOnSlowDisk()
    const first = begin('counter/1', add)
    await write(0)
    await first
    const answers = Promise.allSettled([begin('counter/1', add), begin('counter/1', add)])
    await refuse(1)
    expect(await answers).toMatchObject(
      Array.from({ length: 2 }, () => ({ status: 'rejected', reason: new Unavailable('full') })),
    )
    expect(stored('counter/1')).toEqual({ total: 1 })
    const again = begin('counter/1', add)
    await write(given() - 1)
    expect(await again).toEqual({ type: 'Added', total: 2 })
  })

  it('its keys are known to the next', async () => {
    const { begin, write, stored } = openOnSlowDisk()
    const answers = [begin('counter/1', add, key), begin('counter/1', add, key)]
    await write(0)
    await write(1)
    expect(await Promise.all(answers)).toEqual([
      { type: 'Added', total: 1 },
      { type: 'Added', total: 1 },
    ])
    expect(stored('counter/1')).toEqual({ total: 1 })
  })

  it('its actors stay in memory, however little room there is', async () => {
    const { begin, write, stored } = openOnSlowDisk({ limits: { activationsSizeMax: 0 } })
    const answers = [begin('counter/1', add), begin('counter/2', add), begin('counter/1', add)]
    for (const place of [0, 1, 2]) await write(place)
    await Promise.all(answers)
    expect([stored('counter/1'), stored('counter/2')]).toEqual([{ total: 2 }, { total: 1 }])
  })

  it('a timer that it sets can be cancelled', async () => {
    const { begin, write, pass, heard } = openOnSlowDisk()
    const effects = (...asked: object[]) => ({ type: 'Do', effects: asked })
    begin('puppet/teller', effects({ type: 'schedule', name: 'Ring', delayMs: 1_000 }))
    begin('puppet/teller', effects({ type: 'cancel', name: 'Ring' }))
    for (const place of [0, 1]) await write(place)
    pass(5_000)
    expect(heard()).toEqual([])
  })

  it('a timer that it fires is not fired again', async () => {
    const { begin, write, given, pass, heard } = openOnSlowDisk()
    begin('puppet/teller', { type: 'Do', effects: [{ type: 'schedule', name: 'Ring', delayMs: 1_000 }] })
    await write(0)
    pass(1_000)
    pass(1_000)
    while (given() < 2) pass(1_000)
    await write(1)
    pass(5_000)
    for (let place = 2; place < given(); place += 1) await write(place)
    expect(heard()).toHaveLength(1)
  })

  it('stop waits for it', async () => {
    const { begin, write, runtime } = openOnSlowDisk()
    const happened: string[] = []
    const answer = begin('counter/1', add).then(() => happened.push('answered'))
    const stopped = Promise.resolve(runtime.stop()).then(() => happened.push('stopped'))
    expect(happened).toEqual([])
    await write(0)
    await Promise.all([answer, stopped])
    expect(happened).toEqual(['answered', 'stopped'])
  })
})
