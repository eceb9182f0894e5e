import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { RecoupProcess } from '../../cli/recoup-process.ts'
import { Client } from '../client.ts'
import { firstCustomerId } from '../crash-profile.ts'
import { Random } from '../random.ts'
import { randomRequests } from '../random-requests.ts'
import { settleAndCompare } from '../settle-and-compare.ts'
import {
  acknowledgedAfterError,
  directoryFailed,
  errorsInjected,
  syncCalls,
  under,
} from '../traced-syscalls.ts'

/*
 * A server whose disk fails: some of its syncs or writes are given an error. What it does then is either to refuse what
 * it could not keep and go on, or to end because nobody knows what was kept.
 */

/** What fails, and how. */
export interface DiskFault {
  readonly call: 'sync' | 'write'
  readonly error: 'EIO' | 'ENOSPC'
}

/** One life of a server, in which the calls number `first`, `first + step` … up to `last` fail. */
export interface FailingLife extends DiskFault {
  readonly first: number
  readonly step: number
  readonly last: number
}

export interface FailingLifeResult {
  /** Calls that really failed. */
  readonly fired: number
  readonly ended: boolean
  /** A sync of the directory failed, of which SQLite says nothing. */
  readonly directoryFailed: boolean
  /** Requests that were answered with 503 UNAVAILABLE. */
  readonly refused: number
  readonly acknowledgements: number
  readonly faults: readonly string[]
}

/** A customer asks on for a little while after the last call has failed. */
const requestsAfter = 4
const lookEvery = 8

/**
 * Lives it on a copy of `seeded`, which has one customer, and lets the next server, on a disk that works, end what was
 * left. One customer asks for one thing after the other, so that every commit has one answer.
 */
export async function liveOnFailingDisk(
  life: FailingLife,
  {
    seeded,
    directory,
    environment = {},
  }: { seeded: string; directory: string; environment?: Record<string, string> },
): Promise<FailingLifeResult> {
  const { call, error, first, step, last } = life
  const name = `${call} ${error} at ${first}${first + step > last ? '' : `, every ${step} up to ${last}`}`
  const data = join(directory, name.replaceAll(/\W+/g, '-'))
  cpSync(seeded, data, { recursive: true })
  const log = `${data}.strace`
  const tracer = under({
    directory: data,
    log,
    inject: `error=${error}:when=${first}..${last}+${step}`,
    ...(call === 'sync' ? { calls: syncCalls, answers: true } : { calls: 'pwrite64' }),
  })
  const planned = 1 + Math.floor((last - first) / step)
  const client = new Client(firstCustomerId, untilFailed(log, planned, last), true)
  let ended = false
  {
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', data], {
      under: tracer,
      environment,
    })
    ended = !(await client.run(await server.listening))
    const { status, signal, errors } = await server.end('SIGTERM')
    if (status !== (ended ? 1 : 0))
      client.notes.faults.push(`the server ended with ${status ?? signal}: ${errors}`)
  }
  const answered = acknowledgedAfterError(log)
  const refused = client.notes.unavailable
  // Also what is done on the way out may fail.
  const fired = Math.min(planned, errorsInjected(log))
  const faults = answered.length > 0 ? [`${answered.length} acknowledgements left after the error`] : []
  try {
    await using server = new RecoupProcess(['serve', '--port', '0', '--data', data])
    faults.push(...(await settleAndCompare(data, await server.listening, [client])))
  } catch (error) {
    faults.push(`recovery failed: ${String(error)}`)
  }
  if (faults.length === 0) rmSync(data, { recursive: true })
  const ofDirectory = call === 'sync' && !ended && directoryFailed(log)
  rmSync(log)
  return {
    fired,
    ended,
    directoryFailed: ofDirectory,
    refused,
    acknowledgements: client.notes.acknowledgements,
    faults: faults.map(fault => `${name}: ${fault} (${data})`),
  }
}

/** Requests until so many calls have failed and a few more. */
function untilFailed(log: string, planned: number, last: number): ConstructorParameters<typeof Client>[1] {
  const next = randomRequests(new Random(last))
  // Nearly every request is a commit, which is a sync and several writes.
  let left = 2 * last + 20
  return notes => {
    if (notes.operations % lookEvery === 0 && errorsInjected(log) >= planned)
      left = Math.min(left, requestsAfter)
    left -= 1
    return left < 0 ? undefined : next(notes)
  }
}
