/** A product and how many units of it were sold, returns taken off. */
interface RankedProduct {
  readonly productId: number
  readonly salesCount: number
}

/** Which products sold most. Sales are recorded by the statistics actors; this only answers. */
export interface Ranking {
  /**
   * The five products sold most from one day to another, both included, `YYYY-MM-DD`: most units first, of equals the
   * smaller product id. Products with no more sold than returned are left out.
   */
  popular(fromDay: string, toDay: string): Promise<readonly RankedProduct[]>
}
