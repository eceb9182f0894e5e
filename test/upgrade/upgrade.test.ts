import { cpSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, test } from 'vitest'
import { databasePath } from '../../src/persistence/database.ts'
import { refuse } from '../../src/refusal.ts'
import type { ActorDefinition } from '../../src/runtime/actor.ts'
import type { Interceptor } from '../../src/runtime/transport.ts'
import { UpgradeRefused } from '../../src/runtime/upgrade.ts'
import { goldenReleases, goldenSceneNames, restoreGolden } from '../golden/golden-file.ts'
import { properEndsOf } from '../golden/golden-scenes.ts'
import { goldenProfile } from '../golden/golden-stage.ts'
import { everyRow } from '../runtime/open-test-runtime.ts'
import { line } from '../support/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { refused } from '../support/message-tap.ts'
import { openScenario, reopenScenario, type Scenario } from '../support/open-scenario.ts'
import { openTestShop } from '../support/open-test-shop.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { migrationsWith, payment1, secondActors, toVersion2, toVersion2AtRest } from './payment-2.ts'

/*
 * The worked example of an upgrade: payments get one more step, one state gets another name, and both while payments of
 * version 1 stand in every state there is.
 */

/** What this version stores, the one before the example's. */
const release = goldenReleases().at(-1) ?? ''
const [before, after] = [payment1.version, payment1.version + 1]

const migrating = secondActors({ migrations: migrationsWith(toVersion2) })
const endingFirst = secondActors({ migrations: migrationsWith(toVersion2AtRest), earlier: [payment1] })

const brought = expect.stringMatching(/^\d+ stored actors were brought to the versions that run now\.$/)

interface Stored {
  /** How its payments may end. */
  readonly ends: readonly string[]
  readonly directory: string
  /** When the process ended. */
  readonly now: number
  readonly payments: readonly { id: string; version: number; value: unknown }[]
}

function paymentsIn(directory: string): Stored['payments'] {
  const database = new Sqlite(databasePath(directory))
  const rows = database
    .prepare<[], { id: string; version: number; value: string }>(
      "SELECT id, version, state -> '$.value' AS value FROM snapshots WHERE kind = 'payment' ORDER BY id",
    )
    .all()
  database.close()
  return rows.map(row => ({ ...row, value: JSON.parse(row.value) as unknown }))
}

function rowsIn(directory: string) {
  const database = new Sqlite(databasePath(directory))
  try {
    return everyRow(database)
  } finally {
    database.close()
  }
}

/** What version 1 left on disk in a golden scene. */
function leftIn(scene: string): Stored {
  const directory = dataDirectory()
  restoreGolden(release, scene, directory)
  const database = new Sqlite(databasePath(directory))
  const now = database.prepare<[], number>('SELECT max(committed_at) FROM journal').pluck().get() ?? 0
  database.close()
  return { directory, now, payments: paymentsIn(directory), ends: properEndsOf(scene) }
}

/** Those with a payment. */
const scenes = goldenSceneNames(release).filter(
  scene =>
    !/^(?:order|coupon-(?:exhausted|expired-by-itself|on-its-way)|campaign|catalogue|credits|customers)/.test(
      scene,
    ),
)

function openSecond({ directory, now }: Stored, actors: readonly ActorDefinition[], reported: unknown[]) {
  return reopenScenario({
    dataDirectory: directory,
    clock: new SimulatedClock(now + 1),
    profile: goldenProfile,
    actors,
    reported,
  })
}

/** Every payment ends; then whoever was not charged can pay, and is screened. */
async function expectProperEnds(shop: Scenario, { payments, ends }: Stored) {
  await shop.pass(64_000, 1_000)
  expect(shop.paymentTimers()).toEqual([])
  for (const { id } of payments) {
    expect(ends).toContain(shop.questions.payment(Number(id))?.status)
  }
}

const screened = ({ database }: Scenario) =>
  database
    .prepare<[], number>("SELECT state ->> '$.screened' FROM snapshots WHERE kind = 'fraud'")
    .pluck()
    .get() ?? 0

describe('Version 1 left payments on disk', () => {
  it('in every state there is', () => {
    const states = scenes.flatMap(scene => leftIn(scene).payments.map(({ value }) => JSON.stringify(value)))
    const inEveryState = (payment1.form ?? []).filter(state => state !== 'idle')
    const named = inEveryState.map(state => {
      const [stage, step] = state.split('.')
      return JSON.stringify(step === undefined ? stage : { [stage ?? '']: step })
    })
    expect(named.length).toBeGreaterThan(12)
    expect([...new Set(states)].sort()).toEqual(named.sort())
  })
})

describe.each(scenes)('What version 1 left in the scene %s', scene => {
  test('is migrated by version 2 and comes to its end', async () => {
    const stored = leftIn(scene)
    const shop = openSecond(stored, migrating, [brought])
    await expectProperEnds(shop, stored)
    await shop.close()
    const ids = stored.payments.map(({ id }) => ({ id, version: after }))
    expect(paymentsIn(stored.directory)).toMatchObject(ids)
  })

  test('is ended by version 1 within version 2, and migrated once it rests', async () => {
    const stored = leftIn(scene)
    const atRest = stored.payments.filter(({ value }) => typeof value === 'string').length
    const shop = openSecond(stored, endingFirst, atRest > 0 ? [brought] : [])
    await expectProperEnds(shop, stored)
    expect(screened(shop)).toBe(0)
    await shop.close()
    const next = openSecond({ ...stored, now: shop.clock.now() }, endingFirst, atRest > 0 ? [] : [brought])
    await next.close()
    expect(paymentsIn(stored.directory).map(({ version }) => version)).toEqual(
      stored.payments.map(() => after),
    )
  })

  test('is refused by a version 2 without its migration, with a list, and stays as it is', () => {
    const { directory, payments } = leftIn(scene)
    const rows = rowsIn(directory)
    const open = () => openTestShop({ dataDirectory: directory, actors: secondActors({}) })
    expect(open).toThrow(UpgradeRefused)
    expect(open).toThrow(/recoup\.db holds actors that can neither be run nor migrated here/)
    for (const { id } of payments)
      expect(open).toThrow(`: 1, first ${id} (version ${before} is not run here any more`)
    expect(rowsIn(directory)).toEqual(rows)
  })
})

describe('A payment of version 1 that waits', () => {
  test.each([
    ['before the new step is screened', 'paying-decreasing-stock', 1],
    ['in the renamed state is screened', 'paying-using-coupon', 1],
    ['past the new step is not', 'paying-deducting-balance', 0],
    ['to be undone has nothing to withdraw', 'compensating-refunding-balance', 0],
  ])('%s', async (_, scene, times) => {
    const stored = leftIn(scene)
    const shop = openSecond(stored, migrating, [brought])
    await expectProperEnds(shop, stored)
    expect(screened(shop)).toBe(times)
    const { body } = await shop.get(`/payments/${stored.payments[0]?.id}/timeline`)
    expect(JSON.stringify(body)).toContain(`"type":"Upgraded","from":${before},"to":${after}`)
  })

  test('in the renamed state is asked again at its original time', async () => {
    const stored = leftIn('paying-using-coupon')
    const shop = openSecond(stored, migrating, [brought])
    await shop.pass(1_500)
    expect(shop.messages.ofType('UseCoupon')).toEqual([])
    await shop.pass(500)
    expect(shop.messages.ofType('UseCoupon')).toHaveLength(1)
  })

  test('in the renamed state is refused when its timer was forgotten', () => {
    const { directory } = leftIn('paying-using-coupon')
    const forgetful = secondActors({
      migrations: migrationsWith(stored => ({ timers: stored.timers, state: toVersion2(stored)?.state })),
    })
    expect(() => openTestShop({ dataDirectory: directory, actors: forgetful })).toThrow(
      'its timer xstate.after.silence.payment.paying.usingCoupon would not be heard',
    )
  })
})

const saleRefused = refused('RecordSale', refuse('PRODUCT_NOT_FOUND', { productId: 101 }))

const sagas: { saga: string; rule: Interceptor; ends: string; amount: number }[] = [
  { saga: 'a payment that completes', rule: () => 'deliver', ends: 'COMPLETED', amount: 185_000 },
  { saga: 'a payment that is undone', rule: saleRefused, ends: 'FAILED', amount: 300_000 },
]

describe.each(sagas)('$saga in version 1', ({ rule, ends, amount }) => {
  test('goes on in version 2 when the process ends behind any of its commits', async () => {
    const directory = dataDirectory()
    const seeded = await openScenario({ dataDirectory: directory, profile: goldenProfile })
    await seeded.issueCoupon(201, 1)
    const { orderId } = (await seeded.placeOrder(1, [line(1011, 2), line(1012)])).body
    await seeded.close()
    const clock = new SimulatedClock(seeded.clock.now() + 1)
    const first = reopenScenario({ dataDirectory: directory, clock, mode: 'steps', profile: goldenProfile })
    first.messages.rule = rule
    void first.pay(orderId, 201)
    await first.pass(0)

    const states = new Set<string>()
    let migrated = 0
    for (let goesOn = true; goesOn; ) {
      goesOn = first.runtime.runStep()
      const copy = dataDirectory()
      cpSync(directory, copy, { recursive: true })
      const payments = paymentsIn(copy)
      for (const { value } of payments) states.add(JSON.stringify(value))
      migrated += payments.length
      const stored = { directory: copy, now: clock.now(), payments, ends: [ends] }
      const second = openSecond(stored, migrating, payments.length > 0 ? [brought] : [])
      second.messages.rule = rule
      await second.pass(0)
      expect(second.questions.payment(orderId)).toMatchObject({ status: ends, attempt: 1 })
      expect(second.questions.balanceAmount(1)).toBe(amount)
      await second.close()
    }
    expect(migrated).toBeGreaterThan(10)
    expect(states.size).toBeGreaterThan(5)
  })
})

describe('A payment of version 2', () => {
  test('is screened, and its screening withdrawn when it is undone', async () => {
    const shop = await openScenario({ actors: migrating, profile: goldenProfile })
    const orderId = async () => (await shop.placeOrder(1, [line(1011)])).body.orderId
    expect((await shop.pay(await orderId())).status).toBe(201)
    expect(screened(shop)).toBe(1)
    shop.messages.rule = saleRefused
    expect((await shop.pay(await orderId())).status).toBe(404)
    expect(shop.messages.undos()).toContain('WithdrawScreening')
    expect(screened(shop)).toBe(1)
  })

  test('that its screening refuses leaves everything as it was', async () => {
    const shop = await openScenario({ actors: migrating, profile: goldenProfile })
    const { orderId } = (await shop.placeOrder(1, [line(1011, 6)])).body
    const books = shop.books()
    expect((await shop.pay(orderId)).body.code).toBe('ORDER_NOT_PAYABLE')
    expect(shop.questions.payment(orderId)).toMatchObject({ status: 'FAILED' })
    expect(shop.books()).toEqual(books)
  })

  test('is never run by version 1', async () => {
    const directory = dataDirectory()
    const shop = await openScenario({ actors: migrating, profile: goldenProfile, dataDirectory: directory })
    const { orderId } = (await shop.placeOrder(1, [line(1011)])).body
    await shop.pay(orderId)
    await shop.close()
    const rows = rowsIn(directory)
    const open = () => openTestShop({ dataDirectory: directory })
    expect(open).toThrow(
      `payment version ${after} in completed: 1, first ${orderId} (newer than version ${before}`,
    )
    expect(open).toThrow('fraud version 1 in (screened): 1, first 1 (there is no such kind of actor here)')
    expect(rowsIn(directory)).toEqual(rows)
  })
})
