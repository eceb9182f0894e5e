import { rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { databasePath, openDatabaseReadOnly, openReadOnly } from './database.ts'
import { type CopyFacts, type CopyOptions, copyDatabase, partialName, sync } from './database-copy.ts'
import { lockDirectory } from './directory-lock.ts'

type Watch = Pick<CopyOptions, 'now' | 'signal' | 'progress' | 'onCopied'>

/**
 * Makes `file` a backup of a data directory, which may be in use and is only read: all of its last commit, in one file,
 * with every invariant holding. Rejects with `DataDirectoryError`, `CopyError` or the reason of the signal; then there is
 * no such file.
 */
export async function backUp(directory: string, file: string, watch: Watch): Promise<CopyFacts> {
  const source = openDatabaseReadOnly(directory)
  try {
    const damaged = `no backup was made of it; recoup check --data ${directory} tells more`
    const occupied = 'give another name'
    return await copyDatabase(source, resolve(file), { ...watch, damaged, occupied, journalMode: 'delete' })
  } finally {
    source.close()
  }
}

/**
 * Makes `directory` the data directory that `file` is a backup of. What was in flight then goes on from there with the
 * next start; what happened after it is gone, though people and programs outside may have been told. Owns the directory
 * meanwhile. Rejects like `backUp`, also when there is a database already; nothing of the backup is then in it.
 */
export async function restoreBackup(file: string, directory: string, watch: Watch): Promise<CopyFacts> {
  const damaged = 'nothing was restored; give another backup'
  const source = openReadOnly(resolve(file), {
    missing: `There is no file ${file}; give one that recoup backup has made.`,
    foreign: 'give a file that recoup backup has made',
    damaged,
  })
  try {
    const lock = lockDirectory(directory)
    try {
      const target = resolve(databasePath(directory))
      // Nobody else is writing it: it was left by a process that was killed.
      rmSync(partialName(target), { force: true })
      const occupied = 'choose another directory with --data, or move what is in this one away'
      const facts = await copyDatabase(source, target, { ...watch, damaged, occupied, journalMode: 'wal' })
      sync(dirname(resolve(directory)))
      return facts
    } finally {
      lock.release()
    }
  } finally {
    source.close()
  }
}
