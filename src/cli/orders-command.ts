import type { Config } from '../config.ts'
import { openDatabase, openDatabaseReadOnly } from '../persistence/database.ts'
import { lockDirectory } from '../persistence/directory-lock.ts'
import { type OrderFindings, rebuildOrders, verifyOrders } from '../persistence/order-rebuild.ts'
import { type Command, configOf } from './command.ts'
import { createTerminalProgress } from './progress.ts'
import type { Terminal } from './shop.ts'

const usage = 'recoup orders rebuild [--verify] [--data recoup-data] [--json]'

export const ordersCommand: Command = {
  summary:
    'Makes each order anew that is not the fold of its events; with --verify only compares, also beside a running server.',
  usage,
  options: { data: { type: 'string' }, verify: { type: 'boolean' }, json: { type: 'boolean' } },
  positionals: 1,
  async run(given, terminal) {
    if (given.positionals[0] !== 'rebuild') {
      terminal.errorStream.write(`Usage: ${usage}\n`)
      return 2
    }
    const config = configOf(given, terminal)
    const verifies = given.values['verify'] === true
    const findings = verifies ? verified(config, terminal) : rebuilt(config, terminal)
    terminal.out(given.values['json'] ? JSON.stringify(findings) : lines(findings, verifies).join('\n'))
    return (verifies ? findings.differingCount : findings.brokenStreams) > 0 ? 1 : 0
  },
}

function verified({ dataDirectory }: Config, terminal: Terminal): OrderFindings {
  const database = openDatabaseReadOnly(dataDirectory)
  try {
    return withProgress(database, terminal, advance =>
      database.transaction(() => verifyOrders(database, advance)).deferred(),
    )
  } finally {
    database.close()
  }
}

function rebuilt(config: Config, terminal: Terminal): OrderFindings {
  const { dataDirectory, timeZone, currency } = config
  // A directory that is not there is not made for this.
  openDatabaseReadOnly(dataDirectory).close()
  const lock = lockDirectory(dataDirectory)
  try {
    const database = openDatabase(dataDirectory, { timeZone, currency })
    try {
      const version = terminal.actorsOf(config).find(({ kind }) => kind === 'order')?.version ?? 1
      return withProgress(database, terminal, advance => rebuildOrders(database, version, advance))
    } finally {
      database.close()
    }
  } finally {
    lock.release()
  }
}

function withProgress<Result>(
  database: ReturnType<typeof openDatabase>,
  { errorStream, clock }: Terminal,
  run: (advance: () => void) => Result,
): Result {
  const orders = database.prepare<[], number>('SELECT count(DISTINCT order_id) FROM order_events').pluck()
  const bar = createTerminalProgress(errorStream, clock)('orders', orders.get() ?? 0)
  try {
    return run(() => bar.advance())
  } finally {
    bar.end()
  }
}

function lines(
  { orders, events, differing, differingCount, brokenStreams }: OrderFindings,
  verifies: boolean,
) {
  const n = (count: number) => count.toLocaleString('en')
  const rebuilt = differingCount - brokenStreams
  const made = verifies ? [] : [`${n(rebuilt)} of them made anew from their events`]
  return [
    ...differing.flatMap(({ differences }) => differences),
    ...(differingCount > differing.length ? [`and ${n(differingCount - differing.length)} orders more`] : []),
    differingCount === 0
      ? `${n(orders)} orders are the fold of their ${n(events)} events`
      : [`${n(differingCount)} of ${n(orders)} orders were not the fold of their events`, ...made].join('; '),
    ...(brokenStreams > 0
      ? [`${n(brokenStreams)} streams are broken themselves; restore a backup to get them back`]
      : []),
  ]
}
