import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/persistence/database.ts'
import { createSqliteStore } from '../../src/persistence/sqlite-store.ts'
import { createUpgradeStore } from '../../src/persistence/upgrade-store.ts'
import type { ActorDefinition, Migration, StoredActor } from '../../src/runtime/actor.ts'
import { Runtime } from '../../src/runtime/runtime.ts'
import type { UpgradeStore } from '../../src/runtime/store.ts'
import { carryOutUpgrade, prepareUpgrade, UpgradeRefused } from '../../src/runtime/upgrade.ts'
import { planUpgrade } from '../../src/runtime/upgrade-plan.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { type Kettle, kettle, kettle1 } from './kettle.ts'
import { everyRow } from './open-test-runtime.ts'

/** A database that processes of different versions run on, one after the other. */
function openKitchen() {
  const database = openDatabase(':memory:', { timeZone: 'Asia/Seoul', currency: 'KRW' })
  const clock = new SimulatedClock()
  const upgradeStore = createUpgradeStore(database)
  let runtime: Runtime | undefined
  const deadLetters: unknown[] = []

  /** Ends the process that ran, and starts one of `actors`; returns how many actors that migrated. */
  function start(
    actors: readonly ActorDefinition[],
    // Each process numbers the journal from what it finds.
    store: UpgradeStore = createUpgradeStore(database),
  ): number | undefined {
    void runtime?.stop()
    const plan = prepareUpgrade(actors, store, 'The kitchen')
    const migrated = plan && carryOutUpgrade(plan, actors, store, clock.now())
    runtime = new Runtime({
      actors,
      store: createSqliteStore(database, { subscribedTopics: new Set() }),
      clock,
      onDeadLetter: error => void deadLetters.push((error as Error).message),
    })
    return migrated
  }

  async function ask(type: string, id = '1') {
    const answer = runtime?.ask(`kettle/${id}`, { type }, { correlationId: `tea/${id}` })
    runtime?.runUntilIdle()
    return answer
  }

  return {
    database,
    upgradeStore,
    start,
    ask,
    deadLetters,
    look: (id?: string) => ask('Look', id),
    pass(ms: number) {
      clock.advance(ms)
      runtime?.runUntilIdle()
    },
    timers: () => everyRow(database)['timers'] as { name: string; due_at: number }[],
    versions: () => database.prepare('SELECT DISTINCT version FROM snapshots ORDER BY version').pluck().all(),
  }
}

const rename =
  (from: string, to: string, timer: string): Migration =>
  ({ state, timers }) => {
    const { value, ...rest } = state as Kettle
    return {
      state: { value: value === from ? to : value, ...rest },
      timers: timers.map(({ dueAt }) => ({ name: timer, dueAt })),
    }
  }

const names2 = { version: 2, heating: 'warming', timer: 'Whistle' }
const toSecond = rename('heating', 'warming', 'Whistle')
const kettle2 = kettle(names2, { migrations: { 1: toSecond } })

describe('An actor stored in an older version', () => {
  it('is migrated before anything runs, and its renamed timer fires at its original time', async () => {
    const kitchen = openKitchen()
    kitchen.start([kettle1])
    await kitchen.ask('Fill')
    const [{ due_at: dueAt } = { due_at: 0 }] = kitchen.timers()
    kitchen.pass(600)

    expect(kitchen.start([kettle2])).toBe(1)
    expect(kitchen.timers()).toMatchObject([{ actor: 'kettle/1', name: 'Whistle', due_at: dueAt }])
    expect(await kitchen.look()).toEqual({ type: 'Kettle', version: 2, value: 'warming', fills: 1 })
    kitchen.pass(399)
    expect(await kitchen.look()).toMatchObject({ value: 'warming' })
    kitchen.pass(1)
    expect(await kitchen.look()).toMatchObject({ value: 'hot' })
    expect(kitchen.timers()).toEqual([])
  })

  it('has an entry in the journal of its saga, which is no transition', async () => {
    const kitchen = openKitchen()
    kitchen.start([kettle1])
    await kitchen.ask('Fill')
    kitchen.start([kettle2])
    const rows = kitchen.database.prepare("SELECT entries FROM journal WHERE saga = 'tea/1'").pluck().all()
    expect(rows).toHaveLength(2)
    expect(String(rows[1])).toContain('{"type":"Upgraded","from":1,"to":2}')
    expect(kitchen.database.prepare('SELECT transition FROM snapshots').pluck().all()).toEqual([1])
  })

  it('comes through every version in between', async () => {
    const third = rename('warming', 'simmering', 'Sing')
    const kettle3 = kettle(
      { version: 3, heating: 'simmering', timer: 'Sing', cups: true },
      {
        migrations: {
          1: toSecond,
          2(stored) {
            const { state, timers } = third(stored) as StoredActor
            return { state: { ...(state as Kettle), cups: 4 }, timers }
          },
        },
      },
    )
    const kitchen = openKitchen()
    kitchen.start([kettle1])
    await kitchen.ask('Fill', 'old')
    kitchen.start([kettle2])
    await kitchen.ask('Fill', 'newer')
    expect(kitchen.versions()).toEqual([2])
    expect(kitchen.start([kettle3])).toBe(2)
    kitchen.pass(1_000)
    for (const id of ['old', 'newer'])
      expect(await kitchen.look(id)).toMatchObject({ version: 3, value: 'hot', cups: 4 })
  })

  it('goes on in its version while its migration leaves it, and is migrated at a later start', async () => {
    const atRest: Migration = stored => ((stored.state as Kettle).value === 'hot' ? stored : undefined)
    const both = kettle(names2, { migrations: { 1: atRest }, earlier: [kettle1] })
    const kitchen = openKitchen()
    kitchen.start([kettle1])
    await kitchen.ask('Fill', 'hot')
    kitchen.pass(1_000)
    await kitchen.ask('Fill', 'heating')

    expect(kitchen.start([both])).toBe(1)
    expect(await kitchen.look('hot')).toMatchObject({ version: 2, value: 'hot' })
    expect(await kitchen.look('heating')).toMatchObject({ version: 1, value: 'heating' })
    kitchen.pass(1_000)
    expect(await kitchen.look('heating')).toMatchObject({ version: 1, value: 'hot' })
    expect(kitchen.versions()).toEqual([1, 2])

    expect(kitchen.start([both])).toBe(1)
    expect(await kitchen.look('heating')).toMatchObject({ version: 2, value: 'hot' })
    expect(kitchen.versions()).toEqual([2])
  })

  it('is migrated by the next start when a crash comes between two commits', async () => {
    const kitchen = openKitchen()
    kitchen.start([kettle1])
    const filled = Array.from({ length: 2_500 }, (_, id) => kitchen.ask('Fill', String(id)))
    await Promise.all(filled)
    let commits = 0
    const dying: UpgradeStore = {
      ...kitchen.upgradeStore,
      commit(batch) {
        commits += 1
        if (commits === 3) throw new Error('The power is off')
        kitchen.upgradeStore.commit(batch)
      },
    }
    expect(() => kitchen.start([kettle2], dying)).toThrow('The power is off')
    expect(kitchen.versions()).toEqual([1, 2])
    expect(kitchen.start([kettle2])).toBe(500)
    kitchen.pass(1_000)
    expect(await kitchen.look('7')).toMatchObject({ version: 2, value: 'hot' })
    expect(kitchen.timers()).toEqual([])
  })
})

const unrunnable: { what: string; actors: ActorDefinition[]; reason: string }[] = [
  {
    what: 'is of an older version and has no migration',
    actors: [kettle(names2)],
    reason: 'no migration leads',
  },
  {
    what: 'is left by its migration and has no definition that runs it',
    actors: [kettle(names2, { migrations: { 1: () => undefined } })],
    reason: 'no migration leads',
  },
  {
    what: 'makes its migration throw',
    actors: [kettle(names2, { migrations: { 1: () => JSON.parse('{') } })],
    reason: 'JSON',
  },
  {
    what: 'is migrated to a state that cannot be loaded',
    actors: [kettle(names2, { migrations: { 1: rename('heating', 'cooking', 'Whistle') } })],
    reason: 'it cannot be cooking',
  },
  {
    what: 'is migrated to something that would not be stored so',
    actors: [kettle({ ...names2, cups: true }, { migrations: { 1: toSecond } })],
    reason: 'would store it otherwise',
  },
  {
    what: 'keeps a timer that nobody hears any more',
    actors: [kettle(names2, { migrations: { 1: rename('heating', 'warming', 'Boil') } })],
    reason: 'its timer Boil would not be heard',
  },
  {
    what: 'is in a state that its own version has lost',
    actors: [kettle({ version: 1, heating: 'warming', timer: 'Boil' })],
    reason: 'it cannot be heating',
  },
  { what: 'is of a kind that is gone', actors: [], reason: 'no such kind' },
  {
    what: 'is of a newer version',
    actors: [kettle({ ...names2, version: 0 })],
    reason: 'newer than version 0',
  },
]

describe('What is stored and', () => {
  it.each(unrunnable)('$what is refused, with a list, and nothing is changed', async ({ actors, reason }) => {
    const kitchen = openKitchen()
    kitchen.start([kettle1])
    for (const id of ['7', '8', '9']) await kitchen.ask('Fill', id)
    const before = everyRow(kitchen.database)
    const refusal = (() => {
      try {
        return kitchen.start(actors)
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(UpgradeRefused)
    const [sentence, ...list] = (refusal as Error).message.split('\n')
    expect(sentence).toMatch(/^The kitchen holds actors that can neither be run nor migrated here, .*:$/)
    expect(list).toEqual([expect.stringMatching(/^ {2}kettle version 1 in heating: 3, first 7 \(.+\)$/)])
    expect(list[0]).toContain(reason)
    expect(everyRow(kitchen.database)).toEqual(before)
  })
})

describe('A plan', () => {
  it('names every kind, version and state with how many there are, and what becomes of them', async () => {
    const kitchen = openKitchen()
    kitchen.start([kettle1])
    for (const id of ['1', '2', '3']) await kitchen.ask('Fill', id)
    kitchen.pass(1_000)
    await kitchen.ask('Fill', '2')
    const plan = planUpgrade([kettle2], kitchen.upgradeStore)
    expect(plan.groups.map(({ form, count, first, fate }) => [form, count, first, fate])).toEqual([
      ['hot', 2, '1', 'migrated'],
      ['heating', 1, '2', 'migrated'],
    ])
    const now = planUpgrade([kettle1], kitchen.upgradeStore)
    expect(now.groups.map(({ form, count, fate }) => [form, count, fate])).toEqual([
      ['heating', 1, 'runs'],
      ['hot', 2, 'runs'],
    ])
  })

  it.each([
    { version: 'this', actors: [kettle1], fate: 'runs' },
    { version: 'an older', actors: [kettle2], fate: 'migrated' },
  ])('passes over what was altered on disk in $version version, which stops nobody else', async given => {
    const kitchen = openKitchen()
    kitchen.start([kettle1])
    for (const id of ['1', '2', '3']) await kitchen.ask('Fill', id)
    kitchen.database.exec(`
      UPDATE snapshots SET state = replace(state, 'heating', 'hot!') WHERE id = '1';
      UPDATE snapshots SET version = 129 WHERE id = '2'`)
    const { groups, refused } = planUpgrade(given.actors, kitchen.upgradeStore)
    expect(refused).toEqual([])
    expect(groups.filter(({ fate }) => fate === 'altered')).toHaveLength(2)
    expect(groups.filter(({ fate }) => fate !== 'altered')).toMatchObject([
      { form: 'heating', count: 1, first: '3', fate: given.fate },
    ])
    kitchen.start(given.actors)
    expect(await kitchen.look('3')).toMatchObject({ fills: 1 })
    await expect(kitchen.look('2')).rejects.toThrow()
    expect(kitchen.deadLetters).toEqual([expect.stringContaining('altered on disk')])
  })

  it('is made once for the same definitions', async () => {
    const kitchen = openKitchen()
    expect(kitchen.start([kettle1])).toBe(0)
    await kitchen.ask('Fill')
    expect(kitchen.start([kettle1])).toBeUndefined()
    expect(kitchen.start([kettle2])).toBe(1)
    expect(kitchen.start([kettle2])).toBeUndefined()
  })
})

describe('A snapshot of a version that is not run', () => {
  it('is not loaded, and its message is set aside', async () => {
    const kitchen = openKitchen()
    kitchen.start([kettle2])
    await kitchen.ask('Fill')
    const runtime = new Runtime({
      actors: [kettle1],
      store: createSqliteStore(kitchen.database, { subscribedTopics: new Set() }),
      clock: new SimulatedClock(),
      onDeadLetter: error => void kitchen.deadLetters.push((error as Error).message),
    })
    const answer = runtime.ask('kettle/1', { type: 'Look' }, { correlationId: 'tea/1' })
    runtime.runUntilIdle()
    await expect(answer).rejects.toThrow('could not be handled')
    expect(kitchen.deadLetters).toEqual(['kettle/1 is stored in version 2; only 1 is run here'])
  })
})
