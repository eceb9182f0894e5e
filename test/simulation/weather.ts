import type { Random } from '../crash/random.ts'

/** How often what goes wrong in one history; out of a thousand. */
export interface Weather {
  /** Of messages that could be between processes. */
  readonly lost: number
  readonly duplicated: number
  readonly delayed: number
  readonly reordered: number
  /** Of the commands that nothing natural ever refuses. */
  readonly refused: number
  /** Of client operations: what befalls the world before them. */
  readonly slow: number
  readonly full: number
  readonly clockSet: number
  readonly asleep: number
  /** Of steps, of commits, and of the first steps after a crash. */
  readonly crashBetweenSteps: number
  readonly crashInCommit: number
  readonly crashWhileRecovering: number
  readonly unknownOutcome: number
  /** Of deliveries to the outside. */
  readonly sinkFailing: number
}

/** The highest each of them gets. */
const worst: Weather = {
  lost: 60,
  duplicated: 60,
  delayed: 120,
  reordered: 60,
  refused: 250,
  slow: 60,
  full: 40,
  clockSet: 40,
  asleep: 20,
  crashBetweenSteps: 6,
  crashInCommit: 5,
  crashWhileRecovering: 150,
  unknownOutcome: 4,
  sinkFailing: 300,
}

export const calm: Weather = Object.fromEntries(Object.keys(worst).map(kind => [kind, 0])) as never

/**
 * Every history has a weather of its own in which some faults are frequent and others absent: what one fault always
 * hides, another history shows. One in ten is calm.
 */
export function weatherOf(random: Random): Weather {
  const isCalm = random.chance(10)
  const rates = Object.entries(worst).map(([kind, most]) => {
    const rate = random.chance(40) ? 0 : 1 + random.below(most)
    return [kind, isCalm ? 0 : rate]
  })
  return Object.fromEntries(rates) as never
}
