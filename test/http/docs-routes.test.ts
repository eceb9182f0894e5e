import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { windowPaths } from '../support/window-paths.ts'
import { client } from './fake-client.ts'
import { fakeDependencies } from './fake-dependencies.ts'

describe('/openapi.json', () => {
  test('lists every route but those of its own page', async () => {
    const { body } = await client().get('/openapi.json')
    const documented = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method} ${path}`),
    )
    const routes = createApp(fakeDependencies()).routes.map(
      ({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    )
    const pages = ['/docs', '/docs/standalone.js', ...windowPaths].map(path => `get ${path}`)
    expect(documented.toSorted()).toEqual(routes.filter(route => !pages.includes(route)).toSorted())
    expect(body.info).toEqual({ title: 'Recoup', version: '1.2.3' })
  })

  test('says of every route what it answers, refusals included', async () => {
    const { body } = await client().get('/openapi.json')
    const { responses, requestBody, parameters } = body.paths['/payments'].post
    expect(Object.keys(responses)).toEqual([
      '201',
      '202',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ])
    expect(responses[409].description).toContain('BALANCE_INSUFFICIENT')
    expect(responses[409].content['application/problem+json'].schema).toEqual({
      $ref: '#/components/schemas/Problem',
    })
    expect(requestBody.content['application/json'].schema).toMatchObject({
      required: ['orderId'],
      additionalProperties: false,
    })
    expect(parameters.map((parameter: { name: string }) => parameter.name)).toEqual([
      'X-Customer-Id',
      'Idempotency-Key',
      'Prefer',
    ])
    expect(body.paths['/products'].get.parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        in: 'query',
        schema: { type: 'integer', minimum: 1, maximum: 200, default: 200 },
      }),
    )
  })
})

describe('/docs', () => {
  test('loads nothing foreign and nothing inline', async () => {
    const { body, headers } = await client().get('/docs')
    expect(body).not.toMatch(/https?:|\/\//)
    expect(
      [...body.matchAll(/<script(?<attributes>[^>]*)>(?<content>[^<]*)/g)].map(match => match.groups),
    ).toMatchObject([{ content: '' }, { attributes: ' src="/docs/standalone.js"', content: '' }])
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('http')
  })

  test('brings its own script', async () => {
    const { status, body, headers } = await client().get('/docs/standalone.js')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/javascript')
    expect(body).toContain('#api-reference[data-configuration]')
  })
})
