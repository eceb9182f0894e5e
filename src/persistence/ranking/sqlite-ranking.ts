import type { Reader } from '../reader.ts'

/** The ranking from the table of sales itself; `Ranking` of the actors. */
export function createSqliteRanking(reader: Reader) {
  const popular = reader.prepare<[string, string], { productId: number; salesCount: number }>(
    `SELECT product_id AS productId, sum(quantity) AS salesCount FROM sales WHERE day BETWEEN ? AND ?
     GROUP BY product_id HAVING sum(quantity) > 0 ORDER BY salesCount DESC, product_id LIMIT 5`,
  )
  return {
    async popular(fromDay: string, toDay: string) {
      return popular.all(fromDay, toDay)
    },
  }
}

export type SqliteRanking = ReturnType<typeof createSqliteRanking>
