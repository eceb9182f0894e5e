import type { Access } from '../../src/http/access.ts'

/** What the API document says of a value in a body, as far as tests go by it. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxItems?: number
  readonly example?: unknown
  readonly default?: unknown
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Schema
}

/** One method of one path. */
export interface Operation {
  /** In capitals. */
  readonly method: string
  /** `/orders/{id}` */
  readonly path: string
  readonly access: Access
  readonly parameters: readonly Parameter[]
  readonly body: Schema | undefined
}

interface Document {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        'x-access': Access
        parameters?: Parameter[]
        requestBody?: { content: Record<string, { schema: Schema }> }
      }
    >
  >
  readonly components?: { readonly schemas?: Record<string, Schema> }
}

/** Everything that the server says it can be asked. */
export async function operationsOf(app: {
  request(path: string): Response | Promise<Response>
}): Promise<Operation[]> {
  const document = (await (await app.request('/openapi.json')).json()) as Document
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { 'x-access': access, parameters = [], requestBody }]) => {
      const body = requestBody?.content['application/json']?.schema
      return {
        method: method.toUpperCase(),
        path,
        access,
        parameters,
        body: body && resolved(body, document.components?.schemas ?? {}),
      }
    }),
  )
}

function resolved(schema: Schema, named: Record<string, Schema>): Schema {
  const target = schema.$ref === undefined ? schema : named[schema.$ref.split('/').at(-1) ?? '']
  if (target === undefined) throw new Error(`The document does not hold ${schema.$ref}`)
  const { properties, items, anyOf, oneOf, ...rest } = target
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, resolved(inner, named)]),
      ),
    }),
    ...(items && { items: resolved(items, named) }),
    ...(anyOf && { anyOf: anyOf.map(inner => resolved(inner, named)) }),
    ...(oneOf && { oneOf: oneOf.map(inner => resolved(inner, named)) }),
  }
}

/** Whether values of the schema may be of a type. */
export function isOf(schema: Schema, ...types: readonly string[]): boolean {
  return [schema.type ?? []].flat().some(type => types.includes(type))
}

/** A value that the schema allows, with every field it knows. */
export function sampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.example !== undefined) return schema.example
  if (schema.enum !== undefined) return schema.enum[0]
  const alternative = schema.anyOf?.[0] ?? schema.oneOf?.[0]
  if (alternative !== undefined) return sampleOf(alternative)
  if (isOf(schema, 'object')) {
    const fields = Object.entries(schema.properties ?? {})
    return Object.fromEntries(fields.map(([name, inner]) => [name, sampleOf(inner)]))
  }
  if (isOf(schema, 'array')) return schema.items === undefined ? [] : [sampleOf(schema.items)]
  if (schema.default !== undefined) return schema.default
  if (isOf(schema, 'integer', 'number')) return schema.minimum ?? 1
  if (isOf(schema, 'boolean')) return true
  return 'x'.repeat(Math.max(schema.minLength ?? 0, 1))
}

/** What fits together in a body, where neither schema nor example says so. */
const fitting: Readonly<Record<string, object>> = {
  'POST /coupons': { maxDiscount: null, expiredAt: '2036-03-01T09:30:00.000Z' },
}

/** A body that the operation takes as it stands, were what it names there. */
export function sampleBodyOf({ method, path, body }: Operation): unknown {
  if (body === undefined) return undefined
  const sample = { ...(sampleOf(body) as object), ...fitting[`${method} ${path}`] }
  return JSON.parse(JSON.stringify(sample))
}

export interface Place {
  /** `items.0.quantity`; empty for the body as a whole. */
  readonly path: readonly (string | number)[]
  readonly schema: Schema
}

/** Every value in a body, the body itself first. */
export function placesIn(schema: Schema, path: Place['path'] = []): Place[] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    placesIn(field, [...path, name]),
  )
  const members = schema.items === undefined ? [] : placesIn(schema.items, [...path, 0])
  return [{ path, schema }, ...inner, ...members]
}

/** The JSON text of `sample` with `text` at `path`, where it need not be JSON. */
export function textWith(sample: unknown, path: Place['path'], text: string): string {
  const hole = '\u0001'
  const whole = structuredClone({ sample }) as Record<string | number, unknown>
  let holder = whole
  let name: string | number = 'sample'
  for (const step of path) {
    holder = holder[name] as Record<string | number, unknown>
    name = step
  }
  holder[name] = hole
  return JSON.stringify(whole['sample']).replace(JSON.stringify(hole), () => text)
}
