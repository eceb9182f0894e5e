import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const facts = /: 1 order, 1 payment, \d+\.\d MB, as of \d{4}-\d\d-\d\dT[\d:.]+Z, all \d+ invariants hold\n$/

async function send(url: string, path: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as { orderId: number } }
}

describe.concurrent('recoup backup and restore', () => {
  it('carry what was acknowledged, with its keys, from a running server to one in another directory', async () => {
    using directory = temporaryDirectory()
    const [data, file, restored] = ['data', 'shop.backup', 'restored'].map(name =>
      join(directory.path, name),
    ) as [string, string, string]
    await recoup(['seed', '--data', data])
    const key = { 'Idempotency-Key': 'payment-of-the-only-order' }
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', data])
    const url = await server.listening
    const items = [{ productId: 101, productOptionId: 1012, quantity: 1 }]
    const { orderId } = (await send(url, '/orders', { customerId: 1, items })).body
    const paid = await send(url, '/payments', { orderId }, key)
    expect(paid.status).toBe(201)

    const backup = await recoup(['backup', file, '--data', data])
    expect(backup).toEqual({ status: 0, output: expect.stringMatching(facts), errors: '' })
    expect(backup.output.startsWith(`backed up ${data} to ${file}: `)).toBe(true)
    const again = await recoup(['backup', file, '--data', data])
    expect(again).toEqual({ status: 1, output: '', errors: `${file} is there already; give another name.\n` })
    // Came after it, and is gone.
    const later = (await send(url, '/orders', { customerId: 1, items })).body.orderId

    const restore = await recoup(['restore', file, '--data', restored, '--json'])
    expect({ status: restore.status, errors: restore.errors }).toEqual({ status: 0, errors: '' })
    expect(JSON.parse(restore.output)).toMatchObject({
      file,
      dataDirectory: restored,
      orders: 1,
      payments: 1,
      bytes: statSync(file).size,
      lastCommitAt: expect.stringMatching(/Z$/),
    })
    expect((await recoup(['check', '--data', restored])).status).toBe(0)

    await using successor = new RecoupProcess(['serve', '--port', '0', '--data', restored])
    const next = await successor.listening
    expect(await send(next, '/payments', { orderId }, key)).toEqual(paid)
    expect((await fetch(new URL(`/orders/${later}`, next))).status).toBe(404)
    expect((await send(next, '/orders', { customerId: 1, items })).body.orderId).toBeGreaterThan(later)
  }, 120_000)
})
