import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { RecoupProcess, recoup } from './recoup-process.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const shell = promisify(execFile)

/** Pastes a line into a shell. */
async function paste(line: string) {
  const { stdout } = await shell('sh', ['-c', line.replace('curl ', 'curl --silent --show-error ')])
  return JSON.parse(stdout)
}

describe('recoup demo', () => {
  it('fills an empty directory once, and invites to log in and to five lines that work', async () => {
    using directory = temporaryDirectory()
    const words = ['demo', '--port', '0', '--data', directory.path]
    const options = { environment: { RECOUP_AUTH: 'session' } }
    await using first = new RecoupProcess(words, options)
    const url = await first.listening
    const products = await paste(`curl ${url}/products`)
    expect(products.length).toBeGreaterThan(100)
    const { status, output } = await first.end('SIGTERM')
    expect(status).toBe(0)
    expect(output).toMatch(/^paid +\d+ orders/m)

    await using second = new RecoupProcess(words, options)
    const secondUrl = await second.listening
    expect(await paste(`curl ${secondUrl}/settings`)).toMatchObject({ demo: { faults: true } })
    const lines = [...output.replaceAll(url, secondUrl).matchAll(/^curl .*$/gm)].map(([line]) => line)
    expect(lines).toHaveLength(6)
    const [login = '', ...withToken] = lines
    const { token } = await paste(login)
    const [charge = '', order = '', coupon = '', pay = '', timeline = ''] = withToken.map(line =>
      line.replace('TOKEN', token),
    )
    expect(await paste(withToken[0] ?? '')).toMatchObject({ code: 'SESSION_EXPIRED' })
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

    // Everybody knows its passwords.
    const served = ['serve', '--port', '0', '--host', '0.0.0.0', '--data', directory.path]
    expect(await recoup(served, options)).toMatchObject({
      status: 1,
      errors: expect.stringMatching(/^This data directory holds the accounts of the demo, .*0\.0\.0\.0/),
    })
  })

  it('does not listen where others could come with its passwords', async () => {
    using directory = temporaryDirectory()
    const words = ['demo', '--port', '0', '--host', '0.0.0.0', '--data', directory.path]
    expect(await recoup(words, { environment: { RECOUP_AUTH: 'session' } })).toMatchObject({
      status: 1,
      output: '',
      errors: expect.stringMatching(/^Everybody knows the passwords of the demo, [^\n]*\n$/),
    })
    expect(existsSync(`${directory.path}/recoup.db`)).toBe(false)
  })
})
