import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../src/config.ts'
import { openShop } from '../src/main.ts'

/*
 * Writes what the API document says as types, in the form that openapi-fetch reads. The libraries that do this need a
 * TypeScript of the generation before ours; the document is made by one library, in a small part of JSON Schema.
 */

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

interface Operation {
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** The path of the types, from the root of the checkout. */
export const apiTypesPath = 'web/src/api/schema.d.ts'

/** The types of everything the server can be asked, as text. */
export async function apiTypes(): Promise<string> {
  const shop = openShop({ config: readConfig({ RECOUP_DATA: ':memory:', RECOUP_DEMO: '1' }) })
  try {
    const document = (await (await shop.app.request('/openapi.json')).json()) as Document
    return fileOf(document)
  } finally {
    await shop.close()
  }
}

function fileOf({ paths, components }: Document): string {
  const path = ([name, methods]: [string, Readonly<Record<string, Operation>>]) => {
    const operations = Object.entries(methods).map(
      ([method, operation]) => `    ${method}: ${operationType(operation)}\n`,
    )
    return `  ${JSON.stringify(name)}: {\n${operations.join('')}  }\n`
  }
  const schema = ([name, shape]: [string, Schema]) => `    ${JSON.stringify(name)}: ${typeOf(shape)}\n`
  return [
    '// Made by `npm run api-types` from the API document; not written by hand.\n\n',
    'type Headers = { [name: string]: unknown }\n',
    "type Refused = { headers: Headers; content: { 'application/problem+json': components['schemas']['Problem'] } }\n\n",
    `export interface paths {\n${Object.entries(paths).map(path).join('')}}\n\n`,
    `export interface components {\n  schemas: {\n${Object.entries(components.schemas).map(schema).join('')}  }\n}\n`,
  ].join('')
}

function operationType({ parameters = [], requestBody, responses }: Operation): string {
  const places = ['query', 'header', 'path'].flatMap(place => {
    const there = parameters.filter(parameter => parameter.in === place)
    if (there.length === 0) return [`${place}?: never`]
    const needed = there.some(({ required }) => required)
    const fields = there.map(({ name, required, schema }) => field(name, schema, required ?? false))
    return [`${place}${needed ? '' : '?'}: { ${fields.join('; ')} }`]
  })
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  const answers = good.map(([status, answer]) => `${status}: { headers: Headers; ${contentOf(answer)} }`)
  const body =
    requestBody === undefined ? 'requestBody?: never' : `requestBody: { ${contentOf(requestBody)} }`
  return `{ parameters: { ${places.join('; ')} }; ${body}; responses: { ${[...answers, 'default: Refused'].join('; ')} } }`
}

function contentOf({ content }: Content): string {
  if (content === undefined) return 'content?: never'
  const types = Object.entries(content).map(
    ([media, { schema }]) => `${JSON.stringify(media)}: ${typeOf(schema)}`,
  )
  return `content: { ${types.join('; ')} }`
}

function field(name: string, schema: Schema, required: boolean): string {
  return `${JSON.stringify(name)}${required ? '' : '?'}: ${typeOf(schema)}`
}

function typeOf(schema: Schema): string {
  const { $ref, enum: values, anyOf, oneOf, allOf } = schema
  if ($ref !== undefined) return `components['schemas'][${JSON.stringify($ref.split('/').at(-1))}]`
  if ('const' in schema) return JSON.stringify(schema.const)
  if (values !== undefined) return values.map(value => JSON.stringify(value)).join(' | ')
  const alternatives = anyOf ?? oneOf
  if (alternatives !== undefined) return alternatives.map(typeOf).join(' | ')
  if (allOf !== undefined) return allOf.map(one => `(${typeOf(one)})`).join(' & ')
  return [schema.type ?? 'unknown']
    .flat()
    .map(type => ofType(type, schema))
    .join(' | ')
}

function ofType(type: string, { properties, required = [], additionalProperties, items }: Schema): string {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return `(${items === undefined ? 'unknown' : typeOf(items)})[]`
    case 'object': {
      const fields = Object.entries(properties ?? {}).map(([name, schema]) =>
        field(name, schema, required.includes(name)),
      )
      const rest = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'
      if (fields.length === 0) return `{ [name: string]: ${rest} }`
      const open =
        additionalProperties === undefined || additionalProperties === false
          ? ''
          : '; [name: string]: unknown'
      return `{ ${fields.join('; ')}${open} }`
    }
    case 'string':
    case 'boolean':
    case 'null':
      return type
    default:
      return 'unknown'
  }
}

if (import.meta.main) {
  writeFileSync(fileURLToPath(new URL(`../${apiTypesPath}`, import.meta.url)), await apiTypes())
  process.stdout.write(`${apiTypesPath} is up to date.\n`)
}
