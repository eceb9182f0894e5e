import { silentProgress } from '../../../src/cli/progress.ts'
import { makeDemoAccounts } from '../../../src/cli/seed/demo-accounts.ts'
import { demoProfile } from '../../../src/cli/seed/demo-profile.ts'
import { seed } from '../../../src/cli/seed/seed.ts'
import { systemClock } from '../../../src/clock.ts'
import { readConfig } from '../../../src/config.ts'
import { openShop } from '../../../src/main.ts'
import { type Interceptor, interceptedTransport } from '../../../src/runtime/transport.ts'
import { temporaryDirectory } from '../../cli/temporary-directory.ts'

/**
 * The demo shop as `npm start` runs it, but for the day of real orders: real from the socket to SQLite, on a free port of
 * loopback, with steps that can be made to fail. `intercept` does to messages what no demo does. `stop` ends the server,
 * `start` starts it again on the same data and port.
 */
export async function openBrowserShop(environment: Record<string, string> = {}, intercept?: Interceptor) {
  const directory = temporaryDirectory()
  const open = () =>
    openShop({
      config: readConfig({
        RECOUP_DATA: directory.path,
        RECOUP_DEMO: '1',
        RECOUP_RATE_LIMITS: 'off',
        RECOUP_STEP_DEADLINE_MS: '100',
        RECOUP_STEP_RESENDS: '1',
        ...environment,
      }),
      hashParameters: { memory: 8, passes: 1, parallelism: 1 },
      ...(intercept && { transport: interceptedTransport(intercept, systemClock) }),
    })
  let shop = open()
  await seed(demoProfile, shop, silentProgress)
  await makeDemoAccounts(shop)
  let server = await shop.listen('127.0.0.1', 0)
  const url = server.url

  async function stop(): Promise<void> {
    await server.stop()
    await shop.close()
  }
  return {
    url,
    get shop() {
      return shop
    },
    stop,
    /** Ends it for good. */
    async close() {
      await stop()
      directory.remove()
    },
    async start() {
      shop = open()
      server = await shop.listen('127.0.0.1', Number(new URL(url).port))
    },
  }
}
