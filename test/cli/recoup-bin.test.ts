import { execFileSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recoup } from './recoup-process.ts'

const program = 'bin/recoup.mjs'

/** The first Node on the PATH, or where systems put theirs, that is too old. */
function olderNode(): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  return directories.map(directory => join(directory, 'node')).find(isTooOld)
}

function isTooOld(node: string): boolean {
  try {
    const version = execFileSync(node, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return version.localeCompare('v24.7.0', 'en', { numeric: true }) < 0
  } catch {
    return false
  }
}

const older = olderNode()

describe('bin/recoup.mjs', () => {
  it('runs the command line', async () => {
    expect(await recoup(['--version'], { program })).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
    expect(await recoup(['pay'], { program })).toMatchObject({ status: 2 })
  })

  it.skipIf(older === undefined)('says in one sentence that an older Node will not do', async () => {
    const { status, output, errors } = await recoup(['--help'], { program, ...(older && { node: older }) })
    expect({ status, output }).toEqual({ status: 1, output: '' })
    expect(errors).toMatch(/^Recoup needs Node 24\.7 or newer, and this is \d+\.\d+\.\d+; [^\n]+\n$/)
  })
})
