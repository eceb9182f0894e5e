import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/runtime/actor.ts'
import { Faulted, Unavailable } from '../../src/runtime/faults.ts'
import { requestActor } from '../../src/runtime/request-actor.ts'
import { ReadFailed } from '../../src/runtime/store.ts'
import { everyRow, openTestRuntime, type TestRuntime } from './open-test-runtime.ts'
import { smallActors } from './small-actors.ts'

const poison = { to: 'patient/1', message: { type: 'Poison' }, key: { scope: 's', name: 'poison' } }
const feed = { to: 'patient/1', message: { type: 'Feed' }, key: { scope: 's', name: 'feed' } }

/** Its first message waits for an operator, and a meal behind it. */
async function suspendedPatient(options?: Parameters<typeof openTestRuntime>[0]): Promise<TestRuntime> {
  const runtime = openTestRuntime(options)
  await runtime.tell(poison, feed)
  return runtime
}

const resume = (resolution: 'RETRIED' | 'EDITED' | 'SKIPPED', message?: { type: string }): Effect[] => [
  { type: 'resume', deadLetterId: 1, resolution, message },
]

const waiting = ({ database }: TestRuntime) => everyRow(database)['mailbox']

describe('An actor whose step throws within a saga', () => {
  it('is suspended: later messages queue behind the one that was set aside', async () => {
    const runtime = await suspendedPatient()
    expect(runtime.stored('patient/1')).toBeUndefined()
    expect(runtime.deadLetters()).toEqual([{ actor: 'patient/1', error: 'That was poison' }])
    expect(waiting(runtime)).toHaveLength(1)
    expect(runtime.runtime.isSuspended('patient/1')).toBe(true)
  })

  it('holds up nobody else', async () => {
    const { run } = await suspendedPatient()
    expect(await run('counter/1', { type: 'Add', amount: 1 })).toEqual({ type: 'Added', total: 1 })
    expect(await run('patient/2', { type: 'Feed' })).toEqual({ type: 'Eaten' })
  })

  it('refuses what comes from outside at once, and keeps nothing of it', async () => {
    const runtime = await suspendedPatient()
    const before = everyRow(runtime.database)
    await expect(runtime.run('patient/1', { type: 'Feed' })).rejects.toThrow(Unavailable)
    expect(everyRow(runtime.database)).toEqual(before)
  })

  it('lets a resent message wait once', async () => {
    const runtime = await suspendedPatient()
    await runtime.tell({ ...feed, resent: true }, { ...feed, resent: true })
    expect(waiting(runtime)).toHaveLength(1)
  })

  it('keeps its timers until it goes on', async () => {
    const runtime = openTestRuntime()
    await runtime.have([{ type: 'schedule', name: 'Ring', delayMs: 1_000 }], 'alarmed')
    await runtime.tell({
      to: 'puppet/alarmed',
      message: { type: 'Do' },
      key: { scope: 's', name: 'nothing' },
    })
    expect(runtime.runtime.isSuspended('puppet/alarmed')).toBe(true)
    runtime.pass(5_000)
    expect(runtime.heard('alarmed')).toEqual([])
    await runtime.have(resume('SKIPPED'))
    runtime.pass(0)
    expect(runtime.heard('alarmed')).toMatchObject([{ type: 'Ring' }])
  })

  it('is still suspended after a crash, with what queued behind it', async () => {
    const runtime = (await suspendedPatient()).crash()
    await expect(runtime.run('patient/1', { type: 'Feed' })).rejects.toThrow(Unavailable)
    await runtime.have(resume('SKIPPED'))
    expect(runtime.stored('patient/1')).toEqual({ meals: 1 })
    expect(waiting(runtime)).toEqual([])
  })
})

describe('A suspended actor that is resumed', () => {
  it('goes on with what queued behind it when its message is skipped', async () => {
    const runtime = await suspendedPatient()
    await runtime.have(resume('SKIPPED'))
    expect(runtime.stored('patient/1')).toEqual({ meals: 1 })
    expect(runtime.heard()).toMatchObject([{ type: 'Eaten' }])
    expect(await runtime.run('patient/1', { type: 'Feed' })).toEqual({ type: 'Eaten' })
  })

  it('is suspended again when its message is retried and still throws', async () => {
    const runtime = await suspendedPatient()
    await runtime.have(resume('RETRIED'))
    expect(everyRow(runtime.database)['dead_letters']).toMatchObject([
      { resolution: 'RETRIED' },
      { resolution: null },
    ])
    expect(runtime.runtime.isSuspended('patient/1')).toBe(true)
    expect(waiting(runtime)).toHaveLength(1)
  })

  it('handles a retried message before the others, with the code of another release', async () => {
    const cured = smallActors.map(definition =>
      definition.kind === 'patient'
        ? { ...definition, step: () => ({ state: { meals: 7 }, effects: [] }) }
        : definition,
    )
    const runtime = (await suspendedPatient()).crash({ actors: cured })
    await runtime.have(resume('RETRIED'))
    expect(
      runtime.commits
        .at(-1)
        ?.journal.get('test')
        ?.map(({ message }) => message.type),
    ).toEqual(['Do', 'Poison', 'Feed'])
    expect(runtime.stored('patient/1')).toEqual({ meals: 7 })
  })

  it('takes an edited message in its place, and its sender may still repeat the first', async () => {
    const runtime = await suspendedPatient()
    await runtime.have(resume('EDITED', { type: 'Feed' }))
    expect(runtime.stored('patient/1')).toEqual({ meals: 2 })
    expect(await runtime.tell({ ...poison, resent: true })).toMatchObject([{ type: 'Eaten' }])
    expect(runtime.stored('patient/1')).toEqual({ meals: 2 })
  })

  it('is resumed once', async () => {
    const runtime = await suspendedPatient()
    await runtime.have(resume('SKIPPED'))
    await expect(runtime.have(resume('SKIPPED'))).rejects.toThrow(Faulted)
  })

  it.each(['ticks', 'steps'] as const)(
    'ends the same when the process dies meanwhile, in %s mode',
    async mode => {
      let runtime = await suspendedPatient({ mode })
      const done = runtime.ask('puppet/teller', { type: 'Do', effects: resume('SKIPPED') })
      runtime.runtime.runStep()
      await done
      for (let crash = 0; crash < 3; crash += 1) {
        runtime = runtime.crash()
        runtime.runtime.runStep()
      }
      expect(runtime.stored('patient/1')).toEqual({ meals: 1 })
    },
  )
})

describe('A message from outside whose step throws', () => {
  it('is refused: its caller is told and the actor goes on', async () => {
    const { run, database } = openTestRuntime()
    await expect(run('patient/1', { type: 'Poison' })).rejects.toThrow(Faulted)
    expect(await run('patient/1', { type: 'Feed' })).toEqual({ type: 'Eaten' })
    expect(everyRow(database)['dead_letters']).toMatchObject([{ resolution: 'REFUSED' }])
  })

  it('frees the idempotency key it came under', async () => {
    const { run, stored } = openTestRuntime({ actors: [...smallActors, requestActor] })
    const asked = { type: 'BeginRequest', hash: 'h', to: 'patient/1', message: { type: 'Poison' } }
    await expect(run('request/a', asked)).rejects.toThrow(Faulted)
    expect(stored('request/a')).toEqual({ hash: null, caller: null })
    await expect(run('request/a', asked)).rejects.toThrow(Faulted)
    const again = { ...asked, hash: 'other', message: { type: 'Feed' } }
    expect(await run('request/a', again)).toEqual({ type: 'Eaten' })
  })
})

describe('A read that fails', () => {
  /** A store whose next reads of a counter fail. */
  function forgetful(failures: number) {
    const runtime = openTestRuntime({
      wrap: store => ({
        ...store,
        snapshot(kind, id) {
          if (kind === 'counter' && failures-- > 0) throw new ReadFailed('disk I/O error')
          return store.snapshot(kind, id)
        },
      }),
    })
    return runtime
  }
  const add = { to: 'counter/1', message: { type: 'Add', amount: 1 }, key: { scope: 's', name: 'add' } }

  it('is tried again in a moment, then longer and longer', async () => {
    const runtime = forgetful(3)
    await runtime.tell(add)
    expect(runtime.stored('counter/1')).toBeUndefined()
    runtime.pass(100)
    runtime.pass(200)
    expect(runtime.heard()).toEqual([])
    runtime.pass(400)
    expect(runtime.heard()).toMatchObject([{ type: 'Added', total: 1 }])
    expect(runtime.deadLetters()).toEqual([])
  })

  it('keeps what waits for it across a crash', async () => {
    const runtime = forgetful(1)
    await runtime.tell(add)
    expect(waiting(runtime)).toHaveLength(1)
    const next = runtime.crash()
    next.runtime.runUntilIdle()
    expect(next.heard()).toMatchObject([{ type: 'Added', total: 1 }])
  })

  it('for longer suspends the actor', async () => {
    const runtime = forgetful(6)
    await runtime.tell(add)
    for (let tries = 0; tries < 5; tries += 1) runtime.pass(2_000)
    expect(runtime.deadLetters()).toEqual([{ actor: 'counter/1', error: 'disk I/O error' }])
    await runtime.have(resume('RETRIED'))
    expect(runtime.heard()).toMatchObject([{ type: 'Added', total: 1 }])
  })
})

describe('An operator', () => {
  it('leaves a row of what was done, by whom, why and with what outcome, in the same commit', async () => {
    const { runtime, database, commits } = openTestRuntime()
    const operator = { name: 'kim', reason: 'the count was short' }
    const done = runtime.ask('counter/1', { type: 'Add', amount: 2 }, { correlationId: 'test', operator })
    runtime.runUntilIdle()
    await done
    expect(commits).toHaveLength(1)
    expect(everyRow(database)['audit_log']).toMatchObject([
      {
        sequence: 1,
        operator: 'kim',
        action: 'Add',
        subject: 'counter/1',
        reason: 'the count was short',
        outcome: 'Added',
      },
    ])
  })

  it('leaves one row however often the same request comes', async () => {
    const { run, database } = openTestRuntime({ actors: [...smallActors, requestActor] })
    const operator = { name: 'kim', reason: 'why' }
    const message = { type: 'Add', amount: 2 }
    const asked = { type: 'BeginRequest', hash: 'h', to: 'counter/1', message, operator }
    await run('request/a', asked)
    await run('request/a', asked)
    expect(everyRow(database)['audit_log']).toMatchObject([{ action: 'Add', operator: 'kim' }])
  })
})
