import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { openDatabaseReadOnly } from '../../../src/persistence/database.ts'
import { RecoupProcess } from '../../cli/recoup-process.ts'
import { look, sendOperation } from '../operation.ts'
import { broken } from '../settle-and-compare.ts'
import { until } from '../until.ts'

/** How long a server took that found so many payments open. Milliseconds from the start of its process. */
export interface RestartFigures {
  readonly open: number
  readonly openByStep: readonly string[]
  readonly listeningMs: number
  readonly readMs: number
  readonly chargeMs: number
  readonly paymentMs: number
  /** Processor time that it had taken by then: what does not depend on who else uses the machine. */
  readonly cpuMs: number
  /** The slowest read while it ended what was open, in milliseconds from its sending. */
  readonly slowestReadMs: number
  /** Until the last of them had ended. */
  readonly settledMs: number
  readonly completed: number
  readonly failed: number
  readonly faults: readonly string[]
}

const settleWithinMs = 30 * 60_000
const lookEveryMs = 250
const customerId = 1_001
const [productId, productOptionId] = [5_001, 6_001]

/** Starts a server on `directory`, asks it at once for a read, a charge and a payment, and waits until nothing is open. */
export async function restartWithOpenPayments(
  directory: string,
  say: (line: string) => void,
): Promise<RestartFigures> {
  const openByStep = stepsOf(directory)
  const open = countOf(openByStep)
  const startedAt = performance.now()
  const sinceStart = () => Math.round(performance.now() - startedAt)
  await using server = new RecoupProcess(['serve', '--port', '0', '--data', directory])
  const url = await server.listening
  const listeningMs = sinceStart()
  const [readMs, chargeMs, paymentMs] = await Promise.all([
    answeredAt(look(url, `/balances/${customerId}`), 200),
    answeredAt(sendOperation(url, customerId, { type: 'charge', amount: 7 }), 200),
    pay(),
  ])
  const cpuMs = processorMsOf(server.pid)
  say(
    `listening after ${listeningMs} ms; read ${readMs} ms, charge ${chargeMs} ms, payment ${paymentMs} ms; processor ${cpuMs} ms`,
  )

  async function answeredAt(answer: ReturnType<typeof look>, wanted: number): Promise<number> {
    const { status, body } = await answer
    if (status !== wanted) throw new Error(`It was answered ${status} ${JSON.stringify(body)}`)
    return sinceStart()
  }

  async function pay(): Promise<number> {
    const items = [{ productId, productOptionId, quantity: 1 }]
    const { body } = await sendOperation(url, customerId, { type: 'order', items })
    const { orderId } = z.object({ orderId: z.int() }).parse(body)
    return answeredAt(sendOperation(url, customerId, { type: 'pay', orderId, atOnce: false }), 201)
  }

  let slowestReadMs = 0
  let told = 0
  await until(
    'no payment is open',
    settleWithinMs,
    async () => {
      const askedAt = performance.now()
      await look(url, `/balances/${customerId}`)
      slowestReadMs = Math.max(slowestReadMs, Math.round(performance.now() - askedAt))
      const left = countOf(stepsOf(directory))
      if (sinceStart() - told > 5_000) {
        told = sinceStart()
        say(`${left} payments open after ${told} ms`)
      }
      return left === 0
    },
    lookEveryMs,
  )
  const settledMs = sinceStart()
  const faults = broken(directory)
  const { status, errors } = await server.end('SIGTERM')
  if (status !== 0) faults.push(`the server ended with ${status}: ${errors}`)
  const ended = new Map(countsOf(directory))
  const [completed = 0, failed = 0] = [ended.get('completed'), ended.get('failed')]
  // The one that was asked for meanwhile comes on top.
  if (completed + failed !== open + 1)
    faults.push(`${completed + failed} payments ended, and not ${open + 1}`)
  const figures = {
    open,
    openByStep: openByStep.map(([step, count]) => `${count} ${step}`),
    completed,
    failed,
  }
  return { ...figures, listeningMs, readMs, chargeMs, paymentMs, cpuMs, slowestReadMs, settledMs, faults }
}

const clockTicksPerSecond = 100

/** Processor time that a process has taken, all its threads, from its start. */
function processorMsOf(pid: number): number {
  // After the name, which may hold spaces: fields 14 and 15 of proc(5).
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / clockTicksPerSecond
}

type Counts = readonly (readonly [step: string, count: number])[]

/** The steps in which payments wait, with how many do. */
function stepsOf(directory: string): Counts {
  return countsOf(directory).filter(([step]) => step !== 'completed' && step !== 'failed')
}

function countsOf(directory: string): Counts {
  const database = openDatabaseReadOnly(directory)
  try {
    return database
      .prepare<[], [string, number]>(
        `SELECT state ->> '$.value', count(*) FROM snapshots WHERE kind = 'payment' GROUP BY 1 ORDER BY 1`,
      )
      .raw()
      .all()
  } finally {
    database.close()
  }
}

const countOf = (counts: Counts) => counts.reduce((sum, [, count]) => sum + count, 0)
