import os from 'node:os'
import { backUp } from '../persistence/backup.ts'
import { CopyError } from '../persistence/database-copy.ts'
import { type Command, configOf } from './command.ts'
import { copyFactsJson, copyFactsLine } from './copy-facts.ts'
import { interruption } from './interruption.ts'
import { createTerminalProgress } from './progress.ts'

/** Whoever pays meanwhile goes first. Further down, a machine that is never idle would not let it come to an end. */
const nice = 5

function giveWay(): void {
  os.setPriority(nice)
}

export const backupCommand: Command = {
  summary:
    'Copies the last commit of a data directory into one file, also beside a running server; checks the copy.',
  usage: 'recoup backup FILE [--data recoup-data] [--json]',
  options: { data: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 1,
  async run(given, terminal) {
    const [file = ''] = given.positionals
    const { dataDirectory } = configOf(given, terminal)
    using interrupted = interruption(new CopyError('The backup was interrupted; nothing is left of it.'))
    const facts = await backUp(dataDirectory, file, {
      now: terminal.clock.now(),
      signal: interrupted.signal,
      progress: createTerminalProgress(terminal.errorStream, terminal.clock),
      // Not sooner: as long as it copies, the WAL cannot start over.
      onCopied: giveWay,
    })
    terminal.out(
      given.values['json']
        ? JSON.stringify({ file, ...copyFactsJson(facts) })
        : `backed up ${dataDirectory} to ${file}: ${copyFactsLine(facts)}`,
    )
    return 0
  },
}
