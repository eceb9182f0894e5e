import { OpenAPIHono, z } from '@hono/zod-openapi'
import {
  canFail,
  type Fault,
  type FaultsOnPurpose,
  faultKinds,
  faultSteps,
} from '../actors/payment/faults-on-purpose.ts'
import { answer } from './answer.ts'
import type { Dependencies } from './dependencies.ts'
import { directRoute } from './direct-route.ts'
import { idText, positive } from './fields.ts'
import { ownOrder } from './own-order.ts'
import { questionRoute } from './question-route.ts'
import { Refused } from './refused.ts'

const faultOf = z
  .object({
    orderId: positive,
    fault: z
      .object({
        step: z.enum(faultSteps),
        kind: z.enum(faultKinds),
        attempt: z.int().nullable().openapi({ description: 'Null: the next one.' }),
        used: z.boolean().openapi({ description: 'Whether it has done anything yet.' }),
      })
      .nullable(),
  })
  .openapi('FaultOnPurpose')

const path = '/demo/faults/{orderId}'
const params = { orderId: idText }
const success = { 200: { description: 'The fault', schema: faultOf } }

/** Makes steps of payments fail, for whoever wants to see it. Only a demo on loopback has these routes. */
export function faultRoutes(dependencies: Dependencies, faults: FaultsOnPurpose): OpenAPIHono {
  const app = new OpenAPIHono()
  const { questions } = dependencies

  function shown(orderId: number, fault: Fault | undefined) {
    return answer(200, { orderId, fault: fault ?? null } satisfies z.infer<typeof faultOf>)
  }

  questionRoute(app, dependencies, {
    path,
    access: 'customer',
    summary: 'Which step of an order is made to fail',
    params,
    success,
    problems: ['ORDER_NOT_FOUND'],
    answer({ orderId }, caller) {
      ownOrder(questions, orderId, caller)
      return shown(orderId, faults.of(orderId))
    },
  })

  directRoute(app, dependencies, {
    method: 'put',
    path,
    access: 'customer',
    summary: 'Make a step of the next attempt to pay an order fail',
    params,
    body: z.strictObject({ step: z.enum(faultSteps), kind: z.enum(faultKinds) }),
    success,
    problems: ['ORDER_NOT_FOUND'],
    async run({ orderId, step, kind }, caller) {
      ownOrder(questions, orderId, caller)
      if (!canFail(step, kind)) {
        const reason = `${step} has no undo that could be stuck; choose another step`
        throw new Refused('INVALID_ARGUMENT', { path: 'kind', reason })
      }
      return shown(orderId, faults.put(orderId, step, kind))
    },
  })

  directRoute(app, dependencies, {
    method: 'delete',
    path,
    access: 'customer',
    summary: 'Let every step of an order succeed again',
    params,
    success,
    problems: ['ORDER_NOT_FOUND'],
    async run({ orderId }, caller) {
      ownOrder(questions, orderId, caller)
      faults.lift(orderId)
      return shown(orderId, undefined)
    },
  })

  return app
}
