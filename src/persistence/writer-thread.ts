import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { type Calls, createBatchWriter } from './batch-writer.ts'
import { preparePragmas } from './database.ts'

/* The thread that writes: one batch after the other until it is told `null`. */

const database = new Sqlite(workerData as string)
preparePragmas(database)
const write = createBatchWriter(database)

parentPort?.on('message', (calls: Calls | null) => {
  if (calls !== null) {
    parentPort?.postMessage(write(calls))
    return
  }
  database.close()
  parentPort?.close()
})
