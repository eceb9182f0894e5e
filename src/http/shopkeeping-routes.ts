import { OpenAPIHono, z } from '@hono/zod-openapi'
import {
  campaignStates,
  type KeptCampaign,
  movementKinds,
  type StockMovement,
} from '../actors/shopkeeping-questions.ts'
import { isoTime } from '../clock.ts'
import { campaign, showCampaign } from './coupon-routes.ts'
import { orderIdOrNull } from './customer-list-routes.ts'
import type { Dependencies } from './dependencies.ts'
import { idText, moment, positive } from './fields.ts'
import { answerPage, pageQuery, pageRequest } from './page.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const stockMovement = z
  .object({
    sequence: positive,
    movement: z.enum(movementKinds),
    quantity: z.int().openapi({ description: 'Signed, in units.' }),
    at: moment,
    orderId: orderIdOrNull,
  })
  .openapi('StockMovement')

const keptCampaign = campaign.extend({ state: z.enum(campaignStates) }).openapi('KeptCampaign')

/** Stock and campaigns as operators look at them; who may change them is said where that is. */
export function shopkeepingRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { shopkeepingQuestions, questions } = dependencies

  questionRoute(app, dependencies, {
    path: '/operator/stock/{optionId}/movements',
    access: 'operator',
    summary: 'Why the stock of an option is what it is, newest first',
    params: { optionId: idText },
    query: pageQuery(),
    success: { 200: { description: 'A page of movements', schema: z.array(stockMovement) } },
    problems: ['PRODUCT_OPTION_NOT_FOUND'],
    answer({ optionId, ...page }, _caller, c) {
      if (!questions.optionExists(optionId)) {
        throw new Refused('PRODUCT_OPTION_NOT_FOUND', { productOptionId: optionId })
      }
      return answerPage(c, shopkeepingQuestions.stockMovements(optionId, pageRequest(page)), showMovement)
    },
  })

  questionRoute(app, dependencies, {
    path: '/operator/coupons',
    access: 'operator',
    summary: 'Coupon campaigns in every state, newest first, with what is left of them',
    query: { state: z.enum(['all', ...campaignStates]).default('all'), ...pageQuery() },
    success: { 200: { description: 'A page of campaigns', schema: z.array(keptCampaign) } },
    problems: [],
    answer: ({ state, ...page }, _caller, c) =>
      answerPage(c, shopkeepingQuestions.campaigns(state, pageRequest(page)), showKeptCampaign),
  })

  return app
}

function showMovement(shown: StockMovement): z.infer<typeof stockMovement> {
  const { sequence, movement, quantity, at, orderId } = shown
  return { sequence, movement, quantity, at: isoTime(at), orderId }
}

function showKeptCampaign(shown: KeptCampaign): z.infer<typeof keptCampaign> {
  return { ...showCampaign(shown), state: shown.state }
}
