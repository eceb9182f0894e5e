import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RecoupProcess } from '../../cli/recoup-process.ts'
import { Client } from '../client.ts'
import { crashProfile, firstCustomerId } from '../crash-profile.ts'
import { Random } from '../random.ts'
import { randomRequests } from '../random-requests.ts'
import { type DiskEvent, diskEventsOf, recordingOptions } from './disk-events.ts'

/** What a database was through from the moment it was made, and what customers were told meanwhile. */
export interface PowerRecording {
  readonly name: string
  readonly events: readonly DiskEvent[]
  /** The event after which `recoup seed` said that it was done. */
  readonly seeded: number
  /** Answers that the clients received: as many as were recorded. */
  readonly answers: number
}

export interface RecordingOptions {
  readonly name: string
  /** An empty one, or none. */
  readonly directory: string
  readonly seed: number
  readonly customers: number
  /** Requests of each customer, one after the other. */
  readonly requests: number
  /** The server is this program instead of `recoup serve`. */
  readonly program?: string
  /** Alters seeding and server. */
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Fills a new data directory and serves it under load, both under strace, and gives back everything they did to the
 * disk and everything the server answered, in the order in which it happened. The server ends as it should.
 */
export async function recordPower(options: RecordingOptions): Promise<PowerRecording> {
  const { name, directory, seed, customers, requests } = options
  mkdirSync(directory, { recursive: true })
  const profile = join(directory, 'profile.json')
  writeFileSync(profile, JSON.stringify(crashProfile(customers)))
  const data = join(directory, 'data')
  mkdirSync(data)

  const seeding = await traced(options, data, 'seed.strace', ['--profile', profile, '--data', data], 'seed')
  const random = new Random(seed)
  const clients = Array.from(
    { length: customers },
    (_, at) => new Client(firstCustomerId + at, limited(requests, randomRequests(random.fork()))),
  )
  const words = ['--port', '0', '--data', data]
  const serving = await traced(options, data, 'serve.strace', words, 'serve', async url => {
    const answered = await Promise.all(clients.map(client => client.run(url)))
    if (answered.includes(false)) throw new Error('The server was gone before everything was answered')
  })
  const faults = clients.flatMap(({ notes }) => notes.faults)
  if (faults.length > 0) throw new Error(faults.join('\n'))

  const shift = seeding.length
  const events = [
    ...seeding,
    ...serving.map(event => ('before' in event ? { ...event, before: event.before + shift } : event)),
  ]
  const answers = clients.reduce((sum, client) => sum + client.answers.length, 0)
  const recorded = events.filter(({ type }) => type === 'answer').length
  if (recorded !== answers) throw new Error(`${answers} answers were received and ${recorded} recorded`)
  return { name, events, seeded: shift, answers }
}

function limited<Notes, Request>(most: number, next: (notes: Notes) => Request) {
  let asked = 0
  return (notes: Notes) => {
    asked += 1
    return asked > most ? undefined : next(notes)
  }
}

async function traced(
  { directory, program, environment = {} }: RecordingOptions,
  data: string,
  file: string,
  words: readonly string[],
  command: 'seed' | 'serve',
  use?: (url: string) => Promise<void>,
): Promise<DiskEvent[]> {
  const log = join(directory, file)
  const own = command === 'serve' ? program : undefined
  {
    await using server = new RecoupProcess(own === undefined ? [command, ...words] : words, {
      environment,
      ...(own && { program: own }),
      under: ['strace', '-D', ...recordingOptions, '-o', log],
    })
    if (use !== undefined) {
      await use(await server.listening)
      await server.end('SIGTERM')
    }
    const { status, errors } = await server.ended
    if (status !== 0) throw new Error(`recoup ${command} ended with ${status}: ${errors}`)
  }
  const events = diskEventsOf(log, data)
  rmSync(log)
  return events
}
