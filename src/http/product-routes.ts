import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { PopularProduct, ProductDetail, ProductSummary } from '../actors/questions.ts'
import { answer } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { atMost, idText, money, positive, positiveText } from './fields.ts'
import { answerPage, pageQuery, pageRequest } from './page.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const nameLengthMax = 200

const product = z.object({ id: positive, name: z.string(), basePrice: money }).openapi('Product')

const productDetail = product
  .extend({
    options: z.array(z.object({ id: positive, optionName: z.string(), extraPrice: money, stock: z.int() })),
  })
  .openapi('ProductDetail')

const popularProduct = z
  .object({ productId: positive, name: z.string(), basePrice: money, salesCount: z.int() })
  .openapi('PopularProduct')

export function productRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { catalogue, questions } = dependencies

  questionRoute(app, dependencies, {
    path: '/products',
    access: 'anyone',
    summary: 'Products on sale',
    query: {
      q: atMost(nameLengthMax).optional().openapi({ description: 'Part of the name.' }),
      ...pageQuery(200),
    },
    success: { 200: { description: 'A page of products', schema: z.array(product) } },
    problems: [],
    answer: ({ q, ...page }, _caller, c) =>
      answerPage(c, catalogue.products(q || undefined, pageRequest(page)), showProduct),
  })

  // Before the detail: the router takes the first route that fits.
  questionRoute(app, dependencies, {
    path: '/products/popular',
    access: 'anyone',
    summary: 'The five products sold most in a period up to today',
    query: {
      days: positiveText().optional(),
      weeks: positiveText().optional().openapi({ description: '7 days each.' }),
      months: positiveText().optional().openapi({ description: '30 days each.' }),
    },
    success: { 200: { description: 'At most five products', schema: z.array(popularProduct) } },
    problems: ['STATISTIC_INVALID_PERIOD_CONDITION'],
    async answer(period) {
      const popular = await questions.popularProducts(daysOf(period))
      return answer(200, popular.map(showPopular))
    },
  })

  questionRoute(app, dependencies, {
    path: '/products/{id}',
    access: 'anyone',
    summary: 'A product with its options and their stock',
    params: { id: idText },
    success: { 200: { description: 'The product', schema: productDetail } },
    problems: ['PRODUCT_NOT_FOUND'],
    async answer({ id }) {
      const found = await catalogue.product(id)
      if (found === undefined) throw new Refused('PRODUCT_NOT_FOUND', { productId: id })
      return answer(200, showDetail(found))
    },
  })

  return app
}

const periodDaysMax = 365

function daysOf({
  days,
  weeks,
  months,
}: Partial<Record<'days' | 'weeks' | 'months', number | undefined>>): number {
  const [period, ...others] = [days, weeks && weeks * 7, months && months * 30].filter(
    given => given !== undefined,
  )
  if (period === undefined || others.length > 0 || period > periodDaysMax) {
    throw new Refused('STATISTIC_INVALID_PERIOD_CONDITION', {})
  }
  return period
}

function showProduct({ id, name, basePrice }: ProductSummary): z.infer<typeof product> {
  return { id, name, basePrice }
}

function showDetail(detail: ProductDetail): z.infer<typeof productDetail> {
  return {
    ...showProduct(detail),
    options: detail.options.map(({ id, optionName, extraPrice, stock }) => ({
      id,
      optionName,
      extraPrice,
      stock,
    })),
  }
}

function showPopular({
  productId,
  name,
  basePrice,
  salesCount,
}: PopularProduct): z.infer<typeof popularProduct> {
  return { productId, name, basePrice, salesCount }
}
