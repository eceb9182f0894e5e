import type { Clock } from '../../clock.ts'
import { type RedisCalls, RedisGone } from '../redis/redis-connection.ts'
import { admitCustomer, finishCampaign, loadCustomers, settleCustomer } from './coupon-gate-scripts.ts'
import type { CouponIssues } from './coupon-issues.ts'

/*
 * The gate of coupon campaigns in Redis. It holds two facts that never become untrue, who has a coupon and how many there
 * are, and refuses by those alone. Reservations decide only who goes on to the campaign now and who waits: at most as
 * many are under way as there are coupons left. A Redis that was emptied knows no campaign, so each is read again from the
 * database when it is asked for; both sets are sets, so who is put there twice meanwhile is there once.
 */

type Verdict = 'admitted' | 'soldOut' | 'alreadyIssued' | 'held' | 'unknown'
type Outcome = 'issued' | 'soldOut' | 'alreadyIssued' | 'unknown'

export interface RedisCouponGateOptions {
  readonly redis: RedisCalls
  readonly issues: CouponIssues
  /** How many coupons a campaign has in all; nothing where there is none. */
  readonly totalQuantity: (couponId: number) => number | undefined
  readonly clock: Clock
  readonly report: (line: string) => void
}

const lifetimeMs = 86_400_000
/** Whoever was admitted and not heard of again keeps no coupon from others for longer. */
const reservationMs = 5_000
/** Whoever waited so long for the others goes on to the campaign and hears it from there. */
const heldMsMax = 2_000
const customersAtOnce = 1_000

/** Somebody who asks, and may have to wait for news. */
interface Waiter {
  /** Whether there was news since the last question. */
  isTold: boolean
  goOn?: () => void
  tell(): void
  /** Resolves with the next news, or at the deadline. */
  until(deadline: number): Promise<void>
  leave(): void
}

export function createRedisCouponGate({
  redis,
  issues,
  totalQuantity,
  clock,
  report,
}: RedisCouponGateOptions) {
  const loading = new Map<string, Promise<void>>()
  /** By campaign, those who ask or wait for what becomes of the others, first come first. */
  const held = new Map<number, Set<Waiter>>()

  function keysOf(couponId: number): readonly string[] {
    const name = `recoup:coupon:${redis.generation}:${couponId}`
    return [name, `${name}:issued`, `${name}:reserved`]
  }

  async function judge(keys: readonly string[], customerId: number): Promise<Verdict> {
    const now = clock.now()
    const args = [customerId, now, now + reservationMs, lifetimeMs]
    return (await redis.call(client => admitCustomer(client, keys, args))) as Verdict
  }

  /** Reads a campaign into Redis, once however many ask for it. */
  function load(couponId: number, keys: readonly string[]): Promise<void> {
    const [name = ''] = keys
    let running = loading.get(name)
    if (running === undefined) {
      running = loadCampaign(couponId, keys).finally(() => loading.delete(name))
      loading.set(name, running)
    }
    return running
  }

  async function loadCampaign(couponId: number, keys: readonly string[]): Promise<void> {
    const total = totalQuantity(couponId)
    if (total === undefined) return
    for (let last: number | undefined = 0; last !== undefined; ) {
      const customers = issues.customers(couponId, last, customersAtOnce)
      if (customers.length > 0) {
        await redis.call(client => loadCustomers(client, keys, [lifetimeMs, ...customers]))
      }
      last = customers.at(-1)
    }
    await redis.call(client => finishCampaign(client, keys, [lifetimeMs, total]))
  }

  /** One who asks is among those who hear news from before the first question on: news in between would be missed. */
  function waiterFor(couponId: number): Waiter {
    const others = held.get(couponId) ?? new Set<Waiter>()
    held.set(couponId, others)
    const waiter: Waiter = {
      isTold: false,
      tell() {
        waiter.isTold = true
        waiter.goOn?.()
      },
      until: deadline =>
        new Promise(resolve => {
          const goOn = () => {
            cancel()
            resolve()
          }
          const cancel = clock.wait(deadline - clock.now(), goOn)
          waiter.goOn = goOn
        }),
      leave() {
        others.delete(waiter)
        if (others.size === 0) held.delete(couponId)
        // News that it had no use for is another's.
        if (waiter.isTold) goOn(couponId, 1)
      },
    }
    others.add(waiter)
    return waiter
  }

  function goOn(couponId: number, atMost: number): void {
    const untold = [...(held.get(couponId) ?? [])].filter(({ isTold }) => !isTold)
    for (const next of untold.slice(0, atMost)) next.tell()
  }

  async function admitOrHold(couponId: number, customerId: number) {
    const deadline = clock.now() + heldMsMax
    const waiter = waiterFor(couponId)
    let loaded = false
    try {
      for (;;) {
        waiter.isTold = false
        const keys = keysOf(couponId)
        const verdict = await judge(keys, customerId)
        if (verdict === 'unknown') {
          if (loaded) return 'admitted'
          await load(couponId, keys)
          loaded = true
        } else if (verdict === 'held') {
          if (clock.now() >= deadline) return 'admitted'
          if (!waiter.isTold) await waiter.until(deadline)
        } else {
          return verdict
        }
      }
    } finally {
      waiter.leave()
    }
  }

  async function note(couponId: number, customerId: number, outcome: Outcome): Promise<void> {
    try {
      const args = [customerId, outcome, lifetimeMs]
      const isNews = await redis.call(client => settleCustomer(client, keysOf(couponId), args))
      if (isNews === 1) goOn(couponId, Number.POSITIVE_INFINITY)
      // Its place may be free again, or Redis may have been emptied and count one too few: one of them asks again, so that
      // nobody waits with nobody under way.
      else goOn(couponId, 1)
    } catch (error) {
      goOn(couponId, Number.POSITIVE_INFINITY)
      if (!(error instanceof RedisGone)) throw error
    }
  }

  return {
    async admit(couponId: number, customerId: number): Promise<'admitted' | 'soldOut' | 'alreadyIssued'> {
      if (redis.state !== 'closed') return 'admitted'
      try {
        return await admitOrHold(couponId, customerId)
      } catch (error) {
        if (!(error instanceof RedisGone)) throw error
        return 'admitted'
      }
    },
    settle(couponId: number, customerId: number, outcome: Outcome): void {
      if (redis.state !== 'closed') {
        goOn(couponId, Number.POSITIVE_INFINITY)
        return
      }
      note(couponId, customerId, outcome).catch(error =>
        report(`What became of coupon ${couponId} could not be noted in Redis: ${String(error)}`),
      )
    },
  }
}
