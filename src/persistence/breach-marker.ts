import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An invariant that does not hold among rows that are as they were written. */
export interface Breach {
  /** The invariant, such as `M3`. */
  readonly name: string
  readonly sentence: string
  /** What contradicts it, and where. */
  readonly violation: string
  /** When it was found, in milliseconds. */
  readonly since: number
}

/** Remembers a breach over restarts. */
export interface BreachMarker {
  read(): Breach | undefined
  write(breach: Breach): void
  remove(): void
}

/**
 * A file beside the database: nothing is to be written to a database that contradicts itself. One that cannot be read
 * still means that there was a breach.
 */
export function createBreachMarker(directory: string): BreachMarker {
  const path = join(directory, 'recoup.breach')
  return {
    read() {
      if (!existsSync(path)) return undefined
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as Breach
      } catch {
        return { name: 'unknown', sentence: '', violation: `${path} cannot be read`, since: 0 }
      }
    },
    write(breach) {
      writeFileSync(`${path}.new`, `${JSON.stringify(breach)}\n`, { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
    remove: () => rmSync(path, { force: true }),
  }
}

/** For a database in memory: nothing of it outlives the process. */
export function createVolatileBreachMarker(): BreachMarker {
  let breach: Breach | undefined
  return {
    read: () => breach,
    write(found) {
      breach = found
    },
    remove() {
      breach = undefined
    },
  }
}
