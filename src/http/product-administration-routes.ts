import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { ProductCommand, ProductOption, ProductReply } from '../actors/product/product-messages.ts'
import { productOptionsMax, unitPriceMax } from '../money.ts'
import { addressOf } from '../runtime/envelope.ts'
import type { Caller } from './access.ts'
import { answer } from './answer.ts'
import { commandRoute } from './command-route.ts'
import type { Dependencies } from './dependencies.ts'
import { givenReason, idText, money, nameText, positive } from './fields.ts'

const name = nameText(200).openapi({ example: 'Linen shirt' })
const optionName = nameText(50).openapi({ example: 'M' })
const price = z
  .int()
  .min(0)
  .max(unitPriceMax)
  .openapi({ type: 'integer', minimum: 0, maximum: unitPriceMax, example: 39_000 })
const reason = givenReason.optional()

const option = z
  .object({ id: positive, productId: positive, optionName: z.string(), extraPrice: money })
  .openapi('ProductOption')

const product = z
  .object({
    id: positive,
    name: z.string(),
    basePrice: money,
    options: z.array(z.object({ id: positive, optionName: z.string(), extraPrice: money })),
  })
  .openapi('AdministeredProduct')

const changesSomething = ({ reason: _reason, ...changes }: Record<string, unknown>) =>
  Object.values(changes).some(change => change !== undefined)

/** What administrators do with products. Everything leaves a row in the audit log, refused by the product or not. */
export function productAdministrationRoutes(dependencies: Dependencies): OpenAPIHono {
  const app = new OpenAPIHono()
  const { newId } = dependencies

  const commandTo = (
    productId: number,
    message: ProductCommand,
    caller: Caller,
    given: string | undefined,
  ) => ({
    to: addressOf('product', productId),
    message,
    correlationId: `http/${newId()}`,
    operator: { name: caller.name, reason: given ?? '' },
  })

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/products',
    access: 'administrator',
    summary: 'Put a product on sale; its options have 0 units until they are restocked',
    work: 'new',
    body: z
      .strictObject({
        name,
        basePrice: price,
        options: z
          .array(z.strictObject({ optionName, extraPrice: price.default(0) }))
          .max(productOptionsMax)
          .default([])
          .superRefine((options, context) => {
            const names = new Set<string>()
            for (const [at, { optionName }] of options.entries()) {
              if (names.has(optionName))
                context.addIssue({
                  code: 'custom',
                  path: [at, 'optionName'],
                  message: 'another option has this name',
                })
              names.add(optionName)
            }
          }),
        reason,
      })
      .refine(
        ({ basePrice, options }) => options.every(({ extraPrice }) => basePrice + extraPrice <= unitPriceMax),
        { path: ['options'], message: `the unit price is at most ${unitPriceMax}` },
      ),
    success: { 201: { description: 'The product', schema: product } },
    problems: [],
    command({ name, basePrice, options, reason }, caller) {
      const productId = newId()
      const numbered = options.map(given => ({ productOptionId: newId(), ...given }))
      return commandTo(
        productId,
        { type: 'CreateProduct', productId, name, basePrice, options: numbered, opensStock: true },
        caller,
        reason,
      )
    },
    present: (reply: ProductReply) =>
      reply.type === 'ProductCreated' ? answer(201, showProduct(reply)) : undefined,
  })

  commandRoute(app, dependencies, {
    method: 'patch',
    path: '/products/{id}',
    access: 'administrator',
    summary: 'Rename or reprice a product; orders that were placed keep their prices',
    params: { id: idText },
    body: z
      .strictObject({ name: name.optional(), basePrice: price.optional(), reason })
      .refine(changesSomething, 'name what is to be changed: name or basePrice'),
    success: { 200: { description: 'The product', schema: product } },
    problems: ['PRODUCT_NOT_FOUND'],
    command: ({ id, name, basePrice, reason }, caller) =>
      commandTo(id, { type: 'ChangeProduct', name, basePrice }, caller, reason),
    present: (reply: ProductReply) =>
      reply.type === 'ProductChanged' ? answer(200, showProduct(reply)) : undefined,
  })

  commandRoute(app, dependencies, {
    method: 'post',
    path: '/products/{id}/options',
    access: 'administrator',
    summary: 'Add an option to a product, with 0 units',
    params: { id: idText },
    body: z.strictObject({ optionName, extraPrice: price.default(0), reason }),
    success: { 201: { description: 'The option', schema: option } },
    problems: ['PRODUCT_NOT_FOUND', 'OPTION_NAME_TAKEN'],
    command: ({ id, optionName, extraPrice, reason }, caller) =>
      commandTo(id, { type: 'AddOption', productOptionId: newId(), optionName, extraPrice }, caller, reason),
    present: (reply: ProductReply) =>
      reply.type === 'OptionAdded' ? answer(201, showOption(reply)) : undefined,
  })

  commandRoute(app, dependencies, {
    method: 'patch',
    path: '/products/{id}/options/{optionId}',
    access: 'administrator',
    summary: 'Rename or reprice an option; orders that were placed keep their prices',
    params: { id: idText, optionId: idText },
    body: z
      .strictObject({ optionName: optionName.optional(), extraPrice: price.optional(), reason })
      .refine(changesSomething, 'name what is to be changed: optionName or extraPrice'),
    success: { 200: { description: 'The option', schema: option } },
    problems: ['PRODUCT_NOT_FOUND', 'PRODUCT_OPTION_NOT_FOUND', 'OPTION_NAME_TAKEN'],
    command: ({ id, optionId, optionName, extraPrice, reason }, caller) =>
      commandTo(
        id,
        { type: 'ChangeOption', productOptionId: optionId, optionName, extraPrice },
        caller,
        reason,
      ),
    present: (reply: ProductReply) =>
      reply.type === 'OptionChanged' ? answer(200, showOption(reply)) : undefined,
  })

  return app
}

function showProduct(shown: {
  productId: number
  name: string
  basePrice: number
  options: readonly ProductOption[]
}): z.infer<typeof product> {
  const { productId: id, name, basePrice, options } = shown
  return {
    id,
    name,
    basePrice,
    options: options.map(({ productOptionId, optionName, extraPrice }) => ({
      id: productOptionId,
      optionName,
      extraPrice,
    })),
  }
}

function showOption({
  productOptionId: id,
  productId,
  optionName,
  extraPrice,
}: ProductOption & { productId: number }): z.infer<typeof option> {
  return { id, productId, optionName, extraPrice }
}
