import { describe, expect, it } from 'vitest'
import { campaignQuota } from '../../../src/actors/coupon/campaign-quota.ts'
import { erased } from '../../../src/runtime/actor.ts'
import { openTestRuntime, type TestRuntime } from '../../runtime/open-test-runtime.ts'

const hourMs = 3_600_000
const admit = { type: 'AdmitCampaign', perHourMax: 3 }
const open = () => openTestRuntime({ actors: [erased(campaignQuota)] })

async function codes({ run }: TestRuntime, times: number, caller = 'campaignQuota/ana'): Promise<unknown[]> {
  const answers = []
  for (let time = 0; time < times; time += 1) {
    const answer = (await run(caller, admit)) as { type: string; refusal?: { code: string } }
    answers.push(answer.refusal?.code ?? answer.type)
  }
  return answers
}

describe('AdmitCampaign', () => {
  it('admits so many an hour to each caller, and says when there is room again', async () => {
    const quota = open()
    expect(await codes(quota, 4)).toEqual([...Array(3).fill('CampaignAdmitted'), 'RATE_LIMITED'])
    expect(await codes(quota, 1, 'campaignQuota/ben')).toEqual(['CampaignAdmitted'])
    quota.clock.advance(hourMs - 1_500)
    expect(await quota.run('campaignQuota/ana', admit)).toEqual({
      type: 'AdmitCampaignRejected',
      refusal: { code: 'RATE_LIMITED', facts: { retryAfterS: 2 } },
    })
    quota.clock.advance(1_500)
    expect(await codes(quota, 4)).toEqual([...Array(3).fill('CampaignAdmitted'), 'RATE_LIMITED'])
  })

  it('counts within any hour, not by the clock’s', async () => {
    const quota = open()
    for (const waitMs of [0, 0.5 * hourMs, 0.4 * hourMs]) {
      quota.clock.advance(waitMs)
      expect(await codes(quota, 1)).toEqual(['CampaignAdmitted'])
    }
    expect(await codes(quota, 1)).toEqual(['RATE_LIMITED'])
    quota.clock.advance(0.1 * hourMs)
    expect(await codes(quota, 2)).toEqual(['CampaignAdmitted', 'RATE_LIMITED'])
  })

  it('of many at once admits no more', async () => {
    const { ask, runtime } = open()
    const answers = Array.from({ length: 10 }, () => ask('campaignQuota/ana', admit))
    runtime.runUntilIdle()
    const types = (await Promise.all(answers)).map(({ type }) => type)
    expect(types.filter(type => type === 'CampaignAdmitted')).toHaveLength(3)
  })

  it('counts on after a restart, and remembers the last hour only', async () => {
    const first = open()
    await codes(first, 3)
    const second = first.crash()
    expect(await codes(second, 1)).toEqual(['RATE_LIMITED'])
    second.clock.advance(hourMs)
    await codes(second, 1)
    expect(second.stored('campaignQuota/ana')).toEqual({ admittedAt: [second.clock.now()] })
  })
})
