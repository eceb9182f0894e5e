import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs'

/*
 * What a data directory holds is for its owner only, whatever the umask of the process: SQLite makes the log and the
 * shared memory beside a database with the mode that the database has.
 */

const ofOthers = 0o077

/** Makes an empty file at `path` where there is none, for its owner only. What cannot be made is left to who opens it. */
export function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600))
  } catch {
    // It is there, or whoever opens it will say in a sentence why it cannot be.
  }
}

/** Takes the rights of others from a database, and from what SQLite keeps beside it. */
export function keepPrivate(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    if (existsSync(file) && (statSync(file).mode & ofOthers) !== 0) chmodSync(file, 0o600)
  }
}

/** Whether anybody on the machine may put other files in the place of those in a directory. */
export function isOpenToAll(directory: string): boolean {
  const { mode } = statSync(directory)
  // In a sticky directory such as /tmp everybody may only touch their own.
  return (mode & 0o002) !== 0 && (mode & 0o1000) === 0
}
