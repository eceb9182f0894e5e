import { z } from 'zod'
import { look } from './operation.ts'
import { eventsOwed, requestsUnderWay, unfinishedPayments } from './unfinished-payments.ts'
import { until } from './until.ts'

const settleWithinMs = 30_000

const payment = z.object({ status: z.string() })

/**
 * Waits until every payment of the directory has completed or failed, as its server at `url` says over HTTP, and no
 * request is left that could begin one. Rejects when the server is gone.
 */
export async function settled(directory: string, url: string): Promise<void> {
  let left = unfinishedPayments(directory)
  await until(`the payments ${left.join()} end`, settleWithinMs, async () => {
    await look(url, '/livez')
    const stages = await Promise.all(left.map(id => stageOf(url, id)))
    left = left.filter((_, at) => stages[at] !== 'COMPLETED' && stages[at] !== 'FAILED')
    if (left.length > 0) return false
    // A message that was on disk may have begun another one.
    left = unfinishedPayments(directory)
    return left.length === 0 && requestsUnderWay(directory) === 0
  })
}

/** Waits until the server has nothing more to do by itself: everything has settled and what it owed is delivered. */
export async function idle(directory: string, url: string): Promise<void> {
  await settled(directory, url)
  await until('nothing is owed', settleWithinMs, async () => {
    await look(url, '/livez')
    return eventsOwed(directory) === 0
  })
}

async function stageOf(url: string, paymentId: number): Promise<string> {
  return payment.parse((await look(url, `/payments/${paymentId}`)).body).status
}
