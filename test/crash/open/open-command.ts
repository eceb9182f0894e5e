import { join } from 'node:path'
import type { CrashCommand } from '../crash-command.ts'
import { type CrashReport, sentencesOf } from '../crash-report.ts'
import { makeOpenPayments } from './open-payments.ts'
import { type RestartFigures, restartWithOpenPayments } from './restart.ts'

/** From the start of the process to the answer. */
const answersWithinMs = 5_000

export const openCommand: CrashCommand = {
  summary: 'starts the server on so many payments that wait, all of them overdue',
  options: { payments: 100_000 },
  async run({ payments = 0 }, directory, say) {
    const data = join(directory, 'data')
    await makeOpenPayments(data, payments, say)
    return openReport(await restartWithOpenPayments(data, say), payments)
  },
}

export function openReport(figures: RestartFigures, payments: number): CrashReport {
  const { open, openByStep, listeningMs, readMs, chargeMs, paymentMs, cpuMs, slowestReadMs, settledMs } =
    figures
  const late = Object.entries({ listening: listeningMs, read: readMs, charge: chargeMs, payment: paymentMs })
    .filter(([, ms]) => ms > answersWithinMs)
    .map(([what, ms]) => `The first ${what} came ${ms} ms after the start, and not within ${answersWithinMs}`)
  return {
    title: 'restart with open payments',
    figures: [
      `${open} open payments: ${openByStep.join(', ')}`,
      `from the start of the process: listening ${listeningMs} ms, first read ${readMs} ms, ` +
        `first charge ${chargeMs} ms, first new payment ${paymentMs} ms; ${cpuMs} ms of processor time by then`,
      `all had ended after ${settledMs} ms: ${figures.completed} completed, ${figures.failed} failed; ` +
        `the slowest read meanwhile took ${slowestReadMs} ms`,
    ],
    faults: [...late, ...figures.faults],
    blindSpots: sentencesOf([[open < payments, `Only ${open} of ${payments} payments were open.`]]),
  }
}
