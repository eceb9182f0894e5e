import type { Database, Statement } from 'better-sqlite3'
import type { Findings } from './findings.ts'
import type { StoredStates } from './stored-states.ts'

interface StoredProduct {
  readonly name: string
  readonly basePrice: number
  readonly options: readonly StoredOption[]
}

interface StoredOption {
  readonly productOptionId: number
  readonly optionName: string
  readonly extraPrice: number
}

interface StoredCampaign {
  readonly terms: { readonly startedAt: number; readonly expiredAt: number } | null
  readonly endedAt: number | null
}

/** The invariants between what is listed and what is stored: L1 and L2. */
export class ListingJudgement {
  readonly #product: Statement<[number], { name: string; basePrice: number }>
  readonly #options: Statement<[number], StoredOption>
  readonly #campaign: Statement<[number], { opensAt: number; closesAt: number }>

  constructor(database: Database) {
    this.#product = database.prepare(
      'SELECT name, base_price AS basePrice FROM products WHERE product_id = ?',
    )
    this.#options = database.prepare(
      `SELECT option_id AS productOptionId, option_name AS optionName, extra_price AS extraPrice
       FROM product_options WHERE product_id = ?`,
    )
    this.#campaign = database.prepare(
      'SELECT opens_at AS opensAt, closes_at AS closesAt FROM coupon_campaigns WHERE coupon_id = ?',
    )
  }

  judgeProduct(id: string, states: StoredStates, findings: Findings): void {
    findings.looked('L1')
    const stored = states.state<StoredProduct>(`product/${id}`)
    const listed = this.#product.get(Number(id))
    if (stored?.name !== listed?.name || stored?.basePrice !== listed?.basePrice)
      findings.violated('L1', `product ${id} is not listed as it is`)
    const rows = new Map(this.#options.all(Number(id)).map(row => [row.productOptionId, row]))
    const misplaced = (optionId: number) =>
      findings.violated('L1', `option ${optionId} of product ${id} is not listed as it is`)
    for (const { productOptionId, optionName, extraPrice } of stored?.options ?? []) {
      const row = rows.get(productOptionId)
      rows.delete(productOptionId)
      if (row?.optionName !== optionName || row.extraPrice !== extraPrice) misplaced(productOptionId)
    }
    for (const productOptionId of rows.keys()) misplaced(productOptionId)
  }

  judgeCampaign(id: string, states: StoredStates, findings: Findings): void {
    findings.looked('L2')
    const { terms, endedAt } = states.state<StoredCampaign>(`coupon/${id}`) ?? { terms: null, endedAt: null }
    const listed = this.#campaign.get(Number(id))
    const closesAt = endedAt === null ? terms?.expiredAt : endedAt - 1
    if (listed?.opensAt !== terms?.startedAt || listed?.closesAt !== closesAt)
      findings.violated('L2', `coupon ${id} is not listed as it is`)
  }
}
