import { describe, expect, it } from 'vitest'
import { type LiveRow, noRows, paused, rowsMax, withRows } from '../../web/src/live/live-rows.ts'

const row = (sequence: number): LiveRow => ({
  ...{ type: 'row', sequence, saga: `order/${sequence}`, at: '2026-01-05T03:00:00.000Z', entries: [] },
})
const gap = (after: number, until: number): LiveRow => ({ type: 'gap', after, until, reason: 'BEHIND' })

const rows = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, place) => row(first + place))

const places = (shown: readonly LiveRow[]) =>
  shown.map(shownRow => (shownRow.type === 'row' ? shownRow.sequence : `${shownRow.after}–${shownRow.until}`))

describe('the rows of the live page', () => {
  it('stand with the newest first, with the gaps between them', () => {
    const live = withRows(withRows(noRows, rows(1, 2)), [gap(2, 9), row(10)])
    expect(places(live.shown)).toEqual([10, '2–9', 2, 1])
    expect(live.newCount).toBe(0)
  })

  it('are five hundred at most: the oldest go', () => {
    const live = withRows(withRows(noRows, rows(1, 400)), rows(401, 700))
    expect(live.shown).toHaveLength(rowsMax)
    expect(places(live.shown).at(0)).toBe(700)
    expect(places(live.shown).at(-1)).toBe(201)
  })

  it('do not move while they are paused, and say how many are new', () => {
    const live = withRows(paused(withRows(noRows, rows(1, 2)), true), [row(3), gap(3, 5), row(6)])
    expect(places(live.shown)).toEqual([2, 1])
    expect(live.newCount).toBe(2)
  })

  it('catch up with what came during the pause', () => {
    const live = paused(withRows(paused(withRows(noRows, rows(1, 2)), true), rows(3, 5)), false)
    expect(places(live.shown)).toEqual([5, 4, 3, 2, 1])
    expect(live).toMatchObject({ held: [], newCount: 0, isPaused: false })
  })

  it('say what was left out when more came during the pause than is held', () => {
    let live = paused(withRows(noRows, rows(1, 2)), true)
    live = withRows(live, rows(3, 400))
    live = withRows(live, rows(401, 702))
    live = withRows(live, rows(703, 802))
    expect(live.newCount).toBe(800)
    expect(live.held).toHaveLength(rowsMax)
    expect(live.held.at(-1)).toEqual({ type: 'gap', after: 2, until: 303, reason: 'NOT_HELD' })
    expect(places(live.held).at(-2)).toBe(304)
    expect(places(paused(live, false).shown)).toEqual(places(live.held))
  })

  it('are the same object when nothing came', () => {
    const live = withRows(noRows, rows(1, 2))
    expect(withRows(live, [])).toBe(live)
    expect(paused(live, false)).toBe(live)
  })
})
