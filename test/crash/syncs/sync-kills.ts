import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { RecoupProcess } from '../../cli/recoup-process.ts'
import { Client } from '../client.ts'
import { firstCustomerId } from '../crash-profile.ts'
import type { Answer } from '../operation.ts'
import { seededDirectory } from '../seeded-directory.ts'
import { settleAndCompare } from '../settle-and-compare.ts'
import { idle } from '../settled.ts'
import { callsByThread, syncCalls, under } from '../traced-syscalls.ts'
import { until } from '../until.ts'
import { pathRequests } from './path-requests.ts'
import { pathEnvironment, type SagaPath } from './saga-paths.ts'

/*
 * Kills the server at each of its syncs. Nothing that a kill can meet is left out: what is written between two syncs is
 * either there after a kill or not, like what was written before the first of the two. The page cache outlives a kill,
 * so this says nothing about power cuts.
 */

export interface SyncKillFigures {
  /** By path and server: the syncs of a run without a kill. */
  readonly syncs: Map<string, number>
  kills: number
  /** Kills while a server was ending what the kill before it had left. */
  recoveryKills: number
  restarts: number
  acknowledgements: number
  compared: number
  /** Kills that were planned and never came about. */
  missed: string[]
  faults: string[]
}

export interface SyncKillOptions {
  /** An empty one. */
  readonly directory: string
  /** Steps that share a commit; without it the server commits as it always does. */
  readonly tickSteps?: number
  /** The recovery after a kill is killed at each of its first syncs, up to this one. */
  readonly recoverySyncsMax: number
  /** Alters the server. */
  readonly environment?: Readonly<Record<string, string>>
  say?(line: string): void
}

const triesMax = 3

export class SyncKills {
  readonly figures: SyncKillFigures = {
    syncs: new Map(),
    kills: 0,
    recoveryKills: 0,
    restarts: 0,
    acknowledgements: 0,
    compared: 0,
    missed: [],
    faults: [],
  }
  readonly #options: SyncKillOptions
  #template = ''
  #directories = 0

  constructor(options: SyncKillOptions) {
    this.#options = options
  }

  /** Kills at each sync of a path, and at each of what comes after. */
  async run(path: SagaPath): Promise<void> {
    const { tickSteps, say } = this.#options
    const name = `${path.name}${tickSteps === undefined ? '' : `, ${tickSteps} steps a commit`}`
    const syncs = await this.#countSyncs(path)
    this.figures.syncs.set(name, syncs)
    for (let sync = 1; sync <= syncs; sync += 1) await this.#killAt(path, name, sync)
    const { kills, recoveryKills, faults } = this.figures
    say?.(
      `${name}: ${syncs} syncs; ${kills} kills, ${recoveryKills} in recovery, ${faults.length} faults so far`,
    )
  }

  /** Comes before the first path. */
  async seed(): Promise<void> {
    this.#template = await seededDirectory(this.#options.directory, 1)
  }

  #copyOf(directory: string): string {
    this.#directories += 1
    const copy = join(this.#options.directory, `${this.#directories}`)
    cpSync(directory, copy, { recursive: true })
    return copy
  }

  #start(path: SagaPath, directory: string, tracer: readonly string[] = []): RecoupProcess {
    const { tickSteps, environment } = this.#options
    return new RecoupProcess(['--port', '0', '--data', directory], {
      program: 'test/crash/syncs/saga-path-server.ts',
      under: tracer,
      environment: {
        ...pathEnvironment,
        ...environment,
        CRASH_PATH: path.name,
        ...(tickSteps && { CRASH_TICK_STEPS: String(tickSteps) }),
      },
    })
  }

  /** The syncs of a run without a kill, whose answers have to be those of the path. */
  async #countSyncs(path: SagaPath): Promise<number> {
    const directory = this.#copyOf(this.#template)
    const log = `${directory}.log`
    await using server = this.#start(path, directory, under({ directory, log, calls: syncCalls }))
    const url = await server.listening
    const client = new Client(firstCustomerId, pathRequests(path))
    await client.run(url)
    await idle(directory, url)
    const wanted = path.requests.map(({ answer }) => answer)
    const given = client.answers.map(answerOf)
    if (given.join() !== wanted.join()) {
      throw new Error(`The path ${path.name} was answered ${given.join()} and not ${wanted.join()}`)
    }
    await server.end('SIGTERM')
    // The tracer is a process of its own, and may have more to write than the server it saw end.
    await until(`${log} tells of the end`, 10_000, () => /\+\+\+ exited with/.test(readFileSync(log, 'utf8')))
    const [syncs = 0, ...others] = callsByThread(log)
    // One thread writes; the counts by which strace kills are those of a thread.
    if (others.length > 0) throw new Error(`The path ${path.name} synced in ${1 + others.length} threads`)
    rmSync(directory, { recursive: true })
    return syncs
  }

  async #killAt(path: SagaPath, name: string, sync: number): Promise<void> {
    for (let tries = 1; tries <= triesMax; tries += 1) {
      const directory = this.#copyOf(this.#template)
      const client = new Client(firstCustomerId, pathRequests(path))
      const killed = await this.#untilKilled(path, directory, sync, async url => {
        await client.run(url)
        await idle(directory, url)
      })
      if (!killed) continue
      this.figures.kills += 1
      this.figures.acknowledgements += client.notes.acknowledgements
      await this.#recover(path, `${name}, killed at sync ${sync}`, directory, client)
      return
    }
    this.figures.missed.push(`${name}, sync ${sync}`)
  }

  /** Whether the server was killed at this sync while `use` was being made of it. */
  async #untilKilled(
    path: SagaPath,
    directory: string,
    sync: number,
    use: (url: string) => Promise<void>,
  ): Promise<boolean> {
    const log = `${directory}.log`
    const tracing = { directory, log, calls: syncCalls, inject: `signal=KILL:when=${sync}` }
    await using server = this.#start(path, directory, under(tracing))
    // A kill may come before it listens, and at any moment of what is asked of it then.
    const used = server.listening.then(use).then(
      () => true,
      () => false,
    )
    if (await Promise.race([used, server.ended.then(() => false)])) return false
    const { signal, errors } = await server.ended
    const seen = callsByThread(log)[0]
    if (signal !== 'SIGKILL' || seen !== sync) {
      throw new Error(`It ended at sync ${seen} and not by the kill at ${sync}: ${signal} ${errors}`)
    }
    await used
    return true
  }

  /** Kills what comes after the kill at each of its syncs; then lets it be, and compares. */
  async #recover(path: SagaPath, name: string, left: string, client: Client): Promise<void> {
    const { recoverySyncsMax } = this.#options
    for (let sync = 1; sync <= recoverySyncsMax; sync += 1) {
      const directory = this.#copyOf(left)
      const other = client.copy()
      const killed = await this.#untilKilled(path, directory, sync, async url => {
        await idle(directory, url)
        await other.resume(url)
        await idle(directory, url)
      })
      if (!killed) {
        rmSync(directory, { recursive: true })
        break
      }
      this.figures.recoveryKills += 1
      await this.#compare(path, `${name} and at sync ${sync} of recovery`, directory, other)
    }
    await this.#compare(path, name, left, client)
  }

  /** What the next server says of what the one before it left, which is kept when it is not what it should be. */
  async #compare(path: SagaPath, name: string, directory: string, client: Client): Promise<void> {
    await using server = this.#start(path, directory)
    let found: string[]
    try {
      found = await settleAndCompare(directory, await server.listening, [client])
      const { status, errors } = await server.end('SIGTERM')
      if (status !== 0) found.push(`the last server ended with ${status}: ${errors}`)
    } catch (error) {
      found = [String(error)]
    }
    this.figures.restarts += 1
    this.figures.compared += 1
    this.figures.faults.push(...found.map(fault => `${name}: ${fault} (${directory})`))
    if (found.length === 0) rmSync(directory, { recursive: true })
  }
}

function answerOf({ status, body }: Answer): number | string {
  return status < 300 ? status : (body as { code: string }).code
}
