/** What a crash run did and found. */
export interface CrashReport {
  seed: number
  kills: number
  /** Kills with requests in flight, and how many those were. */
  killsUnderLoad: number
  requestsCut: number
  /** Kills about the time that the server begins to listen, and while it was finishing what the kill before had cut. */
  killsWhileStarting: number
  killsWhileRecovering: number
  /** Times that a server came up on what a kill had left. */
  restarts: number
  operations: number
  acknowledgements: number
  /** Requests that were cut and asked again under their key. */
  retries: number
  /** Payments found half done after a kill; all of them ended without help. */
  paymentsRecovered: number
  /** Orders, payments, charges and coupons of how many customers were compared, the last time with everything. */
  customersCompared: number
  /** What must not be: losses, broken invariants, answers that should not have been given. */
  faults: string[]
}

/** Why a run that found no fault proves nothing. */
export function blindSpots(report: CrashReport): string[] {
  const spots: readonly [boolean, string][] = [
    [report.killsUnderLoad === 0, 'No kill hit while requests were in flight.'],
    [report.acknowledgements === 0, 'Nothing was acknowledged.'],
    [report.retries === 0, 'Nothing that was cut was asked again.'],
    [report.customersCompared === 0, 'Nothing was compared.'],
    // Of a few kills, none may happen to do that.
    [report.kills >= 10 && report.paymentsRecovered === 0, 'No kill left a payment half done.'],
  ]
  return spots.flatMap(([blind, sentence]) => (blind ? [sentence] : []))
}

export function renderCrashReport(report: CrashReport): string {
  return [
    `seed ${report.seed}: ${report.kills} kills, ${report.killsUnderLoad} of them with requests in flight (${report.requestsCut} requests), ` +
      `${report.killsWhileStarting} while it started, ${report.killsWhileRecovering} during recovery; ${report.restarts} restarts`,
    `${report.operations} operations, ${report.acknowledgements} acknowledged, ${report.retries} asked again under their key`,
    `${report.paymentsRecovered} payments were found half done, and ended without help`,
    `${report.customersCompared} customers compared`,
    ...report.faults.map(fault => `FAULT ${fault}`),
    ...blindSpots(report).map(sentence => `BLIND ${sentence}`),
  ].join('\n')
}
