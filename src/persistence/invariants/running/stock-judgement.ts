import type { Database } from 'better-sqlite3'
import type { Findings } from './findings.ts'
import type { StockMovement } from './order-books.ts'
import type { StoredStates } from './stored-states.ts'
import type { Touched } from './touched.ts'

const directions: Readonly<Record<string, 1 | -1>> = {
  RESTOCK: 1,
  RESTORE: 1,
  RETURN: 1,
  WRITE_OFF: -1,
  DECREASE: -1,
}

/** The invariants of a stock alone, S1 and S2: what its movements come to is what it holds, and that is not negative. */
export class StockJudgement {
  readonly #moved = new Map<string, number>()
  readonly #unknownMovement = new Set<string>()

  /** `upTo` is the last movement that came before the first look. */
  constructor(database: Database, upTo: number) {
    if (upTo === 0) return
    const directed = Object.entries(directions).map(([movement, sign]) => `WHEN '${movement}' THEN ${sign}`)
    const sums = database.prepare<[number], { option: string; units: number | null }>(`
      SELECT CAST(option_id AS TEXT) AS option, sum(quantity * CASE movement ${directed.join(' ')} END) AS units
      FROM stock_movements
      WHERE sequence <= ?
      GROUP BY option_id`)
    for (const { option, units } of sums.iterate(upTo)) this.#moved.set(option, units ?? 0)
  }

  note({ optionId, movement, quantity }: StockMovement, touched: Touched): void {
    const option = String(optionId)
    const direction = directions[movement]
    if (direction === undefined) this.#unknownMovement.add(option)
    this.#moved.set(option, (this.#moved.get(option) ?? 0) + (direction ?? 0) * quantity)
    touched.stocks.add(option)
  }

  judge(option: string, states: StoredStates, findings: Findings): void {
    findings.looked('S1')
    findings.looked('S2')
    const quantity = states.state<{ quantity: number }>(`stock/${option}`)?.quantity
    const moved = this.#moved.get(option)
    // A stock that never was can be asked for units and refuses.
    if (quantity === undefined && moved === undefined) return
    if (quantity !== (moved ?? 0) || this.#unknownMovement.has(option)) {
      const holds = `holds ${quantity ?? 'nothing'}, its movements sum to ${moved ?? 0}`
      findings.violated('S1', `stock ${option} ${holds}`)
    }
    if (quantity !== undefined && quantity < 0) findings.violated('S2', `stock ${option} holds ${quantity}`)
  }
}
