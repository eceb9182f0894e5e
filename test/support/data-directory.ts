import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A directory that is gone when the test is over; holding what another one holds, if one is named. */
export function dataDirectory(original?: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'recoup-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  if (original !== undefined) cpSync(original, directory, { recursive: true })
  return directory
}
