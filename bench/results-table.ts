import { type Load, orderLoads, spikeLoad } from './loads.ts'
import { median } from './percentile.ts'
import { orderResults, spikeResults, type Turn, throughputRatio } from './turn.ts'

/** The table of both servers: each figure is the median of the rounds. */
export function resultsTable(turns: readonly Turn[]): string {
  const peers = [...new Set(turns.map(turn => turn.peer))]
  const orderRows = orderLoads.flatMap(load => peers.map(peer => orderRow(turns, peer, load)))
  const spikeRows = peers.map(peer => spikeRow(turns, peer))
  return [
    aligned([
      [
        'load',
        'server',
        'payments/s',
        '(min to max)',
        'ratio',
        'p50 ms',
        'p99 ms',
        'pay p50',
        'pay p99',
        'CPU µs',
        'KiB written',
        'peak MiB',
      ],
      ...orderRows.filter(row => row !== undefined),
    ]),
    aligned([
      ['load', 'server', 'issued', 'refused', 'exact', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU µs', 'peak MiB'],
      ...spikeRows.filter(row => row !== undefined),
    ]),
  ].join('\n\n')
}

function orderRow(turns: readonly Turn[], peer: string, load: Load): string[] | undefined {
  const results = orderResults(turns, peer, load)
  if (results.length === 0) return undefined
  const of = (figure: Exclude<keyof (typeof results)[number], 'errors'>) =>
    median(results.map(result => result[figure]))
  const rates = results.map(result => result.paymentsPerSecond)
  const ratio = throughputRatio(results, orderResults(turns, 'hand-written', load))
  return [
    load.name,
    peer,
    of('paymentsPerSecond').toFixed(0),
    `${Math.min(...rates).toFixed(0)} to ${Math.max(...rates).toFixed(0)}`,
    Number.isNaN(ratio) ? '-' : ratio.toFixed(2),
    of('p50Ms').toFixed(1),
    of('p99Ms').toFixed(1),
    of('payP50Ms').toFixed(1),
    of('payP99Ms').toFixed(1),
    of('cpuMicrosecondsPerPayment').toFixed(0),
    (of('bytesWrittenPerPayment') / 1024).toFixed(1),
    (of('peakMemoryBytes') / 1024 ** 2).toFixed(0),
  ]
}

function spikeRow(turns: readonly Turn[], peer: string): string[] | undefined {
  const results = spikeResults(turns, peer, spikeLoad)
  if (results.length === 0) return undefined
  const of = (figure: Exclude<keyof (typeof results)[number], 'errors' | 'exact'>) =>
    median(results.map(result => result[figure]))
  return [
    spikeLoad.name,
    peer,
    of('issued').toFixed(0),
    of('refused').toFixed(0),
    results.every(result => result.exact) ? 'yes' : 'NO',
    of('p50Ms').toFixed(1),
    of('p95Ms').toFixed(1),
    of('p99Ms').toFixed(1),
    of('cpuMicrosecondsPerRequest').toFixed(0),
    (of('peakMemoryBytes') / 1024 ** 2).toFixed(0),
  ]
}

/** Columns as wide as their widest cell; the first two are names, the others figures. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? []
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}
