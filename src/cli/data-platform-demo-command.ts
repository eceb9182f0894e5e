import { once } from 'node:events'
import { ConfigInvalid } from '../config.ts'
import { type Received, startReceiver } from '../delivery/data-platform-receiver.ts'
import type { Command } from './command.ts'
import { interruption } from './interruption.ts'

const secretVariable = 'RECOUP_DATA_PLATFORM_SECRET'

export const dataPlatformDemoCommand: Command = {
  summary: 'Takes events as a data platform would: verifies each signature and shows what came.',
  usage: `recoup data-platform-demo [--port 9090] [--host 127.0.0.1] [--secret-env ${secretVariable}] [--json]`,
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    'secret-env': { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run({ values }, { environment, clock, out }) {
    const variable = String(values['secret-env'] ?? secretVariable)
    const secret = environment[variable]
    if (secret === undefined || secret === '') {
      throw new ConfigInvalid(`Set ${variable} to the secret that the shop signs its events with.`)
    }
    const json = values['json'] === true
    const receiver = await startReceiver({
      host: String(values['host'] ?? '127.0.0.1'),
      port: portOf(values['port']),
      secret,
      clock,
      onReceived: received => out(json ? JSON.stringify(received) : lineOf(received)),
    })
    out(json ? JSON.stringify({ listening: receiver.url }) : `listening on ${receiver.url}`)
    using interrupted = interruption(new Error('Told to stop'))
    if (!interrupted.signal.aborted) await once(interrupted.signal, 'abort')
    await receiver.stop()
    return 0
  },
}

function portOf(given: string | boolean | undefined): number {
  const port = given === undefined ? 9_090 : Number(given)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new ConfigInvalid(`--port must be a whole number from 0 to 65535; it is ${JSON.stringify(given)}.`)
}

function lineOf(received: Received): string {
  if ('refused' in received) return `refused: ${received.refused}`
  const { id, type, createdAt, data, duplicate } = received
  const amount = data['discountedPrice'] ?? data['refundAmount'] ?? data['amount'] ?? ''
  return `${createdAt}  ${type}  order ${data['orderId']}  ${amount}  ${id}${duplicate ? '  DUPLICATE' : ''}`
}
