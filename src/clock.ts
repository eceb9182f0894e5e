/** Time as a port: nothing below `main` reads the system clock by itself. */
export interface Clock {
  /** Wall time in milliseconds since 1970, for *when* something is due. */
  now(): number
  /** Calls `run` once after `delayMs` of monotonic time; the returned function cancels it. */
  wait(delayMs: number, run: () => void): () => void
}

/** Longest delay a Node timer takes; a later moment is reached by waiting again. */
const timerDelayMsMax = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  wait(delayMs, run) {
    const timer = setTimeout(run, Math.min(Math.max(delayMs, 0), timerDelayMsMax))
    return () => clearTimeout(timer)
  },
}

/** Wall time in milliseconds as ISO-8601 UTC with milliseconds, the only form in which times leave the process. */
export function isoTime(at: number): string {
  return new Date(at).toISOString()
}

/** Runs `run` again and again, `periodMs` after the end of the run before, until what it returns is called. */
export function every(clock: Clock, periodMs: number, run: () => void): () => void {
  let cancel = () => {}
  const plan = () => {
    cancel = clock.wait(periodMs, () => {
      run()
      plan()
    })
  }
  plan()
  return () => cancel()
}

/** The calendar day (`YYYY-MM-DD`) that the moment `at` falls on in `timeZone`. */
export function dayOf(at: number, timeZone: string): string {
  const slot = Math.floor(at / daySlotMs)
  if (slot !== lastDay.slot || timeZone !== lastDay.timeZone) {
    lastDay = { slot, timeZone, day: dayFormat(timeZone).format(at) }
  }
  return lastDay.day
}

/** Every time zone is a multiple of a quarter of an hour away from UTC, so no day begins within one. */
const daySlotMs = 900_000
let lastDay = { slot: Number.NaN, timeZone: '', day: '' }

const dayFormats = new Map<string, Intl.DateTimeFormat>()

function dayFormat(timeZone: string): Intl.DateTimeFormat {
  let format = dayFormats.get(timeZone)
  if (format === undefined) {
    // The Swedish locale writes days the ISO way.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    dayFormats.set(timeZone, format)
  }
  return format
}
