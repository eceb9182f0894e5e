import { type Clock, isoTime } from '../clock.ts'
import type { Breach, BreachMarker } from './breach-marker.ts'
import type { Checker, CheckReport } from './checker.ts'

/*
 * The check of a running server. A breach, a relation violated among rows that are as they were written, closes the shop to
 * money until a check of everything finds none; the marker keeps it closed over restarts. A row that was altered on disk
 * is damage: it is reported by its name, and the shop goes on.
 */

/** The invariants that say whether rows are as they were written; all others are relations. */
const damageNames: ReadonlySet<string> = new Set(['M5', 'E7'])

export interface OnlineCheckOptions {
  readonly checker: Checker
  readonly marker: BreachMarker
  readonly clock: Clock
  readonly everyMs: number
  /** One line for whoever runs the process. */
  report(line: string): void
}

export class OnlineCheck {
  readonly #options: OnlineCheckOptions
  /** What was reported is not reported again. */
  readonly #reported = new Set<string>()
  #breach: Breach | undefined
  /** The check that is running, and when it has ended. */
  #running: Promise<void> | true | undefined
  /** Journal rows committed since the last look began. */
  #committed = 0
  #stopped = false
  #cancel = () => {}
  #checksRun = 0
  #checksFailed = 0
  #lastDurationMs = 0
  #checked = 0
  #damagedRows = 0

  constructor(options: OnlineCheckOptions) {
    this.#options = options
    this.#breach = options.marker.read()
    if (this.#breach === undefined) this.#plan()
    else {
      options.report(`${this.#closedBecause(this.#breach)} A check of everything has begun.`)
      void this.run()
    }
  }

  /** Why no money may be taken in; `undefined` when nothing is known against it. */
  get breach(): Breach | undefined {
    return this.#breach
  }

  /** Checks done and failed since the start, the last one's duration in milliseconds, rows looked at, rows found altered. */
  get counts() {
    return {
      checksRun: this.#checksRun,
      checksFailed: this.#checksFailed,
      lastDurationMs: this.#lastDurationMs,
      rowsChecked: this.#checked,
      damagedRows: this.#damagedRows,
      breaches: this.#breach === undefined ? [] : [this.#breach.name],
    }
  }

  /** Checks now and plans the next; while a check is running, it is that one. */
  run(): void | Promise<void> {
    if (this.#stopped || this.#running === true) return
    if (this.#running !== undefined) return this.#running
    this.#running = true
    this.#committed = 0
    this.#cancel()
    const { checker, clock } = this.#options
    const extent = this.#breach === undefined ? 'running' : 'whole'
    try {
      const report = checker.check(extent, clock.now())
      if (!(report instanceof Promise)) return this.#ended(() => this.#note(report))
      this.#running = report.then(
        done => this.#ended(() => this.#note(done)),
        error => this.#ended(() => this.#noteFailure(error)),
      )
      return this.#running
    } catch (error) {
      this.#ended(() => this.#noteFailure(error))
    }
  }

  /** Notes what was committed; when it is much, it is checked at once, so that a look never grows without bound. */
  noteCommitted(journalRows: number): void {
    this.#committed += journalRows
    if (this.#committed >= committedMax && this.#breach === undefined) void this.run()
  }

  /** Gives up what is running and lets go of the database. */
  stop(): void | Promise<void> {
    this.#stopped = true
    this.#cancel()
    return this.#options.checker.close()
  }

  #plan(): void {
    this.#cancel = this.#options.clock.wait(this.#options.everyMs, () => void this.run())
  }

  #ended(note: () => void): void {
    this.#running = undefined
    if (this.#stopped) return
    note()
    if (this.#committed >= committedMax && this.#breach === undefined) void this.run()
    else this.#plan()
  }

  #note({ violated, checked, durationMs }: CheckReport): void {
    this.#checksRun += 1
    this.#lastDurationMs = durationMs
    this.#checked += checked
    for (const { name, violations, violationCount } of violated) {
      if (name !== 'E7') continue
      this.#damagedRows += violationCount
      for (const violation of violations) this.#reportOnce(`A row was altered on disk: ${violation}.`)
    }
    const relations = violated.filter(({ name }) => !damageNames.has(name))
    const [first] = relations
    if (first !== undefined && this.#breach === undefined) {
      const { name, sentence, violations } = first
      this.#breach = { name, sentence, violation: violations[0] ?? '', since: this.#options.clock.now() }
      this.#options.report(this.#closedBecause(this.#breach))
      this.#mark(this.#breach)
    }
    for (const { name, violations } of relations) {
      for (const violation of violations) this.#reportOnce(`Invariant ${name} is broken: ${violation}.`)
    }
    if (first === undefined && this.#breach !== undefined) this.#open(this.#breach)
  }

  #mark(breach: Breach): void {
    try {
      this.#options.marker.write(breach)
    } catch (error) {
      this.#options.report(
        `That ${breach.name} is broken cannot be remembered over a restart: ${String(error)}.`,
      )
    }
  }

  /** A check of everything found every relation in order. */
  #open({ name, since }: Breach): void {
    this.#options.marker.remove()
    this.#breach = undefined
    this.#reported.clear()
    this.#options.report(
      `Every invariant holds again, ${name} as well, which was broken since ${isoTime(since)}: money is taken in.`,
    )
  }

  #closedBecause({ name, sentence, violation, since }: Breach): string {
    const broken = `${name} is broken since ${isoTime(since)}: ${violation} (${sentence})`
    return `No money is taken in: ${broken} Run recoup check, and restore or repair what it names.`
  }

  #noteFailure(error: unknown): void {
    this.#checksFailed += 1
    this.#reportOnce(`The invariants could not be checked: ${String(error)}.`)
  }

  #reportOnce(line: string): void {
    if (this.#reported.has(line)) return
    if (this.#reported.size < reportedMax) this.#reported.add(line)
    this.#options.report(line)
  }
}

/** So many journal rows are checked in one look, about. */
const committedMax = 5_000

/** So many different lines are remembered. */
const reportedMax = 10_000
