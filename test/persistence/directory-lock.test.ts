import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DataDirectoryError } from '../../src/persistence/database.ts'
import { lockDirectory } from '../../src/persistence/directory-lock.ts'
import { dataDirectory } from '../support/data-directory.ts'

const lockModule = new URL('../../src/persistence/directory-lock.ts', import.meta.url).href

/** A process of its own that holds the directory until it is killed. */
async function holderOf(directory: string) {
  const program = `
    const { lockDirectory } = await import(${JSON.stringify(lockModule)})
    lockDirectory(${JSON.stringify(directory)})
    process.stdout.write('held')
    process.stdin.resume()`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return {
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

describe('A locked directory', () => {
  it('refuses a second process, and is free once the first was killed', async () => {
    const directory = dataDirectory()
    const holder = await holderOf(directory)
    expect(() => lockDirectory(directory)).toThrow(DataDirectoryError)
    expect(() => lockDirectory(directory)).toThrow(
      /^Another Recoup process is using .*; stop it, or choose another/,
    )
    await holder.kill()
    lockDirectory(directory).release()
  })

  it('refuses a second owner in the same process, until it is released', () => {
    const directory = dataDirectory()
    const lock = lockDirectory(directory)
    expect(() => lockDirectory(directory)).toThrow(DataDirectoryError)
    lock.release()
    lockDirectory(directory).release()
  })

  it('is made when it does not exist', () => {
    lockDirectory(join(dataDirectory(), 'new', 'data')).release()
  })

  it('cannot be a file', () => {
    const file = join(dataDirectory(), 'file')
    writeFileSync(file, '')
    expect(() => lockDirectory(file)).toThrow(/cannot be a data directory/)
  })
})
