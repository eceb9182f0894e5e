import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/runtime/actor.ts'
import { everyRow, openTestRuntime, type TestRuntime } from './open-test-runtime.ts'

const set = (name: string, delayMs: number): Effect => ({ type: 'schedule', name, delayMs })
const cancel = (name: string): Effect => ({ type: 'cancel', name })

const rung = ({ heard }: TestRuntime, id?: string) => heard(id).map(({ type, at }) => [type, at])

const timerRows = ({ database }: TestRuntime) => everyRow(database)['timers']

describe('A timer', () => {
  it('fires at its time, once, and not before', async () => {
    const runtime = openTestRuntime()
    const { clock, have, pass } = runtime
    const start = clock.now()
    await have([set('Ring', 1_000)])
    pass(999)
    expect(rung(runtime)).toEqual([])
    pass(10_000)
    expect(rung(runtime)).toEqual([['Ring', start + 1_000]])
    expect(timerRows(runtime)).toEqual([])
  })

  it('fires as soon as it can when its delay is 0', async () => {
    const runtime = openTestRuntime()
    await runtime.have([set('Ring', 0)])
    runtime.pass(0)
    expect(rung(runtime)).toHaveLength(1)
  })

  it('of an earlier time than the one that is waited for fires at its own', async () => {
    const runtime = openTestRuntime()
    const { clock, have, pass } = runtime
    const start = clock.now()
    await have([set('Late', 2_000)])
    await have([set('Early', 1_000)])
    pass(3_000)
    expect(rung(runtime)).toEqual([
      ['Early', start + 1_000],
      ['Late', start + 2_000],
    ])
  })

  it('that is overdue with very many others holds up nobody: few share a commit', async () => {
    const runtime = openTestRuntime()
    const { commits, have, pass, heard } = runtime
    await have(Array.from({ length: 1_000 }, (_, at) => set(`Ring ${at}`, 1_000)))
    pass(5_000)
    expect(heard()).toHaveLength(1_000)
    expect(Math.max(...commits.map(({ timersRemoved }) => timersRemoved.length))).toBeLessThanOrEqual(50)
  })

  it('is superseded by one of the same name', async () => {
    const runtime = openTestRuntime()
    const { clock, have, pass } = runtime
    const start = clock.now()
    await have([set('Ring', 1_000)])
    await have([set('Ring', 5_000)])
    pass(10_000)
    expect(rung(runtime)).toEqual([['Ring', start + 5_000]])
  })

  it('that was cancelled does not fire', async () => {
    const runtime = openTestRuntime()
    const { have, pass } = runtime
    await have([set('Ring', 1_000)])
    await have([cancel('Ring'), cancel('Unknown')])
    pass(10_000)
    expect(rung(runtime)).toEqual([])
  })

  it('whose step throws is set aside, and fires no more', async () => {
    const pill: Effect = { type: 'schedule', name: 'Poison', delayMs: 1_000 }
    const alarmed = {
      kind: 'alarmed',
      version: 1,
      step(state: unknown, { type }: { type: string }) {
        if (type === 'Poison') throw new Error('That was poison')
        return { state: state ?? {}, effects: [pill, { type: 'reply' as const, message: { type: 'Set' } }] }
      },
    }
    const runtime = openTestRuntime({ actors: [alarmed] })
    await runtime.run('alarmed/1', { type: 'Set' })
    runtime.pass(10_000)
    expect(runtime.deadLetters()).toEqual([{ actor: 'alarmed/1', error: 'That was poison' }])
    expect(timerRows(runtime)).toEqual([])
  })

  const inOneBatch: [string, Effect[][], string[]][] = [
    ['set and cancelled', [[set('Ring', 1_000), cancel('Ring')]], []],
    ['set twice', [[set('Ring', 1_000), set('Ring', 2_000)]], ['Ring']],
    ['stored, then cancelled and set', [[set('Ring', 9)], [cancel('Ring'), set('Ring', 1_000)]], ['Ring']],
    [
      'stored, then cancelled, set and cancelled',
      [[set('Ring', 9)], [cancel('Ring'), set('Ring', 9), cancel('Ring')]],
      [],
    ],
  ]
  it.each(inOneBatch)('that is %s leaves the rows of its end', async (_changes, commits, names) => {
    const runtime = openTestRuntime()
    for (const effects of commits) await runtime.have(effects)
    expect(timerRows(runtime)).toMatchObject(names.map(name => ({ name })))
  })
})

describe('Timers', () => {
  it('fire in due order, whatever the order in which they were set', async () => {
    const runtime = openTestRuntime()
    const listener = (delayMs: number) => runtime.have([set('Ring', delayMs)], `after ${delayMs}`)
    for (const delayMs of [300, 100, 200]) await listener(delayMs)
    const later = runtime.crash()
    later.pass(1_000)
    const fired = later.commits.flatMap(({ journal }) => [...journal.values()].flat())
    expect(fired.map(({ actor }) => actor)).toEqual([
      'puppet/after 100',
      'puppet/after 200',
      'puppet/after 300',
    ])
  })

  it('keep their original time over a restart', async () => {
    const first = openTestRuntime()
    const start = first.clock.now()
    await first.have([set('Ring', 1_000)])
    first.pass(400)
    const second = first.crash()
    second.pass(10_000)
    expect(rung(second)).toEqual([['Ring', start + 1_000]])
  })

  it('that fell due while nobody ran fire at the start', async () => {
    const first = openTestRuntime({ mode: 'steps' })
    await first.have([set('Ring', 1_000)])
    first.clock.advance(60_000)
    const second = first.crash({ mode: 'ticks' })
    second.pass(0)
    expect(rung(second)).toEqual([['Ring', second.clock.now()]])
  })

  it('that were set before a refused commit are not set', async () => {
    const runtime = openTestRuntime({
      onCommit({ timersSet }) {
        if (timersSet.some(({ name }) => name === 'Refused')) throw new Error('unknown')
      },
    })
    await runtime.have([set('Ring', 1_000)])
    runtime.have([set('Refused', 1_000)]).catch(() => {})
    const second = runtime.crash()
    second.pass(10_000)
    expect(rung(second).map(([name]) => name)).toEqual(['Ring'])
  })

  it.each(['ticks', 'steps'] as const)(
    'all fire when more than five hundred are due at once, in %s mode',
    async mode => {
      const runtime = openTestRuntime({ mode: 'steps' })
      const names = Array.from({ length: 601 }, (_, place) => `Ring ${place}`)
      await runtime.have(names.map((name, place) => set(name, place)))
      const second = runtime.crash({ mode })
      second.pass(60_000)
      second.runtime.runUntilIdle()
      expect(second.heard()).toHaveLength(601)
      expect(timerRows(second)).toEqual([])
    },
  )
})
