import { describe, expect, it } from 'vitest'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const environment = {
  RECOUP_DATA_PLATFORM_SECRET: 'a-secret-of-the-platform',
  RECOUP_OPERATOR_TOKEN: 'a-token-of-operators',
}

async function paidOrder(url: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json' }
  const items = [{ productId: 101, productOptionId: 1012, quantity: 1 }]
  const post = (path: string, body: object) =>
    fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const { orderId } = (await (await post('/orders', { customerId: 1, items })).json()) as { orderId: number }
  expect((await post('/payments', { orderId })).status).toBe(201)
  return orderId
}

describe.concurrent('recoup data-platform-demo', () => {
  it('shows what a shop sends it, and what comes again', async () => {
    using directory = temporaryDirectory()
    await recoup(['seed', '--data', directory.path])
    await using platform = new RecoupProcess(['data-platform-demo', '--port', '0'], { environment })
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path], {
      environment: { ...environment, RECOUP_DATA_PLATFORM_URL: await platform.listening },
    })
    const url = await server.listening
    const operator = (...words: string[]) => recoup([...words, '--url', url], { environment })
    const orderId = await paidOrder(url)
    const delivered = async () => {
      const { output } = await operator('data-platform', 'status')
      return output.startsWith('payments  breaker closed, 0 owed, 0 parked\n')
    }
    while (!(await delivered()));

    const since = ['data-platform', 'replay', '--since', '2026-01-01T00:00:00Z', '--reason', 'To see.']
    expect(await operator(...since)).toMatchObject({
      status: 0,
      output: '1 event will be delivered again.\n',
    })
    const parked = await operator('data-platform', 'replay', '--parked', '--reason', 'To see.')
    expect(parked.output).toBe('There was nothing to deliver again.\n')
    while (!(await delivered()));

    expect(await server.end('SIGTERM')).toMatchObject({ status: 0, errors: '' })
    const { status, output } = await platform.end('SIGTERM')
    const [, first, second, ...rest] = output.trimEnd().split('\n')
    expect(status).toBe(0)
    expect(first).toMatch(
      new RegExp(`^\\S+Z  PaymentCompleted  order ${orderId}  40000  payment/${orderId}#\\d+#\\d+$`),
    )
    expect(second).toBe(`${first}  DUPLICATE`)
    expect(rest).toEqual([])
  })

  it('says in one sentence when it has no secret, or the platform is not there', async () => {
    expect(await recoup(['data-platform-demo'])).toMatchObject({
      status: 2,
      errors: 'Set RECOUP_DATA_PLATFORM_SECRET to the secret that the shop signs its events with.\n',
    })
    expect(await recoup(['data-platform', 'replay', '--parked'], { environment })).toMatchObject({
      status: 2,
      errors: 'Say why with --reason TEXT.\n',
    })
    expect(await recoup(['data-platform', 'replay', '--reason', 'No.'], { environment })).toMatchObject({
      status: 2,
      errors: 'Say what to deliver again: one of --event ID, --parked and --since ISO-TIME.\n',
    })
  })
})

describe.concurrent('recoup serve with a data platform', () => {
  it('that cannot be reached starts with one warning, and takes payments', async () => {
    using directory = temporaryDirectory()
    await recoup(['seed', '--data', directory.path])
    await using gone = new RecoupProcess(['data-platform-demo', '--port', '0'], { environment })
    const platform = await gone.listening
    await gone.end('SIGTERM')
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory.path], {
      environment: { ...environment, RECOUP_DATA_PLATFORM_URL: `${platform}/hook/T0KEN` },
    })
    await paidOrder(await server.listening)
    const { status, errors } = await server.end('SIGTERM')
    expect(status).toBe(0)
    expect(errors.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /The data platform 127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED.*\); payments go on/,
      ),
    ])
    expect(errors).not.toContain('T0KEN')
  })
})
