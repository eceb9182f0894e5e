import { monitorEventLoopDelay } from 'node:perf_hooks'

const lagResolutionMs = 20

/** What a process uses, and how late its event loop is: measured between `start` and `stop`. Times in milliseconds. */
export function createProcessWatch() {
  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs })
  /** What is measured beyond the time between two measurements. */
  const lateMs = (ns: number) => Math.max(0, ns / 1e6 - lagResolutionMs)

  /** Since the last look. */
  function eventLoopLagMs() {
    if (delay.count === 0) return { p50: 0, p99: 0, max: 0 }
    const lag = {
      p50: lateMs(delay.percentile(50)),
      p99: lateMs(delay.percentile(99)),
      max: lateMs(delay.max),
    }
    delay.reset()
    return lag
  }

  return {
    start: () => void delay.enable(),
    stop: () => void delay.disable(),
    measures() {
      const { rss, heapUsed, external } = process.memoryUsage()
      const { user, system } = process.cpuUsage()
      return {
        eventLoopLagMs,
        process: {
          residentBytes: rss,
          heapUsedBytes: heapUsed,
          externalBytes: external,
          cpuMs: (user + system) / 1_000,
          /** In milliseconds since 1970. */
          startedAt: Math.round(performance.timeOrigin),
        },
      }
    },
  }
}
