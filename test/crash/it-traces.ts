import { it } from 'vitest'
import { straceWorks } from './traced-syscalls.ts'

const mayTrace = straceWorks()
if (!mayTrace)
  process.stderr.write(
    'Skipped: strace is not here, or may not trace; install it (apt-get install strace).\n',
  )

/** A test that needs strace. Where there is none it is skipped with a visible line, but never in CI, which installs it. */
export const itTraces = it.skipIf(!mayTrace && process.env['CI'] === undefined)
