import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { MachineChart } from '../machines/machine-chart.ts'
import type { LaidOutChart } from './chart-layout.ts'

/**
 * The charts of machines, laid out when they are first asked for and kept by what the machine says, so that each
 * definition is laid out once.
 */
export function createCharts(charts: readonly MachineChart[], lay = layOutInThread) {
  const laidOut = new Map<string, Promise<LaidOutChart>>()

  return {
    list: () => charts.map(({ id, version, description, digest }) => ({ id, version, description, digest })),
    /** `undefined` when there is no such machine. */
    chart(id: string): Promise<LaidOutChart> | undefined {
      const chart = charts.find(candidate => candidate.id === id)
      if (chart === undefined) return undefined
      const kept = laidOut.get(chart.digest)
      if (kept !== undefined) return kept
      const laying = lay(chart)
      laidOut.set(chart.digest, laying)
      // What could not be laid out is tried again when it is next asked for.
      laying.catch(() => laidOut.delete(chart.digest))
      return laying
    },
  }
}

async function layOutInThread(chart: MachineChart): Promise<LaidOutChart> {
  const file = new URL(`./chart-thread${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(file, { workerData: chart })
  try {
    const [laidOut] = (await once(worker, 'message')) as [LaidOutChart]
    return laidOut
  } finally {
    void worker.terminate()
  }
}
