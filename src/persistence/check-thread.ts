import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { type CheckAnswer, type CheckRequest, type CheckThreadData, createDirectChecker } from './checker.ts'
import { openDatabaseReadOnly } from './database.ts'

/* The thread that checks: one check after the other until it is told `null`. Payments go before it. */

// There, and only there, a priority is the calling thread's own.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const { directory, givenUp } = workerData as CheckThreadData
const database = openDatabaseReadOnly(directory)
const checker = createDirectChecker(database, () => Atomics.load(givenUp, 0) === 1)

parentPort?.on('message', async (request: CheckRequest) => {
  if (request === null) {
    database.close()
    parentPort?.close()
    return
  }
  let answer: CheckAnswer
  try {
    answer = await checker.check(request.extent, request.now)
  } catch (error) {
    answer = { error: String(error) }
  }
  parentPort?.postMessage(answer)
})
