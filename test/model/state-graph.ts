import { getAdjacencyMap, type StatePath } from 'xstate/graph'
import type { MachineModel, ModelEvent } from './machine-model.ts'

/** One event in one state of the graph. */
export interface Edge {
  readonly event: ModelEvent
  readonly from: string
  readonly to: string
  /** Names of the transitions it takes. */
  readonly taken: readonly string[]
}

export interface StateGraph<State> {
  readonly model: MachineModel<State>
  readonly start: string
  readonly stateAt: ReadonlyMap<string, State>
  /** What leads on from a state, and what is taken there and leads back to it. */
  readonly edges: ReadonlyMap<string, readonly Edge[]>
  readonly loops: ReadonlyMap<string, readonly Edge[]>
}

export type Path = readonly Edge[]

/** A machine without a life of its own: what `xstate/graph` asks of the logic it explores. */
export function logicOf<State>(model: MachineModel<State>) {
  return {
    transition: (state: State, event: ModelEvent) => model.step(state, event).state,
    getInitialSnapshot: () => model.start().state,
  }
}

/** How `xstate/graph` is to explore from `from`: up to the ends, but for the end it starts from. */
export function traversal<State>(model: MachineModel<State>, from: State) {
  return {
    fromState: from,
    serializeState: (state: State) => model.vertexOf(state),
    serializeEvent: (event: ModelEvent) => event.label,
    events: (state: State) => model.events(state),
    stopWhen: (state: State) => state !== from && model.isEnd(state),
  }
}

/** All states that can be reached from `from`, explored by `xstate/graph`. */
export function exploreGraph<State>(model: MachineModel<State>, from: State): StateGraph<State> {
  const adjacency = getAdjacencyMap(
    logicOf(model) as never,
    traversal(model, from) as never,
  ) as unknown as Record<
    string,
    { state: State; transitions: Record<string, { event: ModelEvent; state: State }> }
  >
  const stateAt = new Map<string, State>()
  const edges = new Map<string, Edge[]>()
  const loops = new Map<string, Edge[]>()
  for (const [vertex, { state, transitions }] of Object.entries(adjacency)) {
    stateAt.set(vertex, state)
    edges.set(vertex, [])
    loops.set(vertex, [])
    const leadsOn = new Set(Object.keys(transitions))
    // Where the exploration ends there still are events that lead back to the same state.
    for (const event of model.events(state)) {
      const to = model.vertexOf(model.step(state, event).state)
      const edge = { event, from: vertex, to, taken: model.taken(state, event) }
      if (to === vertex) loops.get(vertex)?.push(edge)
      else if (leadsOn.has(event.label)) edges.get(vertex)?.push(edge)
    }
  }
  return { model, start: model.vertexOf(from), stateAt, edges, loops }
}

/** What is done on the way through all simple paths: `enter` before everything behind an edge, `target` at each path's end. */
interface Walk<Standing> {
  enter(standing: Standing, edge: Edge): Standing
  target(standing: Standing, path: Path): void
}

/** Who asks in an operator's name; a path is followed through this many interventions at most, for they multiply it. */
const operator = 'door/operator'
const interventionsMax = 1

/**
 * Walks all simple paths (no state twice) from the start of the graph to its targets. What paths begin with in common is
 * walked once.
 */
export function walkSimplePaths<State, Standing>(
  { model, start, stateAt, edges }: StateGraph<State>,
  standing: Standing,
  { enter, target }: Walk<Standing>,
  interventionsLeft = interventionsMax,
): { paths: number; events: number } {
  const path: Edge[] = []
  const onPath = new Set([start])
  const counts = { paths: 0, events: 0 }
  const isTarget = new Map([...stateAt].map(([vertex, state]) => [vertex, model.isTarget(state)]))

  function goOn(here: Standing, vertex: string, interventions: number): void {
    for (const edge of edges.get(vertex) ?? []) {
      const left = edge.event.incoming.meta.caller.from === operator ? interventions - 1 : interventions
      if (onPath.has(edge.to) || left < 0) continue
      path.push(edge)
      onPath.add(edge.to)
      counts.events += 1
      const next = enter(here, edge)
      if (isTarget.get(edge.to)) {
        counts.paths += 1
        target(next, path)
      }
      goOn(next, edge.to, left)
      onPath.delete(edge.to)
      path.pop()
    }
  }
  goOn(standing, start, interventionsLeft)
  return counts
}

/** The labels of a path that `xstate/graph` found, for comparison with ours. */
export function labelsOf({ steps }: StatePath<never, never>): string[] {
  return (steps as readonly { event: ModelEvent }[]).slice(1).map(({ event }) => event.label)
}
