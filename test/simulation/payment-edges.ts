import { type AnyStateMachine, type AnyStateNode, type AnyTransitionDefinition, createActor } from 'xstate'
import {
  type PaymentState,
  type PaymentTiming,
  paymentMachine,
  paymentMachineWith,
} from '../../src/machines/payment-machine.ts'
import type { Incoming } from '../../src/runtime/actor.ts'

/*
 * The transitions of the shipped payment machine by name, `state --event--> state`, and which of them a message takes.
 * Both are read off the machine itself: its definition, and XState's own account of each microstep.
 */

export interface Edge {
  readonly name: string
  /** Whether it belongs to the undoing of an attempt. */
  readonly undo: boolean
}

/** Every transition of the shipped machine. */
export const paymentEdges: readonly Edge[] = [...edgesOf(paymentMachine).values()]

export interface PaymentReplay {
  readonly idle: PaymentState
  /** The state after a message, and the names of the transitions taken on the way, in order. */
  step(
    state: PaymentState,
    incoming: Incoming,
  ): { readonly state: PaymentState; readonly taken: readonly string[] }
}

/** Runs the machine with these deadlines as the shop does, and tells what it did. */
export function createPaymentReplay(timing: PaymentTiming): PaymentReplay {
  const machine = paymentMachineWith(timing)
  const edges = edgesOf(machine)
  let taken: string[] = []
  const self = createActor(machine, {
    inspect(event) {
      if (event.type !== '@xstate.microstep') return
      for (const transition of event._transitions) {
        const edge = edges.get(transition)
        if (edge !== undefined) taken.push(edge.name)
      }
    },
  })
  const nothing = () => {}
  const scope = {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    defer: nothing,
    logger: nothing,
    stopChild: nothing,
    emit: nothing,
    actionExecutor: nothing,
  }
  return {
    idle: machine.getInitialSnapshot(scope as never),
    step(state, incoming) {
      taken = []
      const after = machine.transition(state, incoming as never, scope as never)
      return { state: after, taken }
    },
  }
}

function edgesOf(machine: AnyStateMachine): Map<AnyTransitionDefinition, Edge> {
  const edges = new Map<AnyTransitionDefinition, Edge>()
  const names = new Set<string>()
  for (const node of nodesOf(machine.root)) {
    const transitions = [...[...node.transitions.values()].flat(), ...(node.always ?? [])]
    for (const transition of transitions) {
      const { name, undo } = edgeOf(node, transition)
      if (names.has(name)) throw new Error(`Two transitions of the payment machine are called ${name}`)
      names.add(name)
      edges.set(transition, { name, undo })
    }
  }
  return edges
}

function nodesOf(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesOf)]
}

function edgeOf(node: AnyStateNode, { eventType, guard, target }: AnyTransitionDefinition): Edge {
  const event = eventType === '' ? 'always' : eventType.replace(/^xstate\.after\.([^.]+)\..*$/, '$1')
  const condition = typeof guard === 'string' ? `[${guard}]` : ''
  const from = pathOf(node)
  const to = target === undefined ? from : target.map(pathOf).join(' ')
  return { name: `${from} --${event}${condition}--> ${to}`, undo: isUndo(from) || isUndo(to) }
}

function isUndo(path: string): boolean {
  return path.startsWith('compensating')
}

function pathOf({ path }: AnyStateNode): string {
  return path.join('.') || 'any state'
}
