/**
 * A shop of 4,000 products with one of the catalogues that are compared: `none` (committed data every time), `lru` (the
 * product's own), `redis` (Redis alone before the database), `both` (the product's own over Redis), and the last two with
 * Redis 5 ms away, `far-redis` and `far-both`. Started by `catalogue.ts` with an IPC channel, over which it says where it
 * listens and what it has used.
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

const kept = { productsMax: 5_000, pagesMax: 200 }
/** Next to nothing, so that it is Redis that answers. */
const nearlyNothing = { productsMax: 1, pagesMax: 1 }

function overRedis(questions: Questions, delayMs: number, above: typeof kept): Catalogue {
  const redis = new Redis(Number(values['redis-port']), '127.0.0.1')
  async function source(productId: number): Promise<ListedProduct | undefined> {
    if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs))
    const text = await redis.get(`product:${productId}`)
    if (text !== null) return JSON.parse(text) as ListedProduct
    const listed = questions.listedProduct(productId)
    if (listed !== undefined) await redis.set(`product:${productId}`, JSON.stringify(listed))
    return listed
  }
  return new CatalogueCache(questions, above, source)
}

const ways: Readonly<Record<string, (questions: Questions) => Catalogue>> = {
  none: uncachedCatalogue,
  lru: questions => new CatalogueCache(questions, kept),
  redis: questions => overRedis(questions, 0, nearlyNothing),
  both: questions => overRedis(questions, 0, kept),
  'far-redis': questions => overRedis(questions, 5, nearlyNothing),
  'far-both': questions => overRedis(questions, 5, kept),
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
