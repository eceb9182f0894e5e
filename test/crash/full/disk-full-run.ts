import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { RecoupProcess } from '../../cli/recoup-process.ts'
import { Client } from '../client.ts'
import { firstCustomerId } from '../crash-profile.ts'
import { look } from '../operation.ts'
import { Random } from '../random.ts'
import { randomRequests } from '../random-requests.ts'
import { seededDirectory } from '../seeded-directory.ts'
import { settleAndCompare } from '../settle-and-compare.ts'
import { until } from '../until.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'

/*
 * The disk of a running server is filled and emptied again, under load. While it is full questions are answered and
 * what would change something gets 503 UNAVAILABLE; once there is space, the same process goes on by itself.
 */

export interface DiskFullFigures {
  /** How often the disk was full. */
  rounds: number
  acknowledgements: number
  /** Requests answered with 503 UNAVAILABLE. */
  refused: number
  /** Questions asked, and answered, while writes were refused. */
  reads: number
  /** From space to the first acknowledgement, at most, in milliseconds. */
  recoveredMsMax: number
  faults: string[]
}

export interface DiskFullOptions {
  readonly directory: string
  readonly rounds: number
  readonly seed: number
  /** Alters the server. */
  readonly environment?: Record<string, string>
  /** That server acknowledges what it could not keep, so that nothing is refused. */
  readonly believes?: true
  say?(line: string): void
}

const customers = 8
const diskBytes = 64 * 1024 * 1024
const refusalsPerRound = 24
const acknowledgementsPerRound = 60
const withinMs = 60_000
const restMs = 20

/** `undefined` where no file system may be mounted. */
export async function fillDiskUnderLoad(options: DiskFullOptions): Promise<DiskFullFigures | undefined> {
  const { directory } = options
  const seeded = await seededDirectory(directory, customers)
  using disk = mountSmallDisk(join(directory, 'small-disk'), diskBytes)
  if (disk === undefined) return undefined
  const data = join(disk.path, 'data')
  cpSync(seeded, data, { recursive: true })
  // Not before its end is the disk taken away.
  return await run(disk, data, options)
}

async function run(disk: SmallDisk, data: string, options: DiskFullOptions): Promise<DiskFullFigures> {
  const { rounds, seed, say, environment = {}, believes } = options
  const figures = {
    rounds: 0,
    acknowledgements: 0,
    refused: 0,
    reads: 0,
    recoveredMsMax: 0,
    faults: [] as string[],
  }
  const random = new Random(seed)
  let stopped = false
  const clients = Array.from({ length: customers }, (_, at) => {
    const next = randomRequests(random.fork())
    return new Client(firstCustomerId + at, notes => (stopped ? undefined : next(notes)), true)
  })
  const sum = (of: (client: Client) => number) => clients.reduce((total, client) => total + of(client), 0)
  const acknowledged = () => sum(({ notes }) => notes.acknowledgements)
  const refused = () => sum(({ notes }) => notes.unavailable)

  const turnedDown = () => refused() + (believes ? acknowledged() : 0)

  await using server = new RecoupProcess(['serve', '--port', '0', '--data', data], { environment })
  const url = await server.listening
  const running = Promise.all(clients.map(client => client.run(url)))
  const died = server.ended.then(({ status, errors }) => {
    throw new Error(`the server ended with ${status}: ${errors}`)
  })
  died.catch(() => {})
  try {
    while (figures.rounds < rounds) {
      const before = acknowledged()
      await Promise.race([
        died,
        until('there is load', withinMs, () => acknowledged() >= before + acknowledgementsPerRound),
      ])
      // What is left is less than a commit or two.
      disk.fill(random.below(4) * 4_096)
      const turnedDownBefore = turnedDown()
      await Promise.race([
        died,
        until(
          'writes are refused',
          withinMs,
          () => turnedDown() >= turnedDownBefore + refusalsPerRound,
          restMs,
        ),
      ])
      figures.reads += await readsWhileFull(url, figures.faults)
      disk.clear()
      const spaceAt = performance.now()
      const then = acknowledged()
      await Promise.race([died, until('writes are taken again', withinMs, () => acknowledged() > then)])
      figures.recoveredMsMax = Math.max(figures.recoveredMsMax, Math.round(performance.now() - spaceAt))
      figures.rounds += 1
      say?.(`full ${figures.rounds} of ${rounds}: ${acknowledged()} acknowledged, ${refused()} refused`)
    }
    stopped = true
    await running
    figures.faults.push(...(await settleAndCompare(data, url, clients)))
    const { status, errors } = await server.end('SIGTERM')
    if (status !== 0) figures.faults.push(`the server ended with ${status}: ${errors}`)
  } catch (error) {
    figures.faults.push(String(error), ...clients.flatMap(({ notes }) => notes.faults))
  } finally {
    stopped = true
    disk.clear()
  }
  figures.acknowledgements = acknowledged()
  figures.refused = refused()
  return figures
}

/** Asks several questions, all of which have to be answered although nothing can be written. */
async function readsWhileFull(url: string, faults: string[]): Promise<number> {
  const paths = [
    '/products',
    '/products/1',
    `/balances/${firstCustomerId}`,
    `/orders?customerId=${firstCustomerId}`,
  ]
  const answers = await Promise.all(paths.map(path => look(url, path)))
  for (const [at, { status }] of answers.entries()) {
    if (status !== 200) faults.push(`${paths[at]} was answered ${status} while the disk was full`)
  }
  return answers.filter(({ status }) => status === 200).length
}
