import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { RecoupProcess } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const shell = promisify(execFile)

/** Pastes a line into a shell. */
async function paste(line: string) {
  const { stdout } = await shell('sh', ['-c', line.replace('curl ', 'curl --silent --show-error ')])
  return JSON.parse(stdout)
}

describe('recoup demo', () => {
  it('fills an empty directory once, and invites to five lines that work', async () => {
    using directory = temporaryDirectory()
    const words = ['demo', '--port', '0', '--data', directory.path]
    await using first = new RecoupProcess(words)
    const url = await first.listening
    const products = await paste(`curl ${url}/products`)
    expect(products.length).toBeGreaterThan(100)
    const { status, output } = await first.end('SIGTERM')
    expect(status).toBe(0)
    expect(output).toMatch(/^paid +\d+ orders/m)

    await using second = new RecoupProcess(words)
    const secondUrl = await second.listening
    const lines = [...output.replaceAll(url, secondUrl).matchAll(/^curl .*$/gm)].map(([line]) => line)
    expect(lines).toHaveLength(5)
    const [charge = '', order = '', coupon = '', pay = '', timeline = ''] = lines
    expect(await paste(charge)).toEqual({ customerId: 1, amount: 250_000 })
    const { orderId, totalPrice } = await paste(order)
    expect(totalPrice).toBe(71_000)
    expect(await paste(coupon)).toMatchObject({ couponId: 201, status: 'AVAILABLE' })
    expect(await paste(pay.replace('ORDER_ID', orderId))).toMatchObject({ orderId, discountedPrice: 68_000 })
    const transitions = await paste(timeline.replace('ORDER_ID', orderId))
    expect(transitions.at(-1)).toMatchObject({ after: expect.anything() })

    const again = await second.end('SIGTERM')
    expect(again.output).not.toMatch(/^paid/m)
    expect(again).toMatchObject({ status: 0, errors: '' })
    expect(again.output).toContain(`The API:  ${secondUrl}/docs`)
  })
})
