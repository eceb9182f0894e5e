/**
 * `npm run bench:window`: the pages with a shop behind them that has been used. Fills a data directory with payments, opens
 * a real Chromium, and measures what a person would: how long until a list, a filter and a payment can be read, how
 * many frames a second the live list keeps while events come in, and what the first visit loads. Each figure stands beside
 * its goal. Needs a Chromium (`test/browser/support/browser.ts`).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openWindow } from '../test/browser/support/browser.ts'
import { orderLoad } from './order-load.ts'
import { startServer } from './peer.ts'
import { median } from './percentile.ts'

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '10000' },
    tries: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
})
const [payments = 0, tries = 0] = [values.payments, values.tries].map(Number)
if (values.help || !(payments > 0) || !(tries > 0)) {
  console.error('usage: npm run bench:window -- [--payments 10000] [--tries 10]')
  process.exit(values.help ? 0 : 2)
}

const token = 'only-for-this-measurement'
/** A payment leaves about so many events. */
const eventsPerPayment = 12
const eventsPerSecond = 200

const directory = mkdtempSync(join(tmpdir(), 'recoup-window-'))
const server = await startServer(
  {
    name: 'recoup',
    prepare: [['src/main.ts', 'seed', '--profile', 'load-test']],
    serve: ['src/main.ts', 'serve', '--port', '0'],
    environment: { RECOUP_OPERATOR_TOKEN: token },
  },
  directory,
)
const url = `http://127.0.0.1:${server.port}`
try {
  console.error(`Filling ${directory} with ${payments} payments …`)
  await pay(payments, 16)
  await readTimes()
  await frames()
} finally {
  await server.stop()
  rmSync(directory, { recursive: true })
}

async function pay(orders: number, clients: number): Promise<void> {
  const { port, pid } = server
  const load = {
    port,
    pid,
    clients,
    warmUpMs: 0,
    measureMs: 600_000,
    hot: false,
    ordersMax: orders,
    seed: orders,
  }
  const { errors } = await orderLoad(load)
  if (Object.keys(errors).length > 0) throw new Error(`It went wrong: ${JSON.stringify(errors)}`)
}

function say(what: string, figure: string, met: boolean, goal: string): void {
  console.log(`${met ? 'met    ' : 'NOT MET'} ${what}: ${figure} (${goal})`)
}

/** From the click until what was asked for can be read; and what the first visit has loaded. */
async function readTimes(): Promise<void> {
  const { page, faults, close } = await openWindow(url)
  let loadedBytes = 0
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    loadedBytes += encodedDataLength
  })
  await page.goto(`${url}/console`)
  await page.getByLabel('Operator token').fill(token)
  await page.getByRole('button', { name: 'Go in' }).click()
  await page.getByRole('navigation').waitFor()
  await page.waitForLoadState('networkidle')
  say(
    'the first visit loads',
    `${(loadedBytes / 1024).toFixed(0)} KB`,
    loadedBytes < 250 * 1024,
    'below 250 KB',
  )

  const times: Record<string, number[]> = { list: [], filter: [], detail: [] }
  for (let time = 0; time <= tries; time += 1) {
    const list = await timed(async () => {
      await page.getByRole('link', { name: 'Payments', exact: true }).click()
      await page.locator('tbody tr').nth(20).waitFor()
    })
    const customer = (await page.locator('tbody tr').nth(time).locator('td').nth(2).textContent()) ?? ''
    await page.getByText('More filters').click()
    await page.getByLabel('Customer').fill(customer)
    const filter = await timed(async () => {
      await page.getByLabel('Customer').press('Enter')
      await page.waitForFunction(customer => {
        const rows = [...document.querySelectorAll('tbody tr')]
        return rows.length > 0 && rows.every(row => row.textContent.includes(customer))
      }, customer)
    })
    const detail = await timed(async () => {
      await page.locator('a[data-payment]').first().click()
      await page.getByRole('tablist').waitFor()
    })
    // The first time loads the scripts of these pages.
    if (time > 0) for (const [what, ms] of Object.entries({ list, filter, detail })) times[what]?.push(ms)
  }
  for (const [what, all] of Object.entries(times)) {
    const ms = median(all)
    const figure = `${ms.toFixed(0)} ms, at most ${Math.max(...all).toFixed(0)} ms, over ${all.length} times`
    say(`with ${payments} payments, ${what}`, figure, ms <= 300, 'within 300 ms')
  }
  await close()
  if (faults.length > 0) throw new Error(`The pages had faults: ${faults.join(', ')}`)
}

async function timed(run: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await run()
  return performance.now() - began
}

/** Frames that were drawn in each second while events came in. */
async function frames(): Promise<void> {
  const { page, faults, close } = await openWindow(url)
  await page.goto(`${url}/console`)
  await page.getByLabel('Operator token').fill(token)
  await page.getByRole('button', { name: 'Go in' }).click()
  await page.getByRole('link', { name: 'Inspector', exact: true }).click()
  await wait(1_000)
  const seconds = 10
  const counted = page.evaluate(async seconds => {
    const perSecond: number[] = []
    for (let second = 0; second < seconds; second += 1) {
      const until = performance.now() + 1_000
      let frames = 0
      while (performance.now() < until) {
        await new Promise(requestAnimationFrame)
        frames += 1
      }
      perSecond.push(frames)
    }
    return perSecond
  }, seconds)
  const perSecond = eventsPerSecond / eventsPerPayment
  const began = performance.now()
  let paid = 0
  while (performance.now() - began < seconds * 1_000) {
    await pay(Math.ceil(perSecond / 10), 1)
    paid += Math.ceil(perSecond / 10)
    await wait(Math.max(0, (paid / perSecond) * 1_000 - (performance.now() - began)))
  }
  const drawn = await counted
  const events = ((paid * eventsPerPayment) / (performance.now() - began)) * 1_000
  const least = Math.min(...drawn)
  say(
    `with ${events.toFixed(0)} events/s the live list draws`,
    `${median(drawn).toFixed(0)} frames/s, ${least} in the worst second`,
    least >= 30,
    'at least 30',
  )
  await close()
  if (faults.length > 0) throw new Error(`The pages had faults: ${faults.join(', ')}`)
}
