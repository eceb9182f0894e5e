import type { Reader } from '../reader.ts'

/** The table of sales as a log: rows are only ever added, each with a higher sequence than all before. */
export function createSalesLog(reader: Reader) {
  const end = reader.prepare<[], { sequence: number | null }>('SELECT max(sequence) AS sequence FROM sales')
  const firstDay = reader.prepare<[string], { day: string | null }>(
    'SELECT min(day) AS day FROM sales WHERE day >= ?',
  )
  const unitsOn = reader.prepare<[string, number], { productId: number; units: number }>(
    `SELECT product_id AS productId, sum(quantity) AS units FROM sales
     WHERE day = ? AND sequence <= ? GROUP BY product_id`,
  )
  const after = reader.prepare<
    [number, number],
    { sequence: number; productId: number; day: string; units: number }
  >(
    `SELECT sequence, product_id AS productId, day, quantity AS units FROM sales
     WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  )
  return {
    /** The last sequence; 0 at first. */
    end: () => end.get()?.sequence ?? 0,
    /** The first day, from this one on, on which anything was recorded. */
    firstDay: (from: string) => firstDay.get(from)?.day ?? undefined,
    /** What is recorded for a day up to a sequence, added up by product. */
    unitsOn: (day: string, upTo: number) => unitsOn.all(day, upTo),
    after: (sequence: number, limit: number) => after.all(sequence, limit),
  }
}

export type SalesLog = ReturnType<typeof createSalesLog>
