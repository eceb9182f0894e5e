import { isDeepStrictEqual } from 'node:util'
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  createActor,
  type InputFrom,
  type SnapshotFrom,
} from 'xstate'
import type { Effect, Incoming, StepResult } from '../runtime/actor.ts'

/*
 * The only file that knows XState's insides. It runs a statechart as a pure step: no live actor, no timer of its own, no
 * promise. A named action of a machine is either an `assign` or a pure function that returns effects; a delayed
 * transition becomes a `schedule` effect and comes back as a message of the type XState gave it.
 *
 * XState's own `transition()` builds a throw-away actor for every call, which costs more than the transition; the scope
 * below is built once per machine and reused.
 */

interface ActionOrder {
  readonly type: string
  readonly params: unknown
  readonly info: unknown
  readonly exec: ((info: unknown, params: unknown) => unknown) | undefined
}

/** A machine's state, bare: enough to go on from, and plain JSON once dehydrated. */
interface MachineState {
  readonly value: unknown
  readonly context: unknown
}

export interface MachineSteps<Machine extends AnyStateMachine> {
  /** The first state, with the effects of entering it. */
  start(input: InputFrom<Machine>): StepResult<SnapshotFrom<Machine>>
  /** The state after a message; the very same object when the machine has no use for it. */
  step(state: SnapshotFrom<Machine>, incoming: Incoming): StepResult<SnapshotFrom<Machine>>
  dehydrate(state: SnapshotFrom<Machine>): MachineState
  /** Throws when `stored` names a state the machine does not have. */
  hydrate(stored: unknown): SnapshotFrom<Machine>
  /** Names of the delayed transitions that can fire in this state. */
  timersOf(state: SnapshotFrom<Machine>): readonly string[]
  /** Every state it can be in, as `paying.usingCoupon`. */
  readonly form: readonly string[]
}

export function createMachineSteps<Machine extends AnyStateMachine>(machine: Machine): MachineSteps<Machine> {
  let effects: Effect[] = []
  const scope = {
    ...inertScope(machine),
    actionExecutor(action: ActionOrder) {
      collectEffects(action, effects)
    },
  }

  function collected(run: () => SnapshotFrom<Machine>): StepResult<SnapshotFrom<Machine>> {
    effects = []
    return { state: run(), effects }
  }

  return {
    start(input) {
      return collected(() => machine.getInitialSnapshot(scope as never, input) as SnapshotFrom<Machine>)
    },
    step(state, incoming) {
      // XState goes on taking transitions after a final state.
      if ((state as AnyMachineSnapshot).status !== 'active') return { state, effects: [] }
      const result = collected(
        () => machine.transition(state, incoming, scope as never) as SnapshotFrom<Machine>,
      )
      return sameState(state, result.state) ? { ...result, state } : result
    },
    dehydrate(state) {
      const { value, context } = state as AnyMachineSnapshot
      return { value, context }
    },
    hydrate(stored) {
      const state = machine.resolveState(stored as never) as SnapshotFrom<Machine>
      const { value } = stored as MachineState
      // XState would let a state that was given a first step begin with it, though nobody has entered it.
      if (!isDeepStrictEqual((state as AnyMachineSnapshot).value, value))
        throw new Error(`State ${JSON.stringify(value)} is not one of '${machine.id}'`)
      return state
    },
    timersOf: state => (state as AnyMachineSnapshot)._nodes.flatMap(timersOfNode),
    form: leavesOf(machine.root),
  }
}

const timersOfNode = ({ after }: AnyStateNode) => after.map(({ eventType }) => String(eventType))

function leavesOf(node: AnyStateNode): string[] {
  const children = Object.values(node.states)
  return children.length === 0 ? [node.path.join('.')] : children.flatMap(leavesOf)
}

/** XState hands out a new snapshot whenever an event was handled, also when nothing about it is new. */
function sameState(before: AnyMachineSnapshot, after: AnyMachineSnapshot): boolean {
  return before.context === after.context && isDeepStrictEqual(before.value, after.value)
}

function inertScope(machine: AnyStateMachine) {
  const self = createActor(machine, { input: {} })
  const nothing = () => {}
  return {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    defer: nothing,
    logger: nothing,
    stopChild: nothing,
    emit: nothing,
  }
}

function collectEffects(action: ActionOrder, effects: Effect[]): void {
  if (action.type === 'xstate.raise') {
    // An immediate raise has been applied already; only a delayed one is left to us.
    const { event, delay } = action.params as { event: { type: string }; delay?: number }
    if (delay !== undefined) effects.push({ type: 'schedule', name: event.type, delayMs: delay })
  } else if (action.type === 'xstate.cancel') {
    effects.push({ type: 'cancel', name: (action.params as { sendId: string }).sendId })
  } else if (action.exec !== undefined) {
    const produced = action.exec(action.info, action.params)
    if (Array.isArray(produced)) effects.push(...(produced as Effect[]))
  }
}
