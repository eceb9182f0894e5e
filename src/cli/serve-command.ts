import closeWithGrace from 'close-with-grace'
import { type Command, configOf } from './command.ts'
import type { Shop } from './shop.ts'

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
      await untilStopped(server, shop)
    } catch (error) {
      shop.close()
      throw error
    }
    return 0
  },
}

/** Longer than any request may take: after it the process ends with what is left. */
const drainMsMax = 20_000

/** Resolves once a signal came and the server has drained; a second signal ends the process at once. */
export function untilStopped(server: Awaited<ReturnType<Shop['listen']>>, shop: Shop): Promise<void> {
  return new Promise(resolve => {
    closeWithGrace({ delay: drainMsMax, logger: false }, async () => {
      await server.stop()
      shop.close()
      resolve()
    })
  })
}
