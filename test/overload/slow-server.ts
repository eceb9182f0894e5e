/**
 * The server on a slow disk: a commit takes longer in proportion to what it holds, so that the server can do only so many
 * payments a second however many come together. Takes the words of `recoup serve`, and from the environment
 * `SLOW_MS_PER_PAYMENT`: what an order and its payment, without coupon and of one option, cost together.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { runCommand } from '../../src/cli/run-command.ts'
import { systemClock } from '../../src/clock.ts'
import { actorsOf, openShop } from '../../src/main.ts'
import type { Writer } from '../../src/persistence/writer.ts'

const msPerPayment = Number(process.env['SLOW_MS_PER_PAYMENT'])
/** What the writer is given for an order and its payment: operations and arguments, as counted. */
const cellsPerPayment = 115

const slowed = (writer: Writer): Writer => ({
  async write(calls) {
    const doneAt = performance.now() + (calls.length / cellsPerPayment) * msPerPayment
    const outcome = await writer.write(calls)
    await pause(Math.max(0, doneAt - performance.now()))
    return outcome
  },
  close: () => writer.close(),
})

process.exitCode = await runCommand(['serve', ...process.argv.slice(2)], {
  environment: process.env,
  clock: systemClock,
  input: process.stdin,
  version: 'slow',
  actorsOf,
  openShop: config =>
    openShop({ config, aroundWriter: slowed, report: line => process.stderr.write(`${line}\n`) }),
  out: line => void process.stdout.write(`${line}\n`),
  errorStream: process.stderr,
})
