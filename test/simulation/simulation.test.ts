import { describe, expect, it, vi } from 'vitest'
import type { BrokenOnPurpose } from './history.ts'
import { smallest } from './shrink.ts'
import { type SimulationOptions, simulate } from './simulate.ts'
import { blindSpots, renderReport } from './simulation-report.ts'

// Two cores, and whatever else runs on them.
vi.setConfig({ testTimeout: 120_000 })

const short: SimulationOptions = { histories: 3, seed: 11, operationsMax: 50, shrinks: false }

describe('A simulation', () => {
  it('breaks no promise, whatever befalls the shop', async () => {
    const report = await simulate({ ...short, histories: 20 })
    expect(report.violations).toEqual([])
    expect(blindSpots(report)).toEqual([])
    expect(report.tally.total('faults')).toBeGreaterThan(100)
    expect(report.tally.total('crashes')).toBeGreaterThan(5)
  })

  it('is the same again for the same seed, and another for another', async () => {
    const [first, again, other] = [
      await simulate(short),
      await simulate(short),
      await simulate({ ...short, seed: 12 }),
    ].map(report => renderReport({ ...report, seconds: 1 }))
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  it('is called blind when nothing of what it is for came about', async () => {
    const report = await simulate({ ...short, histories: 1 })
    report.tally.groups.clear()
    expect(blindSpots({ ...report, operations: 50 })).toContain('checks: none of "whole databases".')
    expect(blindSpots({ ...report, operations: 50_000 })).toContain('faults: none of "lost message".')
    expect(blindSpots({ ...report, operations: 50_000 })).toContain(
      'edges: none of "failed --PayOrder--> paying".',
    )
  })
})

const broken: { shop: string; by: BrokenOnPurpose; breaks: RegExp }[] = [
  {
    shop: 'whose refunds are a little short',
    by: {
      alters: envelope => {
        const { message } = envelope
        if (message.type !== 'RefundBalance') return envelope
        return { ...envelope, message: { ...message, originalPrice: Number(message['originalPrice']) - 1 } }
      },
    },
    breaks: /\bM[67]\b/,
  },
  {
    shop: 'whose outbox loses what is owed to the outside',
    by: { loses: ({ verb, table }) => verb === 'INSERT' && table === 'outbox' },
    breaks: /^E6/,
  },
  {
    shop: 'whose deadlines get lost',
    by: { loses: ({ verb, table }) => verb === 'INSERT' && table === 'timers' },
    breaks: /^O4/,
  },
  {
    shop: 'that keeps no keys',
    by: { loses: ({ verb, table }) => verb === 'INSERT' && table === 'inbox' },
    breaks: /^E4/,
  },
]

describe('A simulated shop', () => {
  it.each(broken)('$shop is found out', async ({ by, breaks }) => {
    const { violations } = await simulate({ ...short, histories: 60, stopAtFirst: true, broken: by })
    expect(violations.map(({ sentence }) => sentence)).toEqual([expect.stringMatching(breaks)])
  })
})

describe('A history that breaks something', () => {
  it('is made as short as can be, and breaks the same thing when it is run again', async () => {
    const by: BrokenOnPurpose = { loses: ({ table, verb }) => verb === 'INSERT' && table === 'coupon_issues' }
    const { violations } = await simulate({
      ...short,
      stopAtFirst: true,
      shrinks: true,
      broken: by,
      histories: 20,
    })
    const shortest = violations[0]?.shortest
    expect(shortest?.operations).toHaveLength(1)
    expect(shortest?.faults).toEqual([])
    expect([...(shortest?.story.values() ?? [])]).toEqual([expect.stringMatching(/issue/)])

    const { seed = 0, broken: promise } = violations[0] ?? {}
    expect(shortest?.replay).toContain(`--replay ${seed} --keep ${shortest?.operations} --faults ''`)
    const kept = { operations: new Set(shortest?.operations), faults: new Set<string>() }
    const again = await simulate({ ...short, replay: seed, kept, broken: by })
    expect(again.violations).toEqual([{ seed, broken: promise, sentence: shortest?.violation }])
  })

  it('loses every item that it does not need', async () => {
    const items = Array.from({ length: 100 }, (_, at) => at)
    const needed = [3, 50, 51, 99]
    expect(await smallest(items, async kept => needed.every(item => kept.includes(item)))).toEqual(needed)
    expect(await smallest(items, async () => true)).toEqual([])
  })
})
