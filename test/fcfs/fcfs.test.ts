import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../cli/temporary-directory.ts'
import { hasRedisServer } from '../support/redis-server.ts'
import { fcfsRun, judge } from './fcfs-run.ts'

describe('What a crowd was told', () => {
  const first = ['ISSUED', 'COUPON_ALREADY_ISSUED']
  const late = ['COUPON_INSUFFICIENT', 'COUPON_INSUFFICIENT']

  it('is right when it is what the database says', () => {
    expect(
      judge(
        [
          [1, first],
          [2, late],
        ],
        new Set([1]),
        1,
      ),
    ).toEqual([])
  })

  it.each([
    ['a coupon too many', [[1, first] as const, [2, first] as const], [1, 2]],
    ['a coupon too few', [[1, late] as const, [2, late] as const], []],
    ['somebody told of a coupon that is not there', [[1, first] as const, [2, first] as const], [1]],
    ['somebody who has one and was refused', [[1, late] as const, [2, late] as const], [1]],
    ['a second one', [[1, ['ISSUED', 'ISSUED']] as const, [2, late] as const], [1]],
    [
      'a last one kept back for a moment',
      [[1, first] as const, [2, [...late, 'ISSUED'].slice(1)] as const],
      [1],
    ],
  ])('is wrong with %s', (_what, codes, issued) => {
    expect(judge(codes, new Set(issued), 1)).not.toEqual([])
  })
})

describe.skipIf(!hasRedisServer() && !process.env['CI'])('A crowd on a campaign behind Redis', () => {
  it.each([[false], [true]])(
    'is served right; Redis killed and back empty meanwhile: %s',
    {
      timeout: 60_000,
    },
    async kill => {
      using directory = temporaryDirectory()
      const report = await fcfsRun({
        directory: directory.path,
        clients: 150,
        coupons: 100,
        rampMs: 500,
        kill,
      })
      expect(report).toMatchObject({ faults: [], answers: 300, lost: kill ? 1 : 0 })
    },
  )
})
