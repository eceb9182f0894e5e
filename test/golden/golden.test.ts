import { readFileSync } from 'node:fs'
import Sqlite, { type Database } from 'better-sqlite3'
import { describe, expect, it, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { actorsOf } from '../../src/main.ts'
import { databasePath } from '../../src/persistence/database.ts'
import { checkInvariants } from '../../src/persistence/invariants/invariants.ts'
import { createUpgradeStore } from '../../src/persistence/upgrade-store.ts'
import { planUpgrade, stateName } from '../../src/runtime/upgrade-plan.ts'
import { type Answer, line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { reopenScenario } from '../support/open-scenario.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { goldenReleases, goldenSceneNames, restoreGolden } from './golden-file.ts'
import { goldenScenes, properEndsOf } from './golden-scenes.ts'
import { goldenProfile, onStage } from './golden-stage.ts'
import { shapeOf } from './stored-shape.ts'

/*
 * What earlier releases left on disk, in every state: whatever is changed, it goes on from there. `npm run golden` keeps
 * what a new release writes; what was kept once is never changed.
 */

const releases = goldenReleases()
const kept = releases.flatMap(release => goldenSceneNames(release).map(scene => ({ release, scene })))
const actors = actorsOf(readConfig({}))

/** The database of a scene, as the release left it. */
function restored({ release, scene }: { release: string; scene: string }) {
  const directory = dataDirectory()
  restoreGolden(release, scene, directory)
  const database = new Sqlite(databasePath(directory))
  try {
    return {
      directory,
      rows: rowsOf(database),
      /** When the last commit was made. */
      now: database.prepare<[], number>('SELECT max(committed_at) FROM journal').pluck().get() ?? 0,
      plan: planUpgrade(actors, createUpgradeStore(database)),
    }
  } finally {
    database.close()
  }
}

interface ActorRows {
  readonly actor: string
  readonly kind: string
  readonly version: number
  readonly state: { readonly value?: unknown; readonly [field: string]: unknown }
  readonly timers: readonly string[]
}

/** Every stored actor, with its timers. */
function rowsOf(database: Database): ActorRows[] {
  const timers = database
    .prepare<[string], string>('SELECT name FROM timers WHERE actor = ? ORDER BY name')
    .pluck()
  return database
    .prepare<[], { kind: string; id: string; version: number; state: string }>(
      'SELECT kind, id, version, state FROM snapshots ORDER BY kind, id',
    )
    .all()
    .map(({ kind, id, version, state }) => {
      const actor = `${kind}/${id}`
      return { actor, kind, version, state: JSON.parse(state), timers: timers.all(actor) }
    })
}

describe.each(kept)('What $release left on disk in the scene $scene', golden => {
  it('is run or migrated, actor by actor', () => {
    const { plan, rows } = restored(golden)
    expect(rows.length).toBeGreaterThan(4)
    expect(plan.refused).toEqual([])
    expect(plan.groups.reduce((total, { count }) => total + count, 0)).toBe(rows.length)
  })

  it('goes on to a proper end, and everything in it can be used', async () => {
    const { directory, now, plan } = restored(golden)
    const migrated = plan.groups.some(({ fate }) => fate === 'migrated')
    const shop = reopenScenario({
      dataDirectory: directory,
      clock: new SimulatedClock(now + 1),
      profile: goldenProfile,
      environment: { RECOUP_PAYMENT_WAIT_MS: '200000' },
      reported: migrated ? [expect.stringContaining('were brought to the versions that run now')] : [],
    })
    /** What somebody who asks is told at once. */
    async function told(asked: Promise<Answer>) {
      let answer: Answer | undefined
      void asked.then(got => {
        answer = got
      })
      await shop.pass(0)
      return answer
    }
    const key = (name: string) => ({ 'Idempotency-Key': `golden-return-${name}` })
    async function canBeReturned(orderId: number) {
      const [item] = shop.questions.order(orderId)?.items ?? []
      const one = [{ productOptionId: item?.productOptionId ?? 0, quantity: 1 }]
      expect(await told(shop.returnItems(orderId, one, key(`one-of-${orderId}`)))).toMatchObject({
        status: 201,
      })
      if (shop.questions.order(orderId)?.status === 'PARTIALLY_RETURNED')
        expect(await told(shop.returnItems(orderId, undefined, key(`rest-of-${orderId}`)))).toMatchObject({
          status: 201,
        })
      expect(shop.questions.order(orderId)?.status).toBe('RETURNED')
    }
    const ids = shop.database.prepare<[], number>('SELECT order_id FROM customer_orders').pluck().all()
    await shop.pass(64_000, 1_000)
    expect(shop.paymentTimers()).toEqual([])
    for (const id of ids) {
      const payment = shop.questions.payment(id)
      if (payment !== undefined) expect(properEndsOf(golden.scene)).toContain(payment.status)
      if (shop.questions.order(id)?.status === 'CREATED')
        expect(await told(shop.pay(id))).toMatchObject({ status: 201 })
      else
        expect(await told(shop.pay(id))).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_PAYABLE' } })
      const { status } = shop.questions.order(id) ?? {}
      if (status === 'PAID' || status === 'PARTIALLY_RETURNED') await canBeReturned(id)
      else
        expect(await told(shop.returnItems(id, undefined, key(`of-${id}`)))).toMatchObject({
          status: 409,
          body: { code: 'ORDER_NOT_RETURNABLE' },
        })
    }
    const { orderId } = (await shop.placeOrder(1, [line(1011)])).body
    expect(await told(shop.pay(orderId))).toMatchObject({ status: 201 })
    await canBeReturned(orderId)
    await shop.close()
  })
})

/** States that are never on disk, and why. */
const neverStored: Readonly<Record<string, string>> = {
  'payment idle': 'nobody has paid, or what was paid does not exist: no row is left',
}

const machines = actors.filter(({ stateValue }) => stateValue !== undefined)

describe('The newest release that is kept', () => {
  const release = releases.at(-1) ?? ''
  const stored = () => goldenSceneNames(release).flatMap(scene => restored({ release, scene }).rows)

  it('has every scene', () => {
    expect(goldenSceneNames(release).sort()).toEqual(Object.keys(goldenScenes).sort())
  })

  it('has every state of every machine, and every other actor', () => {
    expect(machines.map(({ kind }) => kind)).toEqual(['order', 'payment'])
    const found = new Set(stored().map(({ kind, state }) => `${kind} ${stateName(state.value)}`))
    const states = machines.flatMap(({ kind, form = [] }) => form.map(state => `${kind} ${state}`))
    expect(states.length).toBeGreaterThan(18)
    expect(states.filter(state => !found.has(state))).toEqual(Object.keys(neverStored))
    const kinds = new Set(stored().map(({ kind }) => kind))
    expect(actors.filter(({ kind }) => !kinds.has(kind))).toEqual([])
  })

  it('has the other actors in each of the shapes that tell them apart', () => {
    const shapes = (kind: string, shape: (state: ActorRows['state']) => unknown) =>
      [...new Set(stored().flatMap(row => (row.kind === kind ? [String(shape(row.state))] : [])))].sort()
    expect(shapes('ownedCoupon', ({ status }) => status)).toEqual(['AVAILABLE', 'EXPIRED', 'USED'])
    expect(shapes('coupon', ({ issuedQuantity, totalQuantity }) => issuedQuantity === totalQuantity)).toEqual(
      ['false', 'true'],
    )
    expect(shapes('coupon', ({ endedAt }) => endedAt === null)).toEqual(['false', 'true'])
    expect(shapes('staffCredit', ({ status }) => status)).toEqual([
      'CREDITED',
      'CREDITING',
      'DECLINED',
      'PROPOSED',
    ])
    expect(shapes('request', state => Object.keys(state).sort())).toEqual([
      'answer,caller,hash',
      'answer,caller,hash,passed',
      'caller,hash',
      'caller,hash,passed',
    ])
  })

  it('has commands, answers and events on their way', () => {
    const messages = goldenSceneNames(release).flatMap(scene => {
      const { directory } = restored({ release, scene })
      const database = new Sqlite(databasePath(directory))
      const types = database
        .prepare<[], string>(
          `SELECT envelope ->> '$.message.type' FROM mailbox
           UNION SELECT message ->> '$.type' FROM outbox WHERE next_attempt_at IS NOT NULL`,
        )
        .pluck()
        .all()
      database.close()
      return types
    })
    expect(messages.sort()).toEqual(['BalanceDeducted', 'DeductBalance', 'GrantCoupon', 'OwedCommand'])
  })
})

describe('The release in package.json', () => {
  it('is kept', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(releases.at(-1), 'run: npm run golden').toBe(version)
  })
})

/** An actor of the scene as it is stored now beside what was kept, where its version says that nothing has changed. */
function changedShapes(now: readonly ActorRows[], then: readonly ActorRows[]): string[] {
  return now.flatMap(({ actor, kind, version, state, timers }) => {
    const before = then.find(row => row.actor === actor)
    if (before === undefined || before.version !== version) return []
    const shape = JSON.stringify([stateName(state.value), shapeOf(state), timers])
    if (JSON.stringify([stateName(before.state.value), shapeOf(before.state), before.timers]) === shape)
      return []
    return [`${actor} is stored otherwise: raise the version of ${kind} and write its migration`]
  })
}

describe.each(Object.keys(goldenScenes))('The scene %s, played today,', scene => {
  test('stores what the newest release stored in it, or another version', async () => {
    const play = goldenScenes[scene]
    const now = await onStage(async stage => {
      await play?.play(stage)
      expect(
        checkInvariants(stage.shop.database, stage.shop.clock.now()).filter(
          ({ violationCount }) => violationCount > 0,
        ),
      ).toEqual([])
      return rowsOf(stage.shop.database)
    }, play?.tickStepsMax)
    const { rows } = restored({ release: releases.at(-1) ?? '', scene })
    expect(now.map(({ actor }) => actor)).toEqual(rows.map(({ actor }) => actor))
    expect(changedShapes(now, rows)).toEqual([])
  })
})

describe('A changed shape', () => {
  const row: ActorRows = {
    actor: 'payment/1',
    kind: 'payment',
    version: 1,
    state: {
      value: { paying: 'usingCoupon' },
      context: { resends: 0, stock: ['sent', 'done'], failure: null },
    },
    timers: ['xstate.after.silence.payment.paying.usingCoupon'],
  }
  const state = (context: object) => ({ ...row.state, context })

  it.each([
    ['a field that is new', { state: state({ resends: 0, stock: ['sent'], failure: null, risk: null }) }],
    ['a field that is gone', { state: state({ resends: 0, stock: ['sent'] }) }],
    ['a field of another kind', { state: state({ resends: '0', stock: ['sent'], failure: null }) }],
    ['a list of something else', { state: state({ resends: 0, stock: [{ sent: true }], failure: null }) }],
    ['a renamed state', { state: { ...row.state, value: { paying: 'applyingCoupon' } } }],
    ['a renamed timer', { timers: ['xstate.after.patience.payment.paying.usingCoupon'] }],
  ])('by %s is found, unless the version says so', (_, change) => {
    expect(changedShapes([{ ...row, ...change }], [row])).toEqual([
      'payment/1 is stored otherwise: raise the version of payment and write its migration',
    ])
    expect(changedShapes([{ ...row, ...change, version: 2 }], [row])).toEqual([])
  })

  it('is not what another value is', () => {
    const other = { ...row, state: state({ failure: null, stock: ['done', 'unsent', 'sent'], resends: 3 }) }
    expect(changedShapes([other], [row])).toEqual([])
  })
})
