import { describe, expect, it } from 'vitest'
import { disturbedPaths, disturbPath } from './disturbed-paths.ts'
import { coveredMachines, runCrashed, runDisturbed, runServed } from './model-run.ts'
import { ModelShop } from './model-shop.ts'
import { servedPaths, servePath } from './served-paths.ts'

const timeoutMs = 240_000
const covered = coveredMachines()
const machines = covered.map(each => ({ ...each, name: each.machine.name }))

describe.each(machines)('The covering paths of the $name machine', each => {
  it(
    'lead a real server where they say, over HTTP, through every state and transition',
    async () => {
      const { problems, runs, coverage } = await runServed(each)
      expect(problems).toEqual([])
      expect(runs).toBeGreaterThanOrEqual(each.paths.length)
      expect([coverage.missingStates, coverage.missingTransitions]).toEqual([[], []])
    },
    timeoutMs,
  )

  it(
    'lead there through a crash and a restart after every event',
    async () => {
      const { problems, events, crashes, coverage } = await runCrashed(each)
      expect(problems).toEqual([])
      expect(crashes).toBe(events)
      expect([coverage.missingStates, coverage.missingTransitions]).toEqual([[], []])
    },
    timeoutMs,
  )

  it(
    'end in the same books with messages duplicated, swapped and late',
    async () => {
      const { problems, messages, duplicated, swapped } = await runDisturbed(each, false)
      expect(problems).toEqual([])
      expect(duplicated).toBeGreaterThanOrEqual(messages)
      expect(swapped).toBeGreaterThan(10)
    },
    timeoutMs,
  )

  it('cover less when one of them is taken away', () => {
    const takenBy = (paths: typeof each.paths) => new Set(paths.flat().flatMap(({ taken }) => taken))
    expect([...takenBy(each.paths)].sort()).toEqual([...each.chart.transitions].sort())
    const irreplaceable = each.paths.filter(path => {
      const rest = each.paths.filter(other => other !== path)
      return takenBy(rest).size < each.chart.transitions.length
    })
    expect(irreplaceable).toContain(each.paths[0])
  })
})

/** The shortest of the payment's paths that contains this event. */
function paymentPath(label: string) {
  const [payment] = covered
  const path = payment?.paths
    .filter(each => each.some(({ event }) => event.label === label))
    .sort((a, b) => a.length - b.length)[0]
  if (payment === undefined || path === undefined) throw new Error(`No covering path contains ${label}`)
  return { ...payment, path }
}

describe('A shop that is not as its machines are', () => {
  const silent = 'silence in paying.usingCoupon'

  it(
    'is found when it gives up sooner than the path',
    async () => {
      const { machine, chart, path } = paymentPath(silent)
      const shop = await ModelShop.open('memory', { RECOUP_STEP_RESENDS: '0' })
      const result = servedPaths(machine, [path], chart)
      await servePath(
        machine,
        shop,
        path,
        { silence: 'never hears of it', keyed: false, crashes: false },
        result,
      )
      await shop.close()
      expect(result.problems).toHaveLength(1)
      expect(result.coverage.counts.transitions).toBe(0)
    },
    timeoutMs,
  )

  it(
    'is found when a crash loses its timers',
    async () => {
      const { machine, chart, path } = paymentPath(silent)
      const shop = await ModelShop.open('disk')
      shop.losesTimers = true
      const result = servedPaths(machine, [path], chart)
      await servePath(
        machine,
        shop,
        path,
        { silence: 'never hears of it', keyed: true, crashes: true },
        result,
      )
      await shop.close()
      expect(result.problems.join()).toContain('no deadline runs')
    },
    timeoutMs,
  )

  it(
    'is found when nothing tells a repeated message from a new one',
    async () => {
      const { machine, path } = paymentPath('BalanceRefunded')
      const shop = await ModelShop.open('memory')
      shop.network.keyless = true
      const result = disturbedPaths(machine, [path])
      await disturbPath(machine, shop, path, { eachMessage: false }, result)
      await shop.close()
      expect(result.problems.length).toBeGreaterThan(0)
    },
    timeoutMs,
  )
})
