import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { storedNames } from '../golden/stored-names.ts'
import { fakeDependencies } from '../http/fake-dependencies.ts'
import {
  isOf,
  type Operation,
  operationsOf,
  type Place,
  placesIn,
  type Schema,
  sampleBodyOf,
  textWith,
} from '../support/api-document.ts'
import { contentOf } from '../support/content-of.ts'
import { openScenario } from '../support/open-scenario.ts'

/*
 * Every body of every route, as the API document has it: whoever adds a route or a field has these tests for it.
 */

const token = 'a-token-of-operators'

type Command = Operation & { readonly body: Schema; readonly name: string }

const commands: Command[] = (await operationsOf(createApp(fakeDependencies()))).flatMap(operation =>
  operation.body === undefined
    ? []
    : [{ ...operation, body: operation.body, name: `${operation.method} ${operation.path}` }],
)

/** JSON texts that are no number from 1 on which computers agree. */
const noNumbers = [
  ...['0', '-0', '-1', '1.5', '1e309', '-1e309', '9007199254740992', '1e16', '"1"', '""', 'null', 'true'],
  ...['[]', '[1]', '{}', '{"valueOf":1}'],
]

/** What the document allows of them after all: 0 where a field may be 0, null where it may be null. */
function isAllowed({ minimum, exclusiveMinimum, type }: Schema, text: string): boolean {
  if (text === 'null') return [type ?? []].flat().includes('null')
  const least = minimum ?? (exclusiveMinimum === undefined ? 1 : exclusiveMinimum + 1)
  return ['0', '-0', '-1'].includes(text) && Number(text) >= least
}

const isNumber = ({ schema }: Place) => isOf(schema, 'integer', 'number')

async function open({ method, path }: Command) {
  const shop = await openScenario({ environment: { RECOUP_OPERATOR_TOKEN: token } })
  const before = contentOf(shop)
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
  return {
    async send(body: string) {
      const answer = await shop.app.request(path.replace(/\{\w+\}/g, '1'), { method, headers, body })
      return { status: answer.status, body: (await answer.json()) as { code?: string; path?: string } }
    },
    expectUnchanged: () => expect(contentOf(shop)).toBe(before),
  }
}

describe('a number in a body', () => {
  const withNumbers = commands.filter(({ body }) => placesIn(body).some(isNumber))

  test.each(withNumbers)('of $name is refused unless it is a whole one within its bounds', async command => {
    const { send, expectUnchanged } = await open(command)
    const sample = sampleBodyOf(command)
    for (const { path, schema } of placesIn(command.body).filter(isNumber)) {
      const most = schema.maximum === undefined ? [] : [String(schema.maximum + 1)]
      for (const text of [...noNumbers, ...most].filter(text => !isAllowed(schema, text))) {
        const answer = await send(textWith(sample, path, text))
        expect(answer, `${path.join('.')} ${text}`).toMatchObject({ status: 400 })
      }
    }
    expectUnchanged()
  })

  test('has bounds in the document', () => {
    for (const { name, body } of withNumbers) {
      for (const { path, schema } of placesIn(body).filter(isNumber)) {
        expect(schema.minimum ?? schema.exclusiveMinimum, `${name} ${path.join('.')}`).toBeGreaterThanOrEqual(
          0,
        )
      }
    }
    expect(withNumbers.length).toBeGreaterThan(3)
  })
})

/** Parts of bodies that may hold anything, with the reason. */
const openParts: Readonly<Record<string, string>> = {
  'POST /operator/dead-letters/{id}/edit message': 'an operator puts any message in the place of another',
  'POST /operator/dead-letters/{id}/preview message': 'and sees beforehand what it would do',
}

describe('an internal field', () => {
  const names = storedNames()

  test('is one of many', () => {
    expect(names.length).toBeGreaterThan(80)
    expect(names).toEqual(
      expect.arrayContaining([
        'amount',
        'state',
        'checksum',

        'discountAmount',
        'attempt',
        'total_after',
      ]),
    )
  })

  test.each(commands)('is refused in $name, at every depth', async command => {
    const { send, expectUnchanged } = await open(command)
    const sample = sampleBodyOf(command)
    const objects = placesIn(command.body).filter(
      ({ path, schema }) =>
        isOf(schema, 'object') && openParts[`${command.name} ${path.join('.')}`] === undefined,
    )
    for (const { path, schema } of objects) {
      const known = Object.keys(schema.properties ?? {})
      const fields = textAt(sample, path).slice(1, -1)
      for (const name of [...names, 'role', 'roles', 'balance', 'price'].filter(
        name => !known.includes(name),
      )) {
        const object = `{${fields}${fields === '' ? '' : ','}"${name}":1}`
        const answer = await send(textWith(sample, path, object))
        expect(answer, `${path.join('.')} ${name}`).toMatchObject({
          status: 400,
          body: { code: 'INVALID_ARGUMENT', path: [...path, name].join('.') },
        })
      }
    }
    expectUnchanged()
  })

  test.each(commands)('is what $name was refused for: without it the body is read', async command => {
    const { send } = await open(command)
    expect((await send(JSON.stringify(sampleBodyOf(command)))).body.code).not.toBe('INVALID_ARGUMENT')
  })
})

describe('a text with half a character', () => {
  test.each(commands)('is refused in $name', async command => {
    const { send, expectUnchanged } = await open(command)
    const sample = sampleBodyOf(command)
    for (const { path, schema } of placesIn(command.body)) {
      const texts = isOf(schema, 'string') ? ['"\\ud800"', '"a\\uDBFFb"', '"\\udc00\\ud800"'] : ['"\\ud800"']
      for (const text of texts) {
        const answer = await send(textWith(sample, path, text))
        expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_ARGUMENT' } })
      }
    }
    expectUnchanged()
  })

  test('is another matter than a whole character, however it is written', async () => {
    const [command] = commands.filter(({ path }) => path === '/operator/payments/{id}/retry')
    if (command === undefined) throw new Error('There is no such route')
    const { send } = await open(command)
    for (const reason of ['"\\ud83d\\ude00"', '"😀"', '"\\\\ud800"', '"\\u0041"']) {
      expect(await send(`{"reason":${reason}}`)).toMatchObject({ status: 404 })
    }
  })
})

function textAt(sample: unknown, path: Place['path']): string {
  const value = path.reduce<unknown>(
    (holder, step) => (holder as Record<string | number, unknown>)[step],
    sample,
  )
  return JSON.stringify(value)
}
