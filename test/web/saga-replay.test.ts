import { describe, expect, it, test } from 'vitest'
import type { Schemas } from '../../web/src/api/client.ts'
import {
  type Replay,
  replayOf,
  rowsAfter,
  type Standing,
  shownAfter,
  slowness,
} from '../../web/src/shop/saga-replay.ts'
import { line } from '../support/client.ts'
import { openScenario } from '../support/open-scenario.ts'

const environment = { RECOUP_DEMO: '1', RECOUP_STEP_DEADLINE_MS: '1000', RECOUP_STEP_RESENDS: '2' }

/** A real payment, and the replay of what its journal says. */
async function payment(fault?: { step: string; kind: string }, couponId: number | null = 201) {
  const reported = fault?.kind === 'stuck' ? [expect.stringContaining('waits for an operator')] : []
  const shop = await openScenario({ environment, reported })
  await shop.issueCoupon(201, 1)
  const { orderId } = (await shop.placeOrder(1, [line(1012), line(1023)])).body
  const pay = async () => {
    const answer = shop.pay(orderId, couponId)
    await shop.pass(60_000, 1_000)
    await answer
  }
  if (fault !== undefined) await shop.request('PUT', `/demo/faults/${orderId}`, fault)
  await pay()
  return {
    ...shop,
    orderId,
    pay,
    async replay(): Promise<Replay> {
      const history = (await shop.get(`/payments/${orderId}/history`))
        .body as unknown as Schemas['PaymentHistory']
      const replay = replayOf(history)
      if (replay === undefined) throw new Error('There is nothing to replay')
      return replay
    },
  }
}

const standings = (replay: Replay, shown = replay.frames.length): Standing[] =>
  rowsAfter(replay, shown).map(({ standing }) => standing)

describe('The replay of a payment', () => {
  it('shows one step after the other until all are done', async () => {
    const replay = await (await payment()).replay()
    expect(replay.steps).toHaveLength(6)
    const pictures = replay.frames.map((_, shown) => standings(replay, shown + 1).join(' '))
    expect([...new Set(pictures)]).toEqual([
      'asked ahead ahead ahead ahead ahead',
      'done asked ahead ahead ahead ahead',
      'done done asked ahead ahead ahead',
      'done done done asked ahead ahead',
      'done done done done asked ahead',
      'done done done done done asked',
      'done done done done done done',
    ])
    expect(standings(replay, 0)).toEqual(Array(6).fill('ahead'))
  })

  it('has no step for a coupon where none was given', async () => {
    const replay = await (await payment(undefined, null)).replay()
    expect(replay.steps).not.toContain('usingCoupon')
    expect(standings(replay)).toEqual(Array(5).fill('done'))
  })

  it('shows what is undone going back, step by step, until everything is undone', async () => {
    const replay = await (await payment({ step: 'recordingPayment', kind: 'refuse' })).replay()
    const pictures = replay.frames.map((_, shown) => standings(replay, shown + 1).join(' '))
    expect([...new Set(pictures)].slice(4)).toEqual([
      'done done done done asked ahead',
      'done done done undoing refused ahead',
      'done done undoing undone refused ahead',
      'done undoing undone undone refused ahead',
      'undoing undone undone undone refused ahead',
      'undone undone undone undone refused ahead',
    ])
    expect(rowsAfter(replay, replay.frames.length).map(({ undoPlace }) => undoPlace)).toEqual([
      4,
      3,
      2,
      1,
      null,
      null,
    ])
    expect(replay.frames.at(-1)?.state).toBe('failed')
  })

  test.each([
    ['claimingOrder', 'refuse', 'refused ahead ahead ahead ahead ahead'],
    ['decreasingStock', 'refuse', 'undone undone ahead ahead ahead ahead'],
    ['usingCoupon', 'refuse', 'undone undone refused ahead ahead ahead'],
    ['deductingBalance', 'refuse', 'undone undone undone refused ahead ahead'],
    ['recordingStatistics', 'refuse', 'undone undone undone undone undone refused'],
    ['deductingBalance', 'silence', 'undone undone undone undone ahead ahead'],
    ['recordingStatistics', 'silence', 'done done done done done owed'],
    ['deductingBalance', 'stuck', 'done done done undoing refused ahead'],
  ])('ends, with %s made to %s, in: %s', async (step, kind, expected) => {
    const shop = await payment({ step, kind })
    expect(standings(await shop.replay()).join(' ')).toBe(expected)
    await shop.request('DELETE', `/demo/faults/${shop.orderId}`)
    await shop.pass(60_000, 1_000)
  })

  it('tells how often a silent step was asked, and how long it was waited for', async () => {
    const replay = await (await payment({ step: 'usingCoupon', kind: 'silence' })).replay()
    const silent = replay.frames.findIndex(({ state }) => state.startsWith('compensating'))
    const row = (shown: number) => rowsAfter(replay, shown).find(({ step }) => step === 'usingCoupon')
    expect(row(silent)).toMatchObject({ standing: 'asked', sends: 3, tookMs: null, failed: null })
    expect(row(replay.frames.length)).toMatchObject({ standing: 'undone', failed: 'silent', undoPlace: 1 })
    expect(replay.realMs).toBe(7_000)
  })

  it('is of the last attempt', async () => {
    const shop = await payment({ step: 'deductingBalance', kind: 'refuse' })
    await shop.pay()
    expect(standings(await shop.replay())).toEqual(Array(6).fill('done'))
  })

  it('stays that of the payment after items were returned', async () => {
    const shop = await payment()
    await shop.returnItems(shop.orderId, undefined)
    expect((await shop.replay()).frames.at(-1)?.state).toBe('completed')
  })

  it('is none of what was never paid', () => {
    expect(replayOf({ paymentId: 7, entries: [] })).toBeUndefined()
  })
})

describe('The pace of a replay', () => {
  it('shows every transition for long enough to be seen, and passes over long silences', async () => {
    const replay = await (await payment({ step: 'usingCoupon', kind: 'silence' })).replay()
    const times = replay.frames.map(({ playAtMs }) => playAtMs)
    const gaps = times.map((time, place) => time - (times[place - 1] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(600)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2_000)
    expect(shownAfter(replay, 0)).toBe(0)
    expect(shownAfter(replay, replay.playMs)).toBe(replay.frames.length)
    expect(shownAfter(replay, (times[2] ?? 0) - 1)).toBe(2)
  })

  it.each([
    [6, 240, 40],
    [1, 6_543, 6_500],
    [70, 6_543, 93],
    [9_000, 6_543, undefined],
    [0, 6_543, undefined],
  ])('of %i ms in %i ms is %s times slower', (realMs, playMs, times) => {
    expect(slowness({ frames: [], steps: [], realMs, playMs })).toBe(times)
  })
})
