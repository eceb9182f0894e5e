import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createBreachMarker, createVolatileBreachMarker } from '../../src/persistence/breach-marker.ts'
import { type Checker, createDirectChecker, createThreadChecker } from '../../src/persistence/checker.ts'
import { OnlineCheck } from '../../src/persistence/online-check.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { openSmallShop, type SmallShop, startedAt } from './invariants/small-shop.ts'

const minuteMs = 60_000

function watch(checker: Checker, marker = createVolatileBreachMarker()) {
  const clock = new SimulatedClock(startedAt)
  const reports: string[] = []
  const check = new OnlineCheck({
    ...{ checker, marker, clock, everyMs: minuteMs },
    report: line => void reports.push(line),
  })
  onTestFinished(() => check.stop())
  return { check, clock, reports }
}

function shopWithOrder(): SmallShop {
  const shop = openSmallShop()
  onTestFinished(() => shop.close())
  shop.furnish()
  return shop
}

describe('The check of a running server', () => {
  it('runs every minute and counts what it looks at', () => {
    const shop = shopWithOrder()
    const { check, clock, reports } = watch(createDirectChecker(shop.database))
    shop.order(1001, 11, 2, 3)
    shop.pay(1001, 71)
    clock.advance(minuteMs - 1)
    expect(check.counts.checksRun).toBe(0)
    clock.advance(1)
    expect(check.counts).toMatchObject({ checksRun: 1, checksFailed: 0, damagedRows: 0, breaches: [] })
    expect(check.counts.rowsChecked).toBeGreaterThan(50)
    clock.advance(2 * minuteMs)
    expect(check.counts.checksRun).toBe(3)
    expect(reports).toEqual([])
  })

  it('runs at once when much was committed', () => {
    const { check } = watch(createDirectChecker(shopWithOrder().database))
    check.noteCommitted(4_999)
    expect(check.counts.checksRun).toBe(0)
    check.noteCommitted(1)
    expect(check.counts.checksRun).toBe(1)
    check.noteCommitted(4_999)
    expect(check.counts.checksRun).toBe(1)
  })

  it('names a damaged row once, and finds no breach in it', () => {
    const shop = shopWithOrder()
    const { check, clock, reports } = watch(createDirectChecker(shop.database))
    shop.order(1001, 11, 2, 3)
    shop.pay(1001)
    shop.database.exec(`UPDATE snapshots SET transition = transition + 1 WHERE kind = 'stock' AND id = '61'`)
    clock.advance(minuteMs)
    shop.order(1002, 11, 1, 0)
    shop.pay(1002)
    clock.advance(minuteMs)
    expect(reports).toEqual(['A row was altered on disk: the snapshot of stock/61 was altered.'])
    expect(check.breach).toBeUndefined()
  })

  it('that cannot be done is reported, counted and tried again', async () => {
    const directory = dataDirectory()
    const { check, reports } = watch(createThreadChecker(directory))
    await check.run()
    expect(check.counts).toMatchObject({ checksRun: 0, checksFailed: 1 })
    expect(reports).toEqual([
      expect.stringMatching(/^The invariants could not be checked: .*There is no Recoup database/),
    ])
    const shop = openSmallShop({ directory })
    onTestFinished(() => shop.close())
    await check.run()
    expect(check.counts).toMatchObject({ checksRun: 1, checksFailed: 1 })
  })

  it('takes a marker that it cannot read for a breach, until a check of everything finds none', async () => {
    const directory = dataDirectory()
    const shop = openSmallShop({ directory })
    onTestFinished(() => shop.close())
    writeFileSync(join(directory, 'recoup.breach'), '{')
    const { check, reports } = watch(createThreadChecker(directory), createBreachMarker(directory))
    expect(check.breach?.name).toBe('unknown')
    await check.run()
    expect(check.breach).toBeUndefined()
    expect(reports).toHaveLength(2)
    expect(createBreachMarker(directory).read()).toBeUndefined()
  })

  it('gives up what is running when it is stopped', async () => {
    const directory = dataDirectory()
    const shop = openSmallShop({ directory })
    onTestFinished(() => shop.close())
    const { check } = watch(createThreadChecker(directory))
    const running = check.run()
    await check.stop()
    await running
    expect(check.counts).toMatchObject({ checksRun: 0, checksFailed: 0 })
  })
})

describe('A thread that checks', () => {
  it('gives up a check of everything between two questions', () => {
    const answers = [false, false, true]
    const checker = createDirectChecker(shopWithOrder().database, () => answers.shift() ?? false)
    expect(() => checker.check('whole', startedAt)).toThrow('given up')
    expect(answers).toEqual([])
    expect(checker.check('whole', startedAt)).toMatchObject({ violated: [] })
  })

  it('can be stopped while it starts, and takes nobody with it', async () => {
    const directory = dataDirectory()
    openSmallShop({ directory }).close()
    for (let times = 0; times < 20; times += 1) await createThreadChecker(directory).close()
  })
})
