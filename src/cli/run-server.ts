import closeWithGrace from 'close-with-grace'
import { isLoopback } from '../config.ts'
import { type Arguments, type Command, configOf } from './command.ts'
import { hasDemoAccounts } from './seed/demo-accounts.ts'
import type { Shop, Terminal } from './shop.ts'
import { AccountRefused } from './staff-account.ts'

type Server = Awaited<ReturnType<Shop['listen']>>

/** The flags of a command that runs a server. */
export const serverOptions: Command['options'] = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
}

/** Opens the shop, serves it, lets `prepare` do what comes before it is announced, and resolves once it was told to stop. */
export async function runServer(
  given: Arguments,
  terminal: Terminal,
  prepare: (shop: Shop, server: Server) => Promise<void> = async () => {},
): Promise<number> {
  const config = configOf(given, terminal)
  const shop = terminal.openShop(config)
  try {
    refusePublicPasswords(shop, config.host)
    const server = await shop.listen(config.host, config.port)
    await prepare(shop, server)
    terminal.out(`listening on ${server.url}`)
    await untilStopped(server, shop, terminal)
  } catch (error) {
    await shop.close()
    throw error
  }
  return 0
}

/** The demo's accounts are for whoever tries it on their own machine. */
function refusePublicPasswords(shop: Shop, host: string): void {
  if (isLoopback(host) || !hasDemoAccounts(shop)) return
  throw new AccountRefused(
    `This data directory holds the accounts of the demo, whose passwords everybody knows, and ${host} can be reached from ` +
      'outside; listen on 127.0.0.1, or begin with another directory.',
  )
}

/** Longer than any request may take: after it the process ends with what is left. */
const drainMsMax = 20_000

/**
 * Resolves once a signal came and the server has drained. A second signal, or a drain that takes too long, ends the process
 * at once with status 1: whatever was acknowledged is on disk, and the next start ends what was half done.
 */
function untilStopped(server: Server, shop: Shop, { errorStream }: Terminal): Promise<void> {
  return new Promise(resolve => {
    const atOnce = (why: string) =>
      errorStream.write(`${why}; ended without waiting for what was under way, which the next start ends.\n`)
    const options = {
      delay: drainMsMax,
      logger: false as const,
      onSecondSignal: () => atOnce('Told to stop twice'),
      onTimeout: () => atOnce(`Not drained within ${drainMsMax / 1_000} s`),
    }
    closeWithGrace(options, async ({ err }) => {
      if (err) {
        // What is half done is safe on disk, and the next start ends it; this process cannot be trusted to.
        errorStream.write(`Something went wrong that should not: ${err.stack}\n`)
        process.exit(1)
      }
      await server.stop()
      await shop.close()
      resolve()
    })
  })
}
