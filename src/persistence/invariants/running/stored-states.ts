import type { Database, Statement } from 'better-sqlite3'
import { type Address, idOf, kindOf } from '../../../runtime/envelope.ts'
import type { Snapshot } from '../../../runtime/store.ts'
import { snapshotChecksum } from '../../checksum.ts'
import type { Findings } from './findings.ts'

/** What is to be judged leans on a row that was altered on disk, so nothing can be said of it. */
class Unjudgeable extends Error {
  override name = 'Unjudgeable'
}

/** So many are kept at a time, for those that are judged together. */
const snapshotsKeptMax = 2_000

type SnapshotRow = Snapshot & { readonly checksum: number }

/** Snapshots as they are at one look, each read and verified once. A damaged one is noted and then makes whoever asks for it throw. */
export class StoredStates {
  readonly #select: Statement<[string, string], SnapshotRow>
  readonly #snapshots = new Map<Address, SnapshotRow | undefined>()
  readonly #states = new Map<Address, unknown>()
  readonly #damaged = new Set<Address>()
  #findings: Findings

  constructor(database: Database, findings: Findings) {
    this.#select = database.prepare(
      'SELECT kind, id, version, transition, state, checksum FROM snapshots WHERE kind = ? AND id = ?',
    )
    this.#findings = findings
  }

  /** Forgets what was read: another look begins. */
  begin(findings: Findings): void {
    this.#snapshots.clear()
    this.#states.clear()
    this.#damaged.clear()
    this.#findings = findings
  }

  /** Throws `Unjudgeable` when it was altered on disk. */
  snapshot(address: Address): Snapshot | undefined {
    if (this.#damaged.has(address)) throw new Unjudgeable(address)
    if (this.#snapshots.has(address)) return this.#snapshots.get(address)
    const row = this.#select.get(kindOf(address), idOf(address))
    if (row !== undefined) {
      this.#findings.looked('E7')
      if (snapshotChecksum(row) !== row.checksum) {
        this.#damaged.add(address)
        this.#findings.violated('E7', `the snapshot of ${address} was altered`)
        throw new Unjudgeable(address)
      }
    }
    if (this.#snapshots.size >= snapshotsKeptMax) {
      this.#snapshots.clear()
      this.#states.clear()
    }
    this.#snapshots.set(address, row)
    return row
  }

  /** The state of an actor, parsed; what it looks like is for the caller to know. */
  state<State>(address: Address): State | undefined {
    const snapshot = this.snapshot(address)
    if (snapshot === undefined) return undefined
    let state = this.#states.get(address)
    if (state === undefined) {
      state = this.#parsed(address, snapshot)
      this.#states.set(address, state)
    }
    return state as State
  }

  #parsed(address: Address, { state }: Snapshot): unknown {
    try {
      return JSON.parse(state)
    } catch (error) {
      this.#findings.violated('E7', `the state of ${address} cannot be read: ${(error as Error).message}`)
      throw new Unjudgeable(address)
    }
  }

  /** Runs a judgement; false when it leans on a row that was altered on disk, so that nothing can be said. */
  unlessDamaged(judge: () => void): boolean {
    try {
      judge()
      return true
    } catch (error) {
      if (error instanceof Unjudgeable) return false
      throw error
    }
  }
}
