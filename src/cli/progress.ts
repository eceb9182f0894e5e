import cliProgress from 'cli-progress'
import type { Clock } from '../clock.ts'

/** Shows how far a long task is: called with what is counted and how many there are. */
export type Progress = (label: string, total: number) => ProgressBar

interface ProgressBar {
  advance(): void
  end(): void
}

/** Says nothing; for callers that want only the result. */
export const silentProgress: Progress = () => ({ advance() {}, end() {} })

/**
 * A bar with rate and remaining time on a terminal; elsewhere, such as in a log, the same facts as plain lines, one for
 * each tenth of the way.
 */
export function createProgress(stream: NodeJS.WritableStream, clock: Clock): Progress {
  return (label, total) => {
    const startedAt = clock.now()
    const facts = (done: number) => `${label} ${progressFacts(done, total, clock.now() - startedAt)}`
    return 'isTTY' in stream && stream.isTTY ? barOn(stream, total, facts) : linesOn(stream, total, facts)
  }
}

/** `done` of `total` after `elapsedMs`, with rate and remaining time, as `1,500/3,000 · 500/s · 3 s left`. */
export function progressFacts(done: number, total: number, elapsedMs: number): string {
  const count = `${done.toLocaleString('en')}/${total.toLocaleString('en')}`
  if (done === 0 || elapsedMs === 0) return count
  const perMs = done / elapsedMs
  const leftSeconds = Math.ceil((total - done) / perMs / 1_000)
  return `${count} · ${Math.round(perMs * 1_000).toLocaleString('en')}/s · ${leftSeconds} s left`
}

/** A bar on a terminal and nothing elsewhere: for what runs unattended and is only heard of when it fails. */
export function createTerminalProgress(stream: NodeJS.WritableStream, clock: Clock): Progress {
  return 'isTTY' in stream && stream.isTTY ? createProgress(stream, clock) : silentProgress
}

function barOn(stream: NodeJS.WritableStream, total: number, facts: (done: number) => string): ProgressBar {
  const bar = new cliProgress.SingleBar(
    {
      stream,
      format: (options, { progress, value }) =>
        `${cliProgress.Format.BarFormat(progress, options)} ${facts(value)}`,
    },
    cliProgress.Presets.shades_classic,
  )
  bar.start(total, 0)
  return { advance: () => bar.increment(), end: () => bar.stop() }
}

function linesOn(stream: NodeJS.WritableStream, total: number, facts: (done: number) => string): ProgressBar {
  let done = 0
  return {
    advance() {
      done += 1
      const tenth = Math.floor((done * 10) / total)
      if (tenth > Math.floor(((done - 1) * 10) / total)) stream.write(`${facts(done)}\n`)
    },
    end() {},
  }
}
