import { type CrashReport, sentencesOf } from './crash-report.ts'

/** What a run of kills at random did and found. */
export interface KillFigures {
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
  faults: string[]
}

export function killReport(figures: KillFigures): CrashReport {
  const { kills, killsUnderLoad, requestsCut, killsWhileStarting, killsWhileRecovering, restarts } = figures
  const { operations, acknowledgements, retries, paymentsRecovered, customersCompared } = figures
  return {
    title: `kills at random, seed ${figures.seed}`,
    figures: [
      `${kills} kills, ${killsUnderLoad} of them with requests in flight (${requestsCut} requests), ` +
        `${killsWhileStarting} while it started, ${killsWhileRecovering} during recovery; ${restarts} restarts`,
      `${operations} operations, ${acknowledgements} acknowledged, ${retries} asked again under their key`,
      `${paymentsRecovered} payments were found half done, and ended without help`,
      `${customersCompared} customers compared`,
    ],
    faults: figures.faults,
    blindSpots: sentencesOf([
      [killsUnderLoad === 0, 'No kill hit while requests were in flight.'],
      [acknowledgements === 0, 'Nothing was acknowledged.'],
      [retries === 0, 'Nothing that was cut was asked again.'],
      [customersCompared === 0, 'Nothing was compared.'],
      // Of a few kills, none may happen to do that.
      [kills >= 10 && paymentsRecovered === 0, 'No kill left a payment half done.'],
    ]),
  }
}
