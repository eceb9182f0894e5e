import { restoreBackup } from '../persistence/backup.ts'
import { CopyError } from '../persistence/database-copy.ts'
import { type Command, configOf } from './command.ts'
import { copyFactsJson, copyFactsLine } from './copy-facts.ts'
import { interruption } from './interruption.ts'
import { createTerminalProgress } from './progress.ts'

export const restoreCommand: Command = {
  summary:
    'Makes an empty data directory what a backup was taken of, after checking it; whatever came later is gone.',
  usage: 'recoup restore FILE [--data recoup-data] [--json]',
  options: { data: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 1,
  async run(given, terminal) {
    const [file = ''] = given.positionals
    const { dataDirectory } = configOf(given, terminal)
    using interrupted = interruption(
      new CopyError(`The restore was interrupted; nothing of ${file} is in ${dataDirectory}.`),
    )
    const facts = await restoreBackup(file, dataDirectory, {
      now: terminal.clock.now(),
      signal: interrupted.signal,
      progress: createTerminalProgress(terminal.errorStream, terminal.clock),
    })
    terminal.out(
      given.values['json']
        ? JSON.stringify({ file, dataDirectory, ...copyFactsJson(facts) })
        : `restored ${dataDirectory} from ${file}: ${copyFactsLine(facts)}`,
    )
    return 0
  },
}
