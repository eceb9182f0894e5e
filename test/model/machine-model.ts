import { type AnyMachineSnapshot, type AnyStateMachine, getNextTransitions } from 'xstate'
import { createMachineSteps, type MachineSteps } from '../../src/machines/machine-steps.ts'
import type { Effect, Incoming, StepResult } from '../../src/runtime/actor.ts'
import type { Address, Message } from '../../src/runtime/envelope.ts'
import { chartOf, type MachineChart } from './machine-chart.ts'

/** One thing that can be said to a machine. The label names it in every world, whatever the numbers there are. */
export interface ModelEvent {
  readonly label: string
  readonly incoming: Incoming
}

/** What an event type looks like from one state: none, one or several variants. `label` tells variants apart. */
export interface Variant {
  readonly message: Message
  readonly from: Address
  readonly label?: string
  /** On an undo: the answer that what it undoes was given. */
  readonly undone?: Message
  /** Milliseconds after the world's own time. */
  readonly afterMs?: number
}

export type Builders<State> = Readonly<Record<string, (state: State) => readonly Variant[]>>

export interface ModelParts<State> {
  readonly machine: AnyStateMachine
  /** The address the machine has in its world, and the time that every event comes at. */
  readonly self: Address
  readonly at: number
  /** One per event type of the machine. */
  readonly builders: Builders<State>
  /** Where the builders stand, for whoever has to add one. */
  readonly buildersFile: string
  /** Whether a deadline that fires here is worth following: those that repeat for ever are not. */
  mayFire(state: State, type: string): boolean
  start(steps: MachineSteps<AnyStateMachine>): StepResult<State>
  /** What tells one state from another as far as what comes next is concerned. */
  vertexOf(state: State): string
  /** Whether a path may end here, and whether one may go on from here all the same. */
  isTarget(state: State): boolean
  isEnd(state: State): boolean
}

/** A machine as a graph of states and events, run through the very step that the server runs. */
export interface MachineModel<State = AnyMachineSnapshot> {
  readonly chart: MachineChart
  readonly at: number
  start(): StepResult<State>
  step(state: State, event: ModelEvent): StepResult<State>
  /** The state as it comes back from a database. */
  restored(state: State): State
  /** Everything that may be said in this state and that the machine has a transition for. */
  events(state: State): readonly ModelEvent[]
  /** Everything there is to say at all, also what has no transition here. */
  everything(state: State): readonly ModelEvent[]
  taken(state: State, event: ModelEvent): readonly string[]
  vertexOf(state: State): string
  isTarget(state: State): boolean
  isEnd(state: State): boolean
}

export function modelOf<State extends AnyMachineSnapshot>(parts: ModelParts<State>): MachineModel<State> {
  const { machine, self, at, builders, buildersFile } = parts
  const steps = createMachineSteps(machine) as unknown as MachineSteps<AnyStateMachine>
  const chart = chartOf(machine)

  function built(type: string, state: State): ModelEvent[] {
    if (type.startsWith('xstate.after.')) {
      return parts.mayFire(state, type) ? [event({ message: { type }, from: self })] : []
    }
    const builder = builders[type]
    if (builder === undefined) {
      throw new Error(
        `The ${machine.id} machine takes ${type}, and nothing says what one looks like; add a builder of it to ${buildersFile}.`,
      )
    }
    return builder(state).map(event)
  }

  function event({ message, from, label, undone, afterMs = 0 }: Variant): ModelEvent {
    const name = message.type.replace(/^xstate\.after\.(\w+)\.\w+\./, '$1 in ')
    const caller = { from, id: `message of ${from}` }
    return {
      label: label === undefined ? name : `${name} ${label}`,
      incoming: { ...message, meta: { at: at + afterMs, self, caller, ...(undone && { undone }) } },
    }
  }

  const isTaken = (state: State, { incoming }: ModelEvent) =>
    machine.getTransitionData(state as never, incoming as never).length > 0

  return {
    chart,
    at,
    start: () => parts.start(steps),
    step: (state, { incoming }) => steps.step(state, incoming) as StepResult<State>,
    restored: state => steps.hydrate(JSON.parse(JSON.stringify(steps.dehydrate(state)))) as State,
    events(state) {
      const types = new Set(getNextTransitions(state).map(({ eventType }) => eventType))
      types.delete('')
      return [...types].flatMap(type => built(type, state)).filter(each => isTaken(state, each))
    },
    everything: state => Object.keys(builders).flatMap(type => built(type, state)),
    taken: (state, { incoming }) => chart.taken(state, incoming),
    vertexOf: parts.vertexOf,
    isTarget: parts.isTarget,
    isEnd: parts.isEnd,
  }
}

/** The timers that run after `effects`, of those that ran before. */
export function timersAfter(timers: ReadonlySet<string>, effects: readonly Effect[]): Set<string> {
  const after = new Set(timers)
  for (const effect of effects) {
    if (effect.type === 'schedule') after.add(effect.name)
    if (effect.type === 'cancel') after.delete(effect.name)
  }
  return after
}
