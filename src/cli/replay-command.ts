import v8 from 'node:v8'
import { type Command, configOf, wholeNumber } from './command.ts'
import { brokenInvariants, invariantLines, invariantsOf } from './invariants-of.ts'
import { createProgress } from './progress.ts'
import { replay } from './replay/replay.ts'
import { renderReport } from './replay/replay-report.ts'
import { assertRetailFile } from './replay/retail-csv.ts'

export const replayCommand: Command = {
  summary: 'Sends the orders of an Online Retail CSV through a server and reports what came of them.',
  usage: 'recoup replay FILE.csv[.gz] [--data recoup-data] [--exact] [--limit N] [--concurrency 16] [--json]',
  options: {
    data: { type: 'string' },
    exact: { type: 'boolean' },
    limit: { type: 'string' },
    concurrency: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 1,
  async run(given, terminal) {
    const { values, positionals } = given
    const config = configOf(given, terminal)
    const limit = values['limit'] === undefined ? undefined : wholeNumber(values['limit'], 'limit', 1)
    const options = {
      file: positionals[0] ?? '',
      exact: values['exact'] === true,
      concurrency: wholeNumber(values['concurrency'], 'concurrency', 16),
      ...(limit && { limit }),
    }
    // Before anything is opened: a missing file must leave no data directory behind.
    await assertRetailFile(options.file)
    // Server, clients and a year of orders in one process: collect before the heap is enlarged, not after.
    v8.setFlagsFromString('--heap-growing-percent=20')
    v8.setFlagsFromString('--max-semi-space-size=8')
    const shop = terminal.openShop(config)
    let report: Awaited<ReturnType<typeof replay>>
    try {
      const server = await shop.listen('127.0.0.1', 0, 'gateway')
      const progress = createProgress(terminal.errorStream, terminal.clock)
      report = await replay(options, { ...shop, baseUrl: server.url }, progress)
      await server.stop()
    } finally {
      await shop.close()
    }
    const invariants = invariantsOf(config.dataDirectory, terminal.clock)
    terminal.out(
      values['json']
        ? JSON.stringify({ ...report, invariants })
        : `${renderReport(report)}\n\n${invariantLines(invariants).join('\n')}`,
    )
    return brokenInvariants(invariants).length > 0 ? 1 : 0
  },
}
