import { fileURLToPath } from 'node:url'
import type { Command } from './command.ts'
import { createProgress } from './progress.ts'
import { replay } from './replay/replay.ts'
import { renderReport } from './replay/replay-report.ts'
import { runServer, serverOptions } from './run-server.ts'
import { demoProfile } from './seed/demo-profile.ts'
import { seed } from './seed/seed.ts'

const demoDay = fileURLToPath(new URL('../../data/online-retail-2010-12-01.csv', import.meta.url))

export const demoCommand: Command = {
  summary: 'Fills an empty data directory with the demo shop and a day of real orders, and runs the server.',
  usage: 'recoup demo [--port 8080] [--host 127.0.0.1] [--data recoup-data]',
  options: serverOptions,
  positionals: 0,
  run: (given, terminal) =>
    runServer(given, terminal, async (shop, { url }) => {
      if (shop.questions.products(undefined, { limit: 1 }).items.length === 0) {
        const progress = createProgress(terminal.errorStream, terminal.clock)
        await seed(demoProfile, shop, progress)
        terminal.out('Replaying the orders of 1 December 2010 (UCI Online Retail, CC BY 4.0), in pence …')
        const options = { file: demoDay, exact: false, concurrency: 16 }
        terminal.out(renderReport(await replay(options, { ...shop, baseUrl: url }, progress)))
      }
      terminal.out(invitation(url))
    }),
}

/** Where to look, and the five lines to try: a customer is charged, orders, takes a coupon, pays, and looks at it. */
function invitation(url: string): string {
  const json = `-H 'Content-Type: application/json'`
  return `
The API:  ${url}/docs
Try, in this order:

curl -X PATCH ${url}/balances/charge ${json} -d '{"customerId":1,"amount":100000}'
curl -X POST ${url}/orders ${json} -d '{"customerId":1,"items":[{"productId":101,"productOptionId":1012,"quantity":1},{"productId":102,"productOptionId":1023,"quantity":1}]}'
curl -X POST ${url}/coupons/issue ${json} -d '{"couponId":201,"customerId":1}'
curl -X POST ${url}/payments ${json} -d '{"orderId":ORDER_ID,"couponId":201}'
curl ${url}/payments/ORDER_ID/timeline

ORDER_ID is the orderId that the second line answers.
`
}
