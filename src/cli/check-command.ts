import { type Command, configOf } from './command.ts'
import { brokenInvariants, invariantLines, invariantsOf } from './invariants-of.ts'

export const checkCommand: Command = {
  summary: 'Runs every invariant against a data directory, also beside a running server; only reads.',
  usage: 'recoup check [--data recoup-data] [--json]',
  options: { data: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 0,
  async run(given, terminal) {
    const invariants = invariantsOf(configOf(given, terminal).dataDirectory, terminal.clock)
    terminal.out(
      given.values['json'] ? JSON.stringify({ invariants }) : invariantLines(invariants).join('\n'),
    )
    const broken = brokenInvariants(invariants)
    if (broken.length > 0) terminal.errorStream.write(`broken: ${broken.join(', ')}\n`)
    return broken.length > 0 ? 1 : 0
  },
}
