/**
 * The server with two differences: it commits after every few steps, and it loses or repeats some of the messages of
 * payments. So a kill finds payments half done, which the ordinary server, that ends in a tick what it began, hardly
 * ever has on its disk. Takes the words of `recoup serve`, and `CRASH_SEED` from the environment.
 */
import { runCommand } from '../../src/cli/run-command.ts'
import { systemClock } from '../../src/clock.ts'
import { actorsOf, openShop } from '../../src/main.ts'
import { type Interceptor, interceptedTransport } from '../../src/runtime/transport.ts'
import { Random } from './random.ts'

const tickStepsMax = 8
const random = new Random(Number(process.env['CRASH_SEED']))

/** Only what has a key is resent when it is lost, and known when it comes twice. */
const intercept: Interceptor = ({ key }) => {
  if (key === undefined) return 'deliver'
  const fate = random.below(100)
  if (fate < 1) return 'drop'
  if (fate < 2) return { duplicates: 1 }
  return fate < 3 ? { delayMs: random.below(50) } : 'deliver'
}

process.exitCode = await runCommand(['serve', ...process.argv.slice(2)], {
  environment: { RECOUP_STEP_DEADLINE_MS: '400', ...process.env },
  clock: systemClock,
  input: process.stdin,
  version: 'faulty',
  openShop: config =>
    openShop({
      config,
      limits: { tickStepsMax },
      transport: interceptedTransport(intercept, systemClock),
      report: line => process.stderr.write(`${line}\n`),
    }),
  actorsOf,
  out: line => void process.stdout.write(`${line}\n`),
  errorStream: process.stderr,
})
