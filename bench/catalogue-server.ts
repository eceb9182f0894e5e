/**
 * A shop of 4,000 products with one of the catalogues that are compared: `none` (committed data every time), `lru` (the
 * product's own), `redis` (Redis alone before the database) or `far` (the same, Redis being 5 ms away). Started by
 * `catalogue.ts` with an IPC channel, over which it says where it listens and what it has used.
 */
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { type Catalogue, uncachedCatalogue } from '../src/actors/catalogue.ts'
import { CatalogueCache } from '../src/actors/product/catalogue-cache.ts'
import type { ListedProduct, Questions } from '../src/actors/questions.ts'
import { silentProgress } from '../src/cli/progress.ts'
import { seed } from '../src/cli/seed/seed.ts'
import { readConfig } from '../src/config.ts'
import { openShop } from '../src/main.ts'
import { catalogueProfile } from './catalogue-profile.ts'

export interface CatalogueUsage {
  /** User and system time since the start, in microseconds. */
  readonly cpuUs: number
  /** Products and pages that were read from the database. */
  readonly reads: number
}

const { values } = parseArgs({
  options: { variant: { type: 'string' }, data: { type: 'string' }, 'redis-port': { type: 'string' } },
})
let reads = 0

function counted(questions: Questions): Questions {
  const count =
    <Arguments extends unknown[], Result>(ask: (...asked: Arguments) => Result) =>
    (...asked: Arguments) => {
      reads += 1
      return ask(...asked)
    }
  const { listedProduct, product, products } = questions
  return {
    ...questions,
    listedProduct: count(listedProduct),
    product: count(product),
    products: count(products),
  }
}

function redisCatalogue(questions: Questions, delayMs: number): Catalogue {
  const redis = new Redis(Number(values['redis-port']), '127.0.0.1')
  async function source(productId: number): Promise<ListedProduct | undefined> {
    if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs))
    const text = await redis.get(`product:${productId}`)
    if (text !== null) return JSON.parse(text) as ListedProduct
    const listed = questions.listedProduct(productId)
    if (listed !== undefined) await redis.set(`product:${productId}`, JSON.stringify(listed))
    return listed
  }
  // Next to nothing is kept above it, so that it is Redis that answers.
  return new CatalogueCache(questions, { productsMax: 1, pagesMax: 1 }, source)
}

const ways: Readonly<Record<string, (questions: Questions) => Catalogue>> = {
  none: uncachedCatalogue,
  lru: questions => new CatalogueCache(questions, { productsMax: 5_000, pagesMax: 200 }),
  redis: questions => redisCatalogue(questions, 0),
  far: questions => redisCatalogue(questions, 5),
}
const way = ways[values.variant ?? '']
if (way === undefined || values.data === undefined) throw new Error('--variant and --data are needed')

const shop = openShop({
  config: readConfig({ RECOUP_DATA: values.data, RECOUP_CHECK_EVERY_MS: '0' }),
  catalogueOf: questions => way(counted(questions)),
})
await seed(catalogueProfile, shop, silentProgress)
const server = await shop.listen('127.0.0.1', 0)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuUs: user + system, reads } satisfies CatalogueUsage)
})
process.send?.(server.url)
