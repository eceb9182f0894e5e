import { describe, expect, it } from 'vitest'
import { Unavailable } from '../../src/runtime/faults.ts'
import { openTestRuntime } from './open-test-runtime.ts'

const add = { type: 'Add', amount: 1 }

describe('An actor in memory', () => {
  it('is dropped when it was used least recently and there is no room, and loaded again when needed', async () => {
    const { run, runtime } = openTestRuntime({ limits: { activationsSizeMax: 5_000 } })
    const kept = (id: number) => runtime.stateInMemory(`counter/${id}`) !== undefined
    await run('counter/1', add)
    await run('counter/2', add)
    await run('counter/1', add)
    for (let id = 3; kept(2); id += 1) await run(`counter/${id}`, add)
    expect(kept(1)).toBe(true)
    expect(await run('counter/2', add)).toEqual({ type: 'Added', total: 2 })
  })

  it('stays while it has messages, however little room there is', async () => {
    const { ask, have, runtime } = openTestRuntime({ limits: { activationsSizeMax: 0, tickStepsMax: 3 } })
    const send = { type: 'send' as const, to: 'counter/1', message: add }
    await have([])
    const done = ask('puppet/teller', { type: 'Do', effects: [send, send, send] })
    runtime.runStep()
    await done
    expect(runtime.stateInMemory('counter/1')).toEqual({ total: 2 })
    runtime.runUntilIdle()
    expect(runtime.stateInMemory('counter/1')).toBeUndefined()
  })

  it('shows its committed state only', async () => {
    const { ask, run, runtime } = openTestRuntime({
      onCommit() {
        expect(runtime.stateInMemory('counter/1')).toEqual(before)
      },
    })
    let before: unknown
    await run('counter/1', add)
    before = { total: 1 }
    const added = ask('counter/1', add)
    runtime.runUntilIdle()
    await added
    expect(runtime.stateInMemory('counter/1')).toEqual({ total: 2 })
  })

  it('takes no message when it was altered on disk; the others go on', async () => {
    const first = openTestRuntime()
    await first.run('counter/1', add)
    first.database.exec(`UPDATE snapshots SET state = '{"total":1000}'`)
    const { run, deadLetters } = first.crash()
    await expect(run('counter/1', add)).rejects.toThrow(Unavailable)
    expect(deadLetters()).toEqual([
      { actor: 'counter/1', error: 'The snapshot of counter/1 was altered on disk' },
    ])
    expect(await run('counter/2', add)).toEqual({ type: 'Added', total: 1 })
  })
})
