import type { Database, Statement } from 'better-sqlite3'
import type { Findings } from './findings.ts'
import type { StoredCoupon } from './order-judgement.ts'
import type { StoredStates } from './stored-states.ts'

/** The invariants of a campaign and of the coupons that customers have of it: C1 and C2. */
export class CouponJudgement {
  readonly #issuedCount: Statement<[number], number>
  readonly #issue: Statement<[number, number], number>
  /** Coupons that were issued and not granted yet; looked at again until they are. */
  readonly #granting = new Set<string>()

  constructor(database: Database) {
    this.#issuedCount = database
      .prepare<[number], number>('SELECT count(*) FROM coupon_issues WHERE coupon_id = ?')
      .pluck()
    this.#issue = database
      .prepare<[number, number], number>(
        'SELECT 1 FROM coupon_issues WHERE coupon_id = ? AND customer_id = ?',
      )
      .pluck()
  }

  get granting(): readonly string[] {
    return [...this.#granting]
  }

  judgeCampaign(id: string, states: StoredStates, findings: Findings): void {
    findings.looked('C1')
    const campaign = states.state<{ totalQuantity: number; issuedQuantity: number }>(`coupon/${id}`)
    const issued = this.#issuedCount.get(Number(id)) ?? 0
    const counted = campaign?.issuedQuantity
    if ((counted ?? 0) === issued && (counted ?? 0) <= (campaign?.totalQuantity ?? 0)) return
    const counts = `counts ${counted ?? 'nothing'} issued, and has issued ${issued}`
    findings.violated('C1', `coupon ${id} of ${campaign?.totalQuantity ?? 'nothing'} ${counts}`)
  }

  /** `id` is `<coupon>:<customer>`. */
  judgeOwned(
    id: string,
    states: StoredStates,
    findings: Findings,
    isAwaited: (actor: string) => boolean,
  ): void {
    findings.looked('C2')
    this.#granting.delete(id)
    const [couponId = 0, customerId = 0] = id.split(':').map(Number)
    const stored = states.state<StoredCoupon>(`ownedCoupon/${id}`)
    const owned = stored?.couponId === couponId && stored.customerId === customerId
    const issued = this.#issue.get(couponId, customerId) !== undefined
    if (stored !== undefined && !owned)
      findings.violated('C2', `customer ${stored.customerId} has the coupon ${id} of another`)
    if (owned === issued) return
    if (issued && isAwaited(`ownedCoupon/${id}`)) {
      this.#granting.add(id)
      return
    }
    const has = `has ${owned ? 1 : 0} of coupon ${couponId} and was issued ${issued ? 1 : 0}`
    findings.violated('C2', `customer ${customerId} ${has}`)
  }
}
