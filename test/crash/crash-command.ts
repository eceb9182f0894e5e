import type { CrashReport } from './crash-report.ts'

/** One kind of crash that can be run from the command line. */
export interface CrashCommand {
  readonly summary: string
  /** Its flags, all of them numbers, with what they are when they are not given. */
  readonly options: Readonly<Record<string, number>>
  /** Whether it draws at random, so that it takes `--seed`. */
  readonly seeded?: true
  /** Works in `directory`, which is empty; it is kept when something was found. Rejects when the run cannot go on. */
  run(
    values: Readonly<Record<string, number>>,
    directory: string,
    say: (line: string) => void,
  ): Promise<CrashReport>
}
