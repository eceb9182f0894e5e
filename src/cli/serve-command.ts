import closeWithGrace from 'close-with-grace'
import { type Command, configOf } from './command.ts'
import type { Shop, Terminal } from './shop.ts'

export const serveCommand: Command = {
  summary: 'Runs the server; prints one line when it listens; SIGTERM drains it.',
  usage: 'recoup serve [--port 8080] [--host 127.0.0.1] [--data recoup-data]',
  options: { port: { type: 'string' }, host: { type: 'string' }, data: { type: 'string' } },
  positionals: 0,
  async run(given, terminal) {
    const config = configOf(given, terminal)
    const shop = terminal.openShop(config)
    try {
      const server = await shop.listen(config.host, config.port)
      terminal.out(`listening on ${server.url}`)
      await untilStopped(server, shop, terminal)
    } catch (error) {
      await shop.close()
      throw error
    }
    return 0
  },
}

/** Longer than any request may take: after it the process ends with what is left. */
const drainMsMax = 20_000

/** Resolves once a signal came and the server has drained; a second signal ends the process at once. */
export function untilStopped(
  server: Awaited<ReturnType<Shop['listen']>>,
  shop: Shop,
  { errorStream }: Terminal,
): Promise<void> {
  return new Promise(resolve => {
    closeWithGrace({ delay: drainMsMax, logger: false }, async ({ err }) => {
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
