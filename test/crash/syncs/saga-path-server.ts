/**
 * The server with two differences: it commits after so many steps as `CRASH_TICK_STEPS` says, if it says so, and treats
 * the messages of payments as the path named by `CRASH_PATH` does. Takes the words of `recoup serve`.
 */
import { runCommand } from '../../../src/cli/run-command.ts'
import { systemClock } from '../../../src/clock.ts'
import { actorsOf, openShop } from '../../../src/main.ts'
import { interceptedTransport } from '../../../src/runtime/transport.ts'
import { sagaPathOf } from './saga-paths.ts'

const tickSteps = process.env['CRASH_TICK_STEPS']
const { rule } = sagaPathOf(process.env['CRASH_PATH'])

process.exitCode = await runCommand(['serve', ...process.argv.slice(2)], {
  environment: process.env,
  clock: systemClock,
  input: process.stdin,
  version: 'saga-path',
  actorsOf,
  openShop: config =>
    openShop({
      config,
      ...(tickSteps && { limits: { tickStepsMax: Number(tickSteps) } }),
      ...(rule && { transport: interceptedTransport(rule(), systemClock) }),
      report: line => process.stderr.write(`${line}\n`),
    }),
  out: line => void process.stdout.write(`${line}\n`),
  errorStream: process.stderr,
})
