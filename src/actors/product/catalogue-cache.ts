import { LRUCache } from 'lru-cache'
import type { Catalogue } from '../catalogue.ts'
import type {
  ListedProduct,
  Page,
  PageRequest,
  ProductDetail,
  ProductSummary,
  Questions,
} from '../questions.ts'

/*
 * Names and prices, kept in memory until their product is changed. Whoever was told of a change never sees what was
 * before it, nor does anybody who asks later: `forget` is called with the commit, before its answers leave. Stock is no
 * part of what is kept and is looked up each time. However many ask for a product that is not kept, it is loaded once.
 */

/** Where a product comes from that is not kept; whether at once or later. */
type Source = (productId: number) => ListedProduct | undefined | Promise<ListedProduct | undefined>

interface Kept {
  /** So many products. */
  readonly productsMax: number
  /** So many pages of lists. */
  readonly pagesMax: number
}

export class CatalogueCache implements Catalogue {
  readonly #questions: Pick<Questions, 'products' | 'stockOf'>
  readonly #source: Source
  readonly #products: LRUCache<number, ListedProduct>
  readonly #pages: LRUCache<string, Page<ProductSummary>>
  readonly #loading = new Map<number, Promise<ListedProduct | undefined>>()

  /** `source` is committed data unless another layer is put between. */
  constructor(
    questions: Questions,
    { productsMax, pagesMax }: Kept,
    source: Source = questions.listedProduct,
  ) {
    this.#questions = questions
    this.#source = source
    this.#products = new LRUCache({ max: productsMax })
    this.#pages = new LRUCache({ max: pagesMax })
  }

  products(query: string | undefined, page: PageRequest): Page<ProductSummary> {
    const name = JSON.stringify([query, page.limit, page.cursor])
    let found = this.#pages.get(name)
    if (found === undefined) {
      found = this.#questions.products(query, page)
      this.#pages.set(name, found)
    }
    return found
  }

  product(productId: number): ProductDetail | undefined | Promise<ProductDetail | undefined> {
    const listed = this.#products.get(productId) ?? this.#loading.get(productId) ?? this.#load(productId)
    return listed instanceof Promise ? listed.then(this.#withStock) : this.#withStock(listed)
  }

  forget(productId: number): void {
    this.#products.delete(productId)
    // What is being loaded may be what was before the change.
    this.#loading.delete(productId)
    this.#pages.clear()
  }

  #load(productId: number): ListedProduct | undefined | Promise<ListedProduct | undefined> {
    const found = this.#source(productId)
    if (!(found instanceof Promise)) {
      if (found !== undefined) this.#products.set(productId, found)
      return found
    }
    const isCurrent = () => this.#loading.get(productId) === loading
    const loading = found
      .then(listed => {
        if (listed !== undefined && isCurrent()) this.#products.set(productId, listed)
        return listed
      })
      .finally(() => {
        if (isCurrent()) this.#loading.delete(productId)
      })
    this.#loading.set(productId, loading)
    return loading
  }

  readonly #withStock = (listed: ListedProduct | undefined): ProductDetail | undefined => {
    if (listed === undefined) return undefined
    const { stockOf } = this.#questions
    return { ...listed, options: listed.options.map(option => ({ ...option, stock: stockOf(option.id) })) }
  }
}
