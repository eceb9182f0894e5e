import { refuse } from '../../refusal.ts'
import { storeActor } from '../store-actor.ts'
import type { CampaignQuotaCommand, CampaignQuotaReply } from './coupon-messages.ts'

/*
 * How many campaigns one caller has created within the last hour, and no more than they may: a generator that runs away
 * is stopped before it fills what everybody shares. Being an actor it counts on after a restart.
 */

interface CampaignQuotaState {
  /** When each was admitted, oldest first; those of the last hour. */
  readonly admittedAt: readonly number[]
}

const hourMs = 3_600_000

const reply = (message: CampaignQuotaReply) => ({ message })

export const campaignQuota = storeActor<CampaignQuotaState, CampaignQuotaCommand>({
  kind: 'campaignQuota',
  version: 1,
  initial: { admittedAt: [] },
  on: {
    AdmitCampaign(state, { perHourMax, meta }, { emit }) {
      const recent = state.admittedAt.filter(at => at > meta.at - hourMs)
      // The next one has room when this one is an hour old.
      const oldest = recent.at(-perHourMax)
      if (oldest !== undefined) {
        const retryAfterS = Math.max(1, Math.ceil((oldest + hourMs - meta.at) / 1_000))
        const refusal = refuse('RATE_LIMITED', { retryAfterS })
        emit.reply(reply({ type: 'AdmitCampaignRejected', refusal }))
        return undefined
      }
      emit.reply(reply({ type: 'CampaignAdmitted' }))
      return { admittedAt: [...recent, meta.at] }
    },
  },
})
