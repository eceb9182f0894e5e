import type { Outcome } from './batch-writer.ts'
import type { Writer } from './writer.ts'

/**
 * Ends the process at a write of unknown outcome, whoever it was of: after a sync that failed, what is written next may
 * stand on something that is not there.
 */
export function endingWriter(writer: Writer, endOf: (reason: string) => void): Writer {
  const judged = (outcome: Outcome) => {
    if (outcome.type === 'indeterminate') endOf(outcome.reason)
    return outcome
  }
  return {
    write(calls) {
      const outcome = writer.write(calls)
      return outcome instanceof Promise ? outcome.then(judged) : judged(outcome)
    },
    close: () => writer.close(),
  }
}

/** The same writer, with how long each write took, in seconds. */
export function timedWriter(writer: Writer, seconds: { observe(value: number): void }): Writer {
  return {
    write(calls) {
      const began = performance.now()
      const done = () => seconds.observe((performance.now() - began) / 1_000)
      const outcome = writer.write(calls)
      if (outcome instanceof Promise) void outcome.then(done, done)
      else done()
      return outcome
    },
    close: () => writer.close(),
  }
}
