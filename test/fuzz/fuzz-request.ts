import type { Random } from '../crash/random.ts'
import {
  isOf,
  type Operation,
  type Place,
  placesIn,
  type Schema,
  sampleBodyOf,
  sampleOf,
  textWith,
} from '../support/api-document.ts'

/** One request, as it is to be sent. */
export interface FuzzRequest {
  /** `POST /orders`, as the document has it, or what kind of stray it is. */
  readonly route: string
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  /** One character is one byte. */
  readonly body: string | undefined
}

/** JSON texts that have gone wrong in a parser, a database or an adding machine somewhere. */
const oddValues = [
  ...[
    '0',
    '-0',
    '-1',
    '1.5',
    '1e309',
    '-1e309',
    '1e16',
    '9007199254740992',
    '9007199254740993',
    '1E2',
    '2147483648',
  ],
  ...[
    '1000000001',
    '99999999999999999999999999',
    '"1"',
    '""',
    '" "',
    'null',
    'true',
    'false',
    '[]',
    '{}',
    '[[]]',
    '[1,2]',
  ],
  ...[
    '{"__proto__":{"isAdmin":true}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"toString":1,"valueOf":1}',
    '{"$gt":0}',
  ],
  ...[
    '"\\ud800"',
    '"\\u0000"',
    '"\\ufeff"',
    '"\\u202e"',
    '"\' OR 1=1 --"',
    '"{{7*7}}"',
    '"../../etc/passwd"',
    '"\\r\\nX: 1"',
  ],
  ...[
    'NaN',
    'Infinity',
    'undefined',
    '01',
    '+1',
    '.5',
    '0x10',
    "'x'",
    '{"a":1,}',
    '[1',
    '"x',
    '\\',
    '/**/1',
    '1 2',
  ],
]

/** Names that are decided here, or that mean something to the language. */
const oddNames = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'length', ''],
  ...[
    'role',
    'balance',
    'price',
    'totalPrice',
    'status',
    'discountAmount',
    'paidAt',
    'state',
    'key',
    'meta',
    'type',
  ],
]

const oddSegments = [
  ...[
    '0',
    '-1',
    '01',
    '1e3',
    'x',
    '%00',
    '%',
    '%2e%2e',
    '%2F',
    '%E0%A4%A',
    '9007199254740993',
    '__proto__',
    'constructor',
  ],
  ...[
    "1'--",
    '1;2',
    '*',
    ':id',
    '{id}',
    '%F0%9F%98%80',
    '1%0d%0aX',
    'null',
    '1.0',
    '٣',
    '0x1',
    ' 1',
    '1/',
    '..',
  ],
]

const oddHeaders: readonly (readonly [string, readonly string[]])[] = [
  [
    'Content-Type',
    ['text/plain', 'application/jsonp', 'application/json; charset=utf-7', '', 'x', 'multipart/form-data'],
  ],
  ['Content-Length', ['0', '1', '70000', '-1', 'x', '1e3', '99999999999999999999']],
  ['Idempotency-Key', ['short', 'a-key-of-16-chars', 'x'.repeat(256), 'with blanks in the middle', '']],
  ['X-Customer-Id', ['0', '1', '2', '-1', 'x', '1,1', '9007199254740993', '']],
  ['Authorization', ['Bearer x', 'Basic x', 'Bearer', 'Bearer  a-token-of-operators', '']],
  ['Origin', ['null', 'https://evil.example', 'x', '']],
  ['Sec-Fetch-Site', ['cross-site', 'same-site', 'same-origin', 'x']],
  ['X-Forwarded-For', ['1.2.3.4', '::1, x', ',,,']],
  ['Prefer', ['respond-async', 'x'.repeat(2_000)]],
  ['Accept-Encoding', ['gzip, br', '*']],
  ['If-None-Match', ['*']],
  ['Range', ['bytes=0-1']],
  ['X-HTTP-Method-Override', ['DELETE']],
  ['Cookie', ['session=x; session=y', '__proto__=1']],
]

const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'QUERY', 'PROPFIND']

/** Things that exist, by the name of the field that names them. */
export interface Known {
  readonly customerId: readonly number[]
  readonly couponId: readonly number[]
  readonly lines: readonly { productId: number; productOptionId: number }[]
  /** Grows while orders are placed. */
  readonly orderId: number[]
  readonly operatorToken: string
}

/** Draws requests around the API document: right ones, nearly right ones, and rubbish. The same ones for the same seed. */
export class RequestMaker {
  readonly #random: Random
  readonly #known: Known
  readonly #operations: readonly Operation[]
  readonly #commands: readonly Operation[]
  readonly #places = new Map<Operation, Place[]>()

  constructor(operations: readonly Operation[], known: Known, random: Random) {
    this.#operations = operations
    this.#commands = operations.filter(({ body }) => body !== undefined)
    this.#known = known
    this.#random = random
    for (const operation of operations) {
      this.#places.set(operation, operation.body === undefined ? [] : placesIn(operation.body))
    }
  }

  next(): FuzzRequest {
    if (this.#random.chance(3)) return this.#stray()
    // Commands have more that can be wrong with them.
    const operation = this.#one(this.#random.chance(70) ? this.#commands : this.#operations)
    const name = `${operation.method} ${operation.path}`
    const spoils = this.#random.below(100)
    const headers = this.#headers(operation, spoils >= 85)
    const body = operation.body && this.#body(operation, operation.body, spoils)
    return { route: name, method: operation.method, target: this.#target(operation, spoils), headers, body }
  }

  #one<T>(of: readonly T[]): T {
    const drawn = of[this.#random.below(of.length)]
    if (drawn === undefined) throw new Error('There is nothing to draw from')
    return drawn
  }

  /** A path that leads nowhere, or a method that a path does not have. */
  #stray(): FuzzRequest {
    const { path } = this.#one(this.#operations)
    const target = this.#random.chance(50)
      ? `/${this.#one(oddSegments)}/${this.#one(oddSegments)}`
      : path.replace(/\{\w+\}/g, () => this.#one(oddSegments))
    const method = this.#one(methods)
    const body = ['GET', 'HEAD', 'OPTIONS'].includes(method) ? undefined : this.#one(oddValues)
    return { route: 'stray', method, target, headers: this.#random.chance(50) ? this.#oddHeader() : {}, body }
  }

  #headers({ body }: Operation, odd: boolean): Record<string, string> {
    return {
      ...(body && { 'Content-Type': 'application/json' }),
      ...(this.#random.chance(90) && { Authorization: `Bearer ${this.#known.operatorToken}` }),
      ...(odd && this.#oddHeader()),
    }
  }

  #oddHeader(): Record<string, string> {
    const [name, values] = this.#one(oddHeaders)
    return { [name]: this.#one(values) }
  }

  #target({ path, parameters, body }: Operation, spoils: number): string {
    const odd = body === undefined ? spoils < 70 : spoils >= 60 && spoils < 70
    const text = (name: string, schema: Schema) =>
      odd && this.#random.chance(60) ? this.#one(oddSegments) : String(this.#good(name, schema))
    const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => text(name, {}))
    const query = parameters
      .filter(parameter => parameter.in === 'query' && (parameter.required || this.#random.chance(40)))
      .map(({ name, schema }) => `${name}=${name === 'cursor' ? this.#one(oddSegments) : text(name, schema)}`)
    if (odd && this.#random.chance(10))
      query.push(`${this.#one(oddNames)}=${'x'.repeat(this.#random.below(5_000))}`)
    return query.length === 0 ? filled : `${filled}?${query.join('&')}`
  }

  #body(operation: Operation, schema: Schema, spoils: number): string {
    // Now and then the fields fit together that have to.
    const good = this.#random.chance(50) ? this.#goodBody(schema) : sampleBodyOf(operation)
    const places = this.#places.get(operation) ?? []
    if (spoils < 8 || spoils >= 60) return JSON.stringify(good)
    if (spoils < 40) return textWith(good, this.#one(places).path, this.#oddValue())
    if (spoils < 46) return this.#withName(good)
    if (spoils < 52) return this.#without(good)
    return this.#rubbish(JSON.stringify(good))
  }

  #oddValue(): string {
    if (this.#random.chance(85)) return this.#one(oddValues)
    if (this.#random.chance(30)) return `"${'x'.repeat(this.#random.below(2_000))}"`
    const depth = this.#random.below(60)
    return this.#random.chance(50)
      ? `${'['.repeat(depth)}${']'.repeat(depth)}`
      : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  }

  /** The same with one more field, or with one field twice. */
  #withName(good: unknown): string {
    const text = JSON.stringify(good)
    if (!text.startsWith('{')) return text
    const field = `"${this.#one(oddNames)}":${this.#oddValue()}`
    const rest = text.slice(1)
    if (rest === '}') return `{${field}}`
    return this.#random.chance(50) ? `{${field},${rest}` : `${text.slice(0, -1)},${field}}`
  }

  /** The same with one field less. */
  #without(good: unknown): string {
    if (typeof good !== 'object' || good === null) return 'null'
    const fields = Object.entries(good)
    const left = this.#random.below(fields.length + 1)
    return JSON.stringify(Object.fromEntries(fields.filter((_field, at) => at !== left)))
  }

  /** Bytes that were a body once. */
  #rubbish(text: string): string {
    const kind = this.#random.below(7)
    if (kind === 0) return text.slice(0, this.#random.below(text.length + 1))
    if (kind === 1) return `${text}${text}`
    if (kind === 2) return `\u00ef\u00bb\u00bf${text}`
    if (kind === 3)
      return this.#random.chance(10) ? text + ' '.repeat(this.#random.below(300_000)) : `${text}\u0000`
    if (kind === 4) return this.#oddValue()
    if (kind === 5) return Array.from({ length: this.#random.below(60) }, () => this.#byte()).join('')
    const at = this.#random.below(text.length)
    return `${text.slice(0, at)}${this.#byte()}${text.slice(at + 1)}`
  }

  #byte(): string {
    return String.fromCharCode(this.#random.below(256))
  }

  #goodBody(schema: Schema): unknown {
    if (isOf(schema, 'object')) {
      const fields = Object.entries(schema.properties ?? {})
      const whole = Object.fromEntries(fields.map(([name, inner]) => [name, this.#goodField(name, inner)]))
      // What is named by a line has to fit together.
      return 'productOptionId' in whole && 'productId' in whole
        ? { ...whole, ...this.#one(this.#known.lines) }
        : whole
    }
    return sampleOf(schema)
  }

  #goodField(name: string, schema: Schema): unknown {
    if (isOf(schema, 'array')) {
      const { items } = schema
      return items === undefined
        ? []
        : Array.from({ length: 1 + this.#random.below(3) }, () => this.#goodBody(items))
    }
    return isOf(schema, 'object') ? this.#goodBody(schema) : this.#good(name, schema)
  }

  #good(name: string, schema: Schema): unknown {
    const { customerId, couponId, orderId, lines } = this.#known
    if (name === 'customerId') return this.#one(customerId)
    if (name === 'couponId') return this.#one(couponId)
    if (name === 'orderId' || name === 'id' || name === 'paymentId') {
      return orderId.length === 0 || this.#random.chance(5) ? 1 : this.#one(orderId.slice(-50))
    }
    if (name === 'productId') return this.#one(lines).productId
    if (name === 'productOptionId') return this.#one(lines).productOptionId
    if (isOf(schema, 'integer', 'number') && schema.enum === undefined) {
      return (schema.minimum ?? 1) + this.#random.below(5)
    }
    return sampleOf(schema)
  }
}
