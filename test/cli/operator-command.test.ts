import { describe, expect, it } from 'vitest'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const environment = { RECOUP_OPERATOR_TOKEN: 'a-token-of-operators' }

async function servedShop(directory: string, given: Record<string, string> = environment) {
  await recoup(['seed', '--data', directory])
  const server = new RecoupProcess(['serve', '--port', '0', '--data', directory], { environment: given })
  return { server, url: await server.listening }
}

async function paidOrder(url: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json' }
  const items = [{ productId: 101, productOptionId: 1012, quantity: 1 }]
  const order = await fetch(`${url}/orders`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ customerId: 1, items }),
  })
  const { orderId } = (await order.json()) as { orderId: number }
  await fetch(`${url}/payments`, { method: 'POST', headers, body: JSON.stringify({ orderId }) })
  return orderId
}

describe.concurrent('recoup operator', () => {
  it('shows and acts through the running server, and says what cannot be done', async () => {
    using directory = temporaryDirectory()
    const { server, url } = await servedShop(directory.path)
    await using _ = server
    const operator = (...words: string[]) => recoup(['operator', ...words, '--url', url], { environment })
    const orderId = await paidOrder(url)

    expect(await operator('payments')).toMatchObject({ status: 0, output: 'none\n' })
    expect(await operator('dead-letters')).toMatchObject({ status: 0, output: 'none\n' })
    expect((await operator('payment', String(orderId))).output).toMatch(
      new RegExp(`^${orderId}  COMPLETED  completed  attempt 1, 0 resends\n$`),
    )
    expect(await operator('retry', 'payment', String(orderId), '--reason', 'To see.')).toEqual({
      status: 1,
      output: '',
      errors: `There is nothing to retry about payment ${orderId} in the state it is in; look at its step.\n`,
    })
    expect((await operator('audit')).output).toMatch(
      new RegExp(`  operator  RetryStep payment/${orderId}: OPERATION_NOT_APPLICABLE  \\(To see\\.\\)\n$`),
    )
    expect(JSON.parse((await operator('audit', '--json')).output)).toMatchObject([{ reason: 'To see.' }])
    expect(await operator('payment', '999')).toMatchObject({
      status: 1,
      errors: 'There is no payment 999.\n',
    })
  })

  it('says in one sentence when it has no token, the server none, or there is no server', async () => {
    using directory = temporaryDirectory()
    const { server, url } = await servedShop(directory.path, {})
    const words = ['operator', 'payments', '--url', url]
    expect(await recoup(words)).toMatchObject({
      status: 1,
      errors: expect.stringMatching(/^Set RECOUP_OPERATOR_TOKEN/),
    })
    expect(await recoup(words, { environment })).toMatchObject({
      status: 1,
      errors: 'The server has no operator routes; start it with RECOUP_OPERATOR_TOKEN set.\n',
    })
    await server.end('SIGTERM')
    expect(await recoup(words, { environment })).toMatchObject({
      status: 1,
      errors: `No server answers at ${url}; start it or name its address with --url.\n`,
    })
  })

  it('works the same where everybody logs in, and says so when the server has another token', async () => {
    using directory = temporaryDirectory()
    const { server, url } = await servedShop(directory.path, { ...environment, RECOUP_AUTH: 'session' })
    const words = ['operator', 'audit', '--url', url]
    expect(await recoup(words, { environment })).toMatchObject({ status: 0, output: 'none\n' })
    expect(
      await recoup(words, { environment: { RECOUP_OPERATOR_TOKEN: 'another-token-of-operators' } }),
    ).toMatchObject({
      status: 1,
      errors: 'The server does not know this RECOUP_OPERATOR_TOKEN; start it with the same one.\n',
    })
    await server.end('SIGTERM')
  })
})
