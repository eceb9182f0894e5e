import type { Page, PageRequest, ProductDetail, ProductSummary, Questions } from './questions.ts'

/** What customers look products up in. Orders are never quoted from it: they ask `Questions`. */
export interface Catalogue {
  products(query: string | undefined, page: PageRequest): Page<ProductSummary>
  product(productId: number): ProductDetail | undefined | Promise<ProductDetail | undefined>
  /** The product was changed, or made. */
  forget(productId: number): void
}

/** Answered from committed data every time. */
export function uncachedCatalogue({ products, product }: Questions): Catalogue {
  return { products, product, forget() {} }
}
