import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/runtime/actor.ts'
import { Faulted, Unavailable } from '../../src/runtime/faults.ts'
import { CommitRefused } from '../../src/runtime/store.ts'
import { everyRow, openTestRuntime, type TestRuntime } from './open-test-runtime.ts'
import { counter } from './small-actors.ts'

const add = (amount: number) => ({ type: 'Add', amount })
const serve = (left: number) => ({ type: 'Serve', left, other: 'player/b' })

describe('A lone message', () => {
  it('is answered after its commit, and by itself', async () => {
    const happened: string[] = []
    const { ask } = openTestRuntime({
      onCommit: () => void happened.push('committing'),
      onCommitted: () => void happened.push('committed'),
    })
    const answer = await ask('counter/1', add(5))
    happened.push('answered')
    expect(answer).toEqual({ type: 'Added', total: 5 })
    expect(happened).toEqual(['committing', 'committed', 'answered'])
  })

  it('is refused as unavailable when the disk refuses, and memory goes back to the last commit', async () => {
    let full = false
    const { run, stored } = openTestRuntime({
      onCommit() {
        if (full) throw new CommitRefused('database or disk is full')
      },
    })
    await run('counter/1', add(5))
    full = true
    await expect(run('counter/1', add(3))).rejects.toThrow(Unavailable)
    await expect(run('counter/2', add(3))).rejects.toThrow('disk is full')
    full = false
    expect(await run('counter/1', add(1))).toEqual({ type: 'Added', total: 6 })
    expect(stored('counter/2')).toBeUndefined()
  })

  it('is never answered when nobody knows whether the commit came about', async () => {
    const lost = new Error('the sync failed')
    const told: unknown[] = []
    const { runtime, ask } = openTestRuntime({
      onCommit() {
        throw lost
      },
      onIndeterminate: error => void told.push(error),
    })
    let answered = false
    const note = () => {
      answered = true
    }
    ask('counter/1', add(5)).then(note, note)
    runtime.runUntilIdle()
    await new Promise(setImmediate)
    expect(told).toEqual([lost])
    expect(answered).toBe(false)
    await expect(ask('counter/1', add(1))).rejects.toThrow(Unavailable)
  })

  it('waits for ever behind a commit of which nobody knows what became, and holds up nothing', () => {
    const { runtime, ask, stored } = openTestRuntime({
      mode: 'steps',
      onCommit() {
        throw new Error('the sync failed')
      },
      onIndeterminate: () => {},
    })
    for (const counter of ['counter/1', 'counter/2']) ask(counter, add(5)).catch(() => {})
    runtime.runUntilIdle()
    expect(runtime.runStep()).toBe(false)
    expect(stored('counter/2')).toBeUndefined()
  })

  it('to a kind of actor that does not exist is set aside', async () => {
    const { run, deadLetters } = openTestRuntime()
    await expect(run('ghost/1', add(1))).rejects.toThrow(Faulted)
    expect(deadLetters()).toEqual([{ actor: 'ghost/1', error: 'No actor is of the kind of ghost/1' }])
  })

  it('is given up by whoever waits, and goes on', async () => {
    const { runtime, stored } = openTestRuntime()
    const patience = new AbortController()
    const answer = runtime.ask('counter/1', add(5), { correlationId: 'test', signal: patience.signal })
    patience.abort(new Error('too long'))
    runtime.runUntilIdle()
    await expect(answer).rejects.toThrow('too long')
    expect(stored('counter/1')).toEqual({ total: 5 })
  })
})

describe('Messages between actors', () => {
  it('run in the same tick and commit together', async () => {
    const { ask, commits, stored } = openTestRuntime()
    await ask('player/a', serve(9))
    expect([stored('player/a'), stored('player/b')]).toEqual([{ hits: 5 }, { hits: 5 }])
    expect(commits).toHaveLength(1)
  })

  it('of several requests share a commit', async () => {
    const { ask, commits } = openTestRuntime()
    await Promise.all([1, 2, 3].map(amount => ask(`counter/${amount}`, add(amount))))
    expect(commits).toHaveLength(1)
  })

  it('are handled first in, first out', async () => {
    const { have, heard } = openTestRuntime()
    const words = ['one', 'two', 'three']
    await have(words.map(type => ({ type: 'send', to: 'puppet/listener', message: { type } })))
    expect(heard('listener').map(({ type }) => type)).toEqual(words)
  })

  it('are never handled while another one of the same actor is', async () => {
    let running = 0
    let runningMost = 0
    const watched = {
      ...counter,
      step(...step: Parameters<typeof counter.step>) {
        running += 1
        runningMost = Math.max(runningMost, running)
        const result = counter.step(...step)
        running -= 1
        return result
      },
    }
    const { ask } = openTestRuntime({ actors: [watched] })
    const answers = await Promise.all([1, 2, 3].map(amount => ask('counter/1', add(amount))))
    expect(answers.map(({ total }) => total)).toEqual([1, 3, 6])
    expect(runningMost).toBe(1)
  })

  it('of a hot actor let those of others through', async () => {
    const { have, commits } = openTestRuntime({ limits: { turnMessagesMax: 2 } })
    const to = (address: string): Effect => ({ type: 'send', to: address, message: add(1) })
    await have([...Array.from({ length: 5 }, () => to('counter/hot')), to('counter/cold')])
    const order = [...(commits[0]?.journal.get('test') ?? [])]
      .map(({ actor }) => actor)
      .filter(actor => actor.startsWith('counter'))
    expect(order.indexOf('counter/cold')).toBe(2)
    expect(order).toHaveLength(6)
  })
})

describe('A tick at its limit', () => {
  it('leaves undelivered messages in their mailbox, from which another process delivers them', async () => {
    const first = openTestRuntime({ limits: { tickStepsMax: 4 } })
    const served = first.ask('player/a', serve(9))
    first.runtime.runStep()
    await served
    const inMailbox = () => first.database.prepare('SELECT count(*) FROM mailbox').pluck().get()
    expect(inMailbox()).toBe(1)
    expect(first.stored('player/a')).toEqual({ hits: 2 })

    const second = first.crash()
    second.runtime.runUntilIdle()
    expect([second.stored('player/a'), second.stored('player/b')]).toEqual([{ hits: 5 }, { hits: 5 }])
    expect(inMailbox()).toBe(0)
  })

  it('leaves a request that was not let in to be asked again', async () => {
    let full = false
    const { ask, runtime } = openTestRuntime({
      limits: { tickStepsMax: 1 },
      onCommit() {
        if (full) throw new CommitRefused('full')
      },
    })
    const answers = Promise.allSettled([ask('counter/1', add(1)), ask('counter/2', add(1))])
    runtime.runStep()
    full = true
    runtime.runStep()
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })
})

describe('A disk that refuses', () => {
  it('is asked again after a second, not over and over, for what is stored already', async () => {
    let full = false
    let refusals = 0
    const { ask, clock, runtime, stored } = openTestRuntime({
      limits: { tickStepsMax: 1 },
      onCommit() {
        if (!full) return
        refusals += 1
        throw new CommitRefused('full')
      },
    })
    const served = ask('player/a', serve(3))
    runtime.runStep()
    await served
    full = true
    runtime.runUntilIdle()
    expect(refusals).toBe(1)
    clock.advance(999)
    expect(refusals).toBe(1)
    clock.advance(1)
    expect(refusals).toBe(2)

    full = false
    clock.advance(1_000)
    runtime.runUntilIdle()
    expect([stored('player/a'), stored('player/b')]).toEqual([{ hits: 2 }, { hits: 2 }])
  })

  it('does not keep the process from stopping', async () => {
    let full = false
    const { ask, runtime } = openTestRuntime({
      limits: { tickStepsMax: 1 },
      onCommit() {
        if (full) throw new CommitRefused('full')
      },
    })
    const served = ask('player/a', serve(3))
    runtime.runStep()
    await served
    full = true
    await runtime.stop()
    await expect(ask('player/a', serve(1))).rejects.toThrow(Unavailable)
  })
})

describe('Steps mode', () => {
  const rallies = async (runtime: TestRuntime) => {
    const served = runtime.ask('player/a', serve(6))
    runtime.runtime.runStep()
    await served
  }

  it('commits after every single step', async () => {
    const { ask, commits, runtime } = openTestRuntime({ mode: 'steps' })
    const served = ask('player/a', serve(6))
    runtime.runUntilIdle()
    await served
    expect(commits).toHaveLength(7)
  })

  it.each([0, 1, 2, 3, 4, 5, 6])('ends the same when the process dies after %i more steps', async steps => {
    const first = openTestRuntime({ mode: 'steps' })
    await rallies(first)
    for (let step = 0; step < steps; step += 1) first.runtime.runStep()
    const second = first.crash()
    second.runtime.runUntilIdle()
    expect([second.stored('player/a'), second.stored('player/b')]).toEqual([{ hits: 4 }, { hits: 3 }])
  })

  it('ends the same when the process dies after every step', async () => {
    let runtime = openTestRuntime({ mode: 'steps' })
    await rallies(runtime)
    for (let step = 0; step < 6; step += 1) {
      runtime = runtime.crash()
      runtime.runtime.runStep()
    }
    expect([runtime.stored('player/a'), runtime.stored('player/b')]).toEqual([{ hits: 4 }, { hits: 3 }])
  })
})

describe('A step that throws', () => {
  it('changes nothing and sets only its own message aside', async () => {
    const { ask, stored, deadLetters, commits } = openTestRuntime()
    const [before, poisoned, after, neighbour] = await Promise.allSettled([
      ask('patient/1', { type: 'Feed' }),
      ask('patient/1', { type: 'Poison' }, undefined, 'poisoned saga'),
      ask('patient/1', { type: 'Feed' }),
      ask('counter/1', add(5)),
    ])
    expect(before).toMatchObject({ status: 'fulfilled' })
    expect(poisoned).toEqual({ status: 'rejected', reason: new Faulted('poisoned saga') })
    expect(after).toMatchObject({ status: 'fulfilled' })
    expect(neighbour).toMatchObject({ status: 'fulfilled' })
    expect(stored('patient/1')).toEqual({ meals: 2 })
    expect(deadLetters()).toEqual([{ actor: 'patient/1', error: 'That was poison' }])
    expect(commits).toHaveLength(1)
  })

  const unbalanced: Effect = {
    type: 'post',
    changeType: 'CHARGE',
    key: 'k',
    lines: [
      { account: 'wallet/1', amount: 5 },
      { account: 'cash-in', amount: -4 },
    ],
  }
  it('is one that posts an entry out of balance', async () => {
    const { have, database, deadLetters } = openTestRuntime()
    await expect(have([unbalanced])).rejects.toThrow(Faulted)
    expect(everyRow(database)['ledger_lines']).toEqual([])
    expect(deadLetters()).toMatchObject([{ error: 'The entry k is out of balance by 1' }])
  })
})

describe('A transition', () => {
  it('that changes nothing and only replies leaves no row', async () => {
    const { run, database, runtime } = openTestRuntime()
    await run('counter/1', add(5))
    const before = everyRow(database)
    expect(await run('counter/1', { type: 'Read' })).toEqual({ type: 'Total', total: 5 })
    expect(await run('counter/2', { type: 'Read' })).toEqual({ type: 'Total', total: 0 })
    expect(everyRow(database)).toEqual(before)
    expect(runtime.counts).toMatchObject({ handled: 3, unchanged: 2, suspended: 0, waiting: 0 })
  })

  it('is numbered without a gap, also across a restart', async () => {
    const numbers: number[] = []
    const first = openTestRuntime({
      onCommit: ({ journal }) => {
        for (const { transition } of journal.get('test') ?? []) if (transition) numbers.push(transition)
      },
    })
    await first.run('counter/1', add(1))
    await first.run('counter/1', { type: 'Read' })
    await first.run('counter/1', add(1))
    await first.crash().run('counter/1', add(1))
    expect(numbers).toEqual([1, 2, 3])
  })

  it('that owes an event to the outside writes it with an id that names the transition', async () => {
    const { have, commits } = openTestRuntime()
    await have([{ type: 'emit', topic: 'news', key: 'k', message: { type: 'Hello' } }])
    expect(commits[0]?.outbox).toMatchObject([{ id: 'puppet/teller#1#0', topic: 'news', key: 'k' }])
  })
})

describe('stop', () => {
  it('finishes what was asked and refuses what is asked later', async () => {
    const { ask, runtime } = openTestRuntime()
    const asked = ask('counter/1', add(1))
    await runtime.stop()
    expect(await asked).toEqual({ type: 'Added', total: 1 })
    await expect(ask('counter/1', add(1))).rejects.toThrow(Unavailable)
  })

  it('tells whoever will not be answered any more', async () => {
    const { ask, runtime } = openTestRuntime()
    const asked = ask('puppet/1', { type: 'Wait' })
    const told = expect(asked).rejects.toThrow(Unavailable)
    await runtime.stop()
    await told
  })
})

describe('A forgotten saga', () => {
  const inquiry: Effect[] = [
    { type: 'schedule', name: 'Silence', delayMs: 1_000 },
    { type: 'send', to: 'counter/1', message: { type: 'Read' }, key: { scope: 's', name: 'read' } },
  ]
  const farewell: Effect[] = [
    { type: 'cancel', name: 'Silence' },
    { type: 'forget', scope: 's' },
  ]

  it.each(['ticks', 'steps'] as const)('leaves no row behind, in %s mode', async mode => {
    const { database, have, runtime, clock } = openTestRuntime({ mode })
    const before = everyRow(database)
    await have(inquiry)
    expect(everyRow(database)).not.toEqual(before)
    await have(farewell)
    expect(everyRow(database)).toEqual(before)
    clock.advance(2_000)
    runtime.runUntilIdle()
    expect(everyRow(database)).toEqual(before)
  })
})
