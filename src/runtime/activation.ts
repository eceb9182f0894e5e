import type { ActorDefinition } from './actor.ts'
import { type Address, type Envelope, idOf, kindOf } from './envelope.ts'
import { loadSnapshot } from './load-snapshot.ts'
import type { Store, Timer } from './store.ts'

/** An actor in memory: its bare state, what waits for it, and what the store has of it. */
export interface Activation {
  readonly address: Address
  definition: ActorDefinition
  state: unknown
  transition: number
  /** First in, first out; never handled by two turns at once. */
  readonly mailbox: Envelope[]
  /** Whether it stands in the scheduler's queue, or comes back to it by itself. */
  queued: boolean
  /** How often in a row its step could not be run for want of a read. */
  readsFailed: number
  /** Whether `state` and what follows is known yet. */
  loaded: boolean
  /** Its state as the store has it. */
  committed: unknown
  /** Whether the open batch changed it. */
  dirty: boolean
  /** Whether the batch that is being written changed it. */
  inFlight: boolean
  /** Whether the store had it when it was loaded; if not, it has no timers there either. */
  stored: boolean
  /** Size of the state as JSON, in characters, as last stored. */
  size: number
  /** Its timers as they are now, with whether the store has them; read on first use. */
  timers: Map<string, { timer: Timer; stored: boolean }> | undefined
}

/** What an actor costs in memory beside its state, roughly, in characters. */
const overhead = 2_000

/**
 * The actors in memory. Loaded when they handle their first message; dropped least recently used first once their states exceed
 * `sizeMax` characters of JSON, but never while they have messages or uncommitted state.
 */
export class Activations {
  readonly #definitions: ReadonlyMap<string, ActorDefinition>
  readonly #store: Store
  readonly #sizeMax: number
  readonly #byAddress = new Map<Address, Activation>()
  #size = 0

  constructor(definitions: ReadonlyMap<string, ActorDefinition>, store: Store, sizeMax: number) {
    this.#definitions = definitions
    this.#store = store
    this.#sizeMax = sizeMax
  }

  get(address: Address): Activation {
    const known = this.#byAddress.get(address)
    if (known !== undefined) {
      // A Map keeps insertion order: moving to its end makes the first the least recently used.
      this.#byAddress.delete(address)
      this.#byAddress.set(address, known)
      return known
    }
    const definition = this.#definitions.get(kindOf(address))
    if (definition === undefined) throw new Error(`No actor is of the kind of ${address}`)
    const activation: Activation = {
      address,
      definition,
      state: undefined,
      committed: undefined,
      transition: 0,
      mailbox: [],
      queued: false,
      readsFailed: 0,
      loaded: false,
      dirty: false,
      inFlight: false,
      stored: false,
      size: 0,
      timers: undefined,
    }
    this.#byAddress.set(address, activation)
    this.#size += overhead
    return activation
  }

  /** Whether there is such a kind of actor. */
  knows(address: Address): boolean {
    return this.#definitions.has(kindOf(address))
  }

  /** An actor that is in memory anyway; asking does not keep it there. */
  peek(address: Address): Activation | undefined {
    return this.#byAddress.get(address)
  }

  /** Reads what the store has of an actor, once. Throws what the store throws, and what its definition does. */
  load(activation: Activation): void {
    if (activation.loaded) return
    const { address, definition } = activation
    const snapshot = this.#store.snapshot(definition.kind, idOf(address))
    if (snapshot === undefined) {
      activation.state = undefined
      activation.committed = undefined
    } else {
      const loaded = loadSnapshot(definition, snapshot)
      activation.definition = loaded.definition
      activation.state = loaded.state
      activation.committed = activation.state
      activation.transition = snapshot.transition
      activation.stored = true
      this.resized(activation, snapshot.state.length)
    }
    activation.loaded = true
  }

  timersOf(activation: Activation): NonNullable<Activation['timers']> {
    if (activation.timers === undefined) {
      const stored = activation.stored ? this.#store.timers(activation.address) : []
      activation.timers = new Map(stored.map(timer => [timer.name, { timer, stored: true }]))
    }
    return activation.timers
  }

  /** Says that the state of an activation now takes `size` characters in the store. */
  resized(activation: Activation, size: number): void {
    this.#size += size - activation.size
    activation.size = size
  }

  dropIdle(): void {
    if (this.#size <= this.#sizeMax) return
    for (const [address, activation] of this.#byAddress) {
      if (this.#size <= this.#sizeMax) return
      if (activation.queued || activation.dirty || activation.inFlight || activation.mailbox.length > 0)
        continue
      this.#byAddress.delete(address)
      this.#size -= activation.size + overhead
    }
  }

  /** Forgets all that is in memory; the store has the last commit. */
  clear(): void {
    this.#byAddress.clear()
    this.#size = 0
  }
}
