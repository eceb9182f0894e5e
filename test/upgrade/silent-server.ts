/**
 * The server of this version, in which the message named by `SILENT_MESSAGE` is always lost: so all payments stand where
 * they wait for it. Takes the words of `recoup serve`.
 */
import { runCommand } from '../../src/cli/run-command.ts'
import { systemClock } from '../../src/clock.ts'
import { actorsOf, openShop } from '../../src/main.ts'
import { interceptedTransport } from '../../src/runtime/transport.ts'

const transport = interceptedTransport(
  ({ message }) => (message.type === process.env['SILENT_MESSAGE'] ? 'drop' : 'deliver'),
  systemClock,
)

process.exitCode = await runCommand(['serve', ...process.argv.slice(2)], {
  environment: process.env,
  clock: systemClock,
  input: process.stdin,
  version: 'silent',
  openShop: config => openShop({ config, transport }),
  actorsOf,
  out: line => void process.stdout.write(`${line}\n`),
  errorStream: process.stderr,
})
