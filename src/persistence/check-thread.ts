import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { type CheckAnswer, type CheckRequest, createDirectChecker } from './checker.ts'
import { openDatabaseReadOnly } from './database.ts'

/* The thread that checks: one check after the other for as long as it is left alive. Payments go before it. */

// There, and only there, a priority is the calling thread's own.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

const checker = createDirectChecker(openDatabaseReadOnly(workerData as string))
parentPort?.postMessage('ready' satisfies CheckAnswer)

parentPort?.on('message', async ({ extent, now }: CheckRequest) => {
  let answer: CheckAnswer
  try {
    answer = await checker.check(extent, now)
  } catch (error) {
    answer = { error: String(error) }
  }
  parentPort?.postMessage(answer)
})
