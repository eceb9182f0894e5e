const everyMs = 5

/**
 * Notes the longest time for which this thread computed without coming back to its event loop, in milliseconds. It is
 * the time that was computed, not what the clock on the wall says: on a busy machine that is the time of others.
 */
export function watchLoop(): { stop(): number } {
  let longestMs = 0
  let before = process.threadCpuUsage()
  function look(): void {
    const { user, system } = process.threadCpuUsage(before)
    before = process.threadCpuUsage()
    longestMs = Math.max(longestMs, (user + system) / 1_000)
  }
  const timer = setInterval(look, everyMs)
  return {
    stop() {
      look()
      clearInterval(timer)
      return longestMs
    },
  }
}
