import { readFileSync } from 'node:fs'

/** What a process has used since it started. Linux only: read from /proc. */
interface ProcessUsage {
  /** User and system time of all threads, in milliseconds; the kernel counts in steps of 10. */
  cpuMs: number
  /** Bytes sent towards the disk (whole dirtied pages). */
  writtenBytes: number
  /** The most memory it ever had resident, in bytes. */
  peakMemoryBytes: number
}

const clockTickMs = 10

export function processUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The second field is the program's name in parentheses and may hold blanks; utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * clockTickMs,
    writtenBytes: numberIn(readFileSync(`/proc/${pid}/io`, 'latin1'), /^write_bytes: (\d+)/m),
    peakMemoryBytes: numberIn(readFileSync(`/proc/${pid}/status`, 'latin1'), /^VmHWM:\s+(\d+) kB/m) * 1024,
  }
}

/** The memory a process has resident now. */
export function residentBytes(pid: number): number {
  return numberIn(readFileSync(`/proc/${pid}/status`, 'latin1'), /^VmRSS:\s+(\d+) kB/m) * 1024
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1])
}
