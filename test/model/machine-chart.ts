import { type AnyMachineSnapshot, type AnyStateMachine, type AnyStateNode, createActor } from 'xstate'

/*
 * What there is to cover in a machine, by name: its states and its transitions, and which of them one event takes. The
 * names come from the machine itself, so whatever is added to it is asked for by itself.
 */

type Transition = AnyStateNode['transitions'] extends Map<string, (infer One)[]> ? One : never

export interface MachineChart {
  /** Every state, as `paying.claimingOrder`. */
  readonly states: readonly string[]
  /** Every transition, as `paying.claimingOrder --OrderPaymentBegun[cancelled]--> compensating`. */
  readonly transitions: readonly string[]
  /** The states outside any other that have none inside: where nothing is going on. */
  readonly restingStates: readonly string[]
  /** The transitions that `event` takes in `state`, with the eventless ones that follow. */
  taken(state: AnyMachineSnapshot, event: { readonly type: string }): readonly string[]
}

export function chartOf(machine: AnyStateMachine): MachineChart {
  const nodes = inside(machine.root)
  const names = new Map<Transition, string>()
  for (const node of [machine.root, ...nodes]) {
    for (const transition of waysOut(node)) names.set(transition, nameOf(node, transition))
  }
  const transitions = [...names.values()]
  const twice = transitions.find((name, place) => transitions.indexOf(name) !== place)
  if (twice !== undefined) throw new Error(`Two transitions of ${machine.id} have the name ${twice}`)
  return {
    states: nodes.map(pathOf),
    transitions,
    restingStates: Object.values(machine.root.states)
      .filter(node => Object.keys(node.states).length === 0)
      .map(pathOf),
    taken: observer(machine, names),
  }
}

/** A state's name and those of the states around it, the outermost first. */
export function standingIn({ value }: { readonly value: unknown }): readonly string[] {
  if (typeof value === 'string') return [value]
  const [[outer, inner] = ['', '']] = Object.entries(value as Record<string, unknown>)
  return [outer, ...standingIn({ value: inner }).map(name => `${outer}.${name}`)]
}

export function stateName(state: { readonly value: unknown }): string {
  return standingIn(state).at(-1) ?? ''
}

function inside(node: AnyStateNode): AnyStateNode[] {
  return Object.values(node.states).flatMap(child => [child, ...inside(child)])
}

const waysOut = (node: AnyStateNode): Transition[] => [...node.transitions.values(), node.always ?? []].flat()

const pathOf = (node: AnyStateNode) => node.path.join('.') || '(anywhere)'

function nameOf(source: AnyStateNode, { eventType, guard, target }: Transition): string {
  const after = /^xstate\.after\.(\w+)\./.exec(eventType)?.[1]
  const event = after === undefined ? eventType || 'always' : `after ${after}`
  const condition = guard === undefined ? '' : `[${typeof guard === 'string' ? guard : nameOfGuard(guard)}]`
  return `${pathOf(source)} --${event}${condition}--> ${target?.map(pathOf).join() ?? 'stays'}`
}

function nameOfGuard(guard: unknown): string {
  return String((guard as { type?: unknown }).type ?? guard)
}

/** Lets XState take the event and notes the transitions of each microstep. */
function observer(machine: AnyStateMachine, names: ReadonlyMap<Transition, string>): MachineChart['taken'] {
  let taken: string[] = []
  const self = createActor(machine, {
    input: {},
    inspect(seen) {
      if (seen.type !== '@xstate.microstep') return
      for (const transition of seen._transitions) taken.push(names.get(transition as Transition) ?? '')
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
  return (state, event) => {
    taken = []
    machine.transition(state as never, event as never, scope as never)
    return taken
  }
}
