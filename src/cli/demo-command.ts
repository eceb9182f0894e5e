import { fileURLToPath } from 'node:url'
import { isLoopback } from '../config.ts'
import { type Command, configOf } from './command.ts'
import { createProgress } from './progress.ts'
import { replay } from './replay/replay.ts'
import { renderReport } from './replay/replay-report.ts'
import { runServer, serverOptions } from './run-server.ts'
import { demoAccounts, makeDemoAccounts } from './seed/demo-accounts.ts'
import { demoProfile } from './seed/demo-profile.ts'
import { seed } from './seed/seed.ts'
import { AccountRefused } from './staff-account.ts'

const demoDay = fileURLToPath(new URL('../../data/online-retail-2010-12-01.csv', import.meta.url))

/** What a demo has unless it is told otherwise: steps can be made to fail, and nobody waits two minutes for a silent one. */
const demoSettings = { RECOUP_DEMO: '1', RECOUP_STEP_DEADLINE_MS: '1000', RECOUP_STEP_RESENDS: '2' }

export const demoCommand: Command = {
  summary: 'Fills an empty data directory with the demo shop and a day of real orders, and runs the server.',
  usage: 'recoup demo [--port 8080] [--host 127.0.0.1] [--data recoup-data]',
  options: serverOptions,
  positionals: 0,
  run(given, terminal) {
    const { host, auth } = configOf(given, terminal)
    if (!isLoopback(host)) {
      throw new AccountRefused(
        `Everybody knows the passwords of the demo, and ${host} can be reached from outside; listen on 127.0.0.1.`,
      )
    }
    const environment = { ...demoSettings, ...terminal.environment }
    return runServer(given, { ...terminal, environment }, async (shop, { url }) => {
      if (shop.questions.products(undefined, { limit: 1 }).items.length === 0) {
        const progress = createProgress(terminal.errorStream, terminal.clock)
        await seed(demoProfile, shop, progress)
        terminal.out('Replaying the orders of 1 December 2010 (UCI Online Retail, CC BY 4.0), in pence …')
        const options = { file: demoDay, exact: false, concurrency: 16 }
        const gateway = await shop.listen('127.0.0.1', 0, 'gateway')
        const report = await replay(options, { ...shop, baseUrl: gateway.url }, progress)
        await gateway.stop()
        terminal.out(renderReport(report))
        await makeDemoAccounts(shop)
      }
      terminal.out(auth === 'gateway' ? invitation(url, '') : invitationToLogIn(url))
    })
  },
}

const json = `-H 'Content-Type: application/json'`

/** Where to look, and the lines to try: a customer is charged, orders, takes a coupon, pays, and looks at it. */
function invitation(url: string, auth: string): string {
  return `
The API:  ${url}/docs
Try it with curl, in this order:

curl -X PATCH ${url}/balances/charge ${auth}${json} -d '{"customerId":1,"amount":100000}'
curl -X POST ${url}/orders ${auth}${json} -d '{"customerId":1,"items":[{"productId":101,"productOptionId":1012,"quantity":1},{"productId":102,"productOptionId":1023,"quantity":1}]}'
curl -X POST ${url}/coupons/issue ${auth}${json} -d '{"couponId":201,"customerId":1}'
curl -X POST ${url}/payments ${auth}${json} -d '{"orderId":ORDER_ID,"couponId":201}'
curl ${auth}${url}/payments/ORDER_ID/timeline

ORDER_ID is the orderId that the order answers.
`
}

/** The same with who to be, and logging in as one of them first. */
function invitationToLogIn(url: string): string {
  const accounts = Object.entries(demoAccounts).map(
    ([role, { username, password }]) => `${role.padEnd(13)}  ${username.padEnd(18)}  ${password}`,
  )
  const { username, password } = demoAccounts.customer
  const login = `curl -X POST ${url}/sessions ${json} -d '${JSON.stringify({ username, password })}'`
  return `
Everybody knows these accounts and their passwords, so this server listens on this machine only:

${accounts.join('\n')}

The shop:       ${url}/shop
The inspector:  ${url}/console/inspector
The console:    ${url}/console

For curl, log in first and put the token of the answer in the place of TOKEN:

${login}
${invitation(url, `-H 'Authorization: Bearer TOKEN' `)}`
}
