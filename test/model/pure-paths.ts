import { isDeepStrictEqual } from 'node:util'
import type { AnyMachineSnapshot } from 'xstate'
import type { Effect } from '../../src/runtime/actor.ts'
import type { Coverage } from './coverage.ts'
import { stateName } from './machine-chart.ts'
import { type MachineModel, type ModelEvent, timersAfter } from './machine-model.ts'
import { type Edge, exploreGraph, type Path, type StateGraph, walkSimplePaths } from './state-graph.ts'

/*
 * Part (a): every simple path of a machine, run purely. After every event the state goes through JSON, and has to be the
 * state that the graph says; at the end of every path what the specification demands of it has to hold.
 *
 * A path ends where nothing is going on. What can follow is explored from there as a leg of its own, because what follows
 * does not depend on how the end was reached. That is checked at the end of every path, so the legs stand for all
 * their combinations.
 */

/** One event of a path, with what the machine made of it. */
export interface Heard<State> {
  readonly event: ModelEvent
  readonly effects: readonly Effect[]
  readonly before: State
  readonly state: State
}

/** What has to hold of a machine, whatever path it took; sentences about what does not. */
export interface Rules<State> {
  /** How many timers have to run in a state. */
  timersIn(state: State): number
  /** Of a whole path, from the machine's start. */
  atTarget(heard: readonly Heard<State>[]): readonly string[]
  /** Of what is said somewhere on a path and leads back to where it was said. */
  ofLoop?(heard: Heard<State>): readonly string[]
}

interface Standing<State> {
  readonly state: State
  readonly timers: ReadonlySet<string>
  readonly heard: Heard<State> | undefined
  readonly earlier: Standing<State> | undefined
}

/** What leads from one resting place to the next ones, and how that place was reached first. */
export interface Leg<State> {
  readonly prefix: Path
  readonly graph: StateGraph<State>
}

export interface PurePaths {
  paths: number
  events: number
  /** Paths by the name of the state they end in. */
  readonly ends: Record<string, number>
  /** Late messages and timers that were told to machines at their end. */
  late: number
  /** Broken rules with the path that broke them, the first few. */
  readonly broken: string[]
  brokenCount: number
}

const brokenKeptMax = 10

/** The legs of a model: from its start, and from every end that a path can go on from. */
export function legsOf<State>(model: MachineModel<State>): Leg<State>[] {
  const legs: Leg<State>[] = []
  const known = new Set<string>()
  const waiting: { prefix: Path; state: State }[] = [{ prefix: [], state: model.start().state }]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { prefix, state } = next
    const graph = exploreGraph(model, state)
    known.add(graph.start)
    const ways = (graph.edges.get(graph.start) ?? []).map(({ event, to }) => `${event.label} ${to}`).join()
    // What leads to the same states by the same events is the same leg.
    if (ways === '' || known.has(ways)) continue
    known.add(ways)
    legs.push({ prefix, graph })
    for (const [vertex, reached] of graph.stateAt) {
      if (known.has(vertex) || !model.isEnd(reached)) continue
      waiting.push({
        prefix: [...prefix, ...(shortestPath(graph, graph.start, vertex) ?? [])],
        state: reached,
      })
    }
  }
  return legs
}

export function shortestPath<State>(graph: StateGraph<State>, from: string, to: string): Path | undefined {
  const pathTo = new Map<string, Path>([[from, []]])
  for (const [vertex, path] of pathTo) {
    if (vertex === to) return path
    for (const edge of graph.edges.get(vertex) ?? []) {
      if (!pathTo.has(edge.to)) pathTo.set(edge.to, [...path, edge])
    }
  }
  return undefined
}

/** `lateEvery`: at the end of one path of so many, everything that may still come late is said. */
export function runPurePaths<State extends AnyMachineSnapshot>(
  leg: Leg<State>,
  rules: Rules<State>,
  coverage: Coverage,
  { lateEvery = 1, interventions = 1 } = {},
): PurePaths {
  const { graph } = leg
  const { model } = graph
  const result: PurePaths = { paths: 0, events: 0, ends: {}, late: 0, broken: [], brokenCount: 0 }
  const goesOnLike = new Map<string, string>()

  function note(at: Standing<State>, sentence: string): void {
    result.brokenCount += 1
    if (result.broken.length >= brokenKeptMax) return
    const labels = heardOn(at).map(({ event }) => event.label)
    result.broken.push(`${sentence} (${labels.join(', ')})`)
  }

  function enter(standing: Standing<State>, { event, to, taken }: Edge): Standing<State> {
    const { state, effects } = model.step(standing.state, event)
    const restored = model.restored(state)
    const running = new Set(standing.timers)
    running.delete(event.incoming.type)
    const timers = timersAfter(running, effects)
    const heard = { event, effects, before: standing.state, state: restored }
    const next = { state: restored, timers, heard, earlier: standing }
    coverage.note(restored, taken)
    if (model.vertexOf(restored) !== to) note(next, `it is not where the graph says in ${stateName(state)}`)
    if (!isDeepStrictEqual(restored.context, state.context))
      note(next, `it does not survive JSON in ${stateName(state)}`)
    if (timers.size !== rules.timersIn(restored)) {
      note(next, `${timers.size} timers run in ${stateName(state)} instead of ${rules.timersIn(restored)}`)
    }
    return next
  }

  /** Nothing that comes late may change or send anything; what leads on must do so as it does after any other path. */
  function sayEverything(at: Standing<State>): void {
    const { state } = at
    const leadsOn = new Set<string>()
    for (const event of model.isEnd(state) ? model.events(state) : []) {
      const next = model.step(state, event)
      if (model.vertexOf(next.state) === model.vertexOf(state)) continue
      leadsOn.add(event.label)
      const outcome = JSON.stringify([
        model.vertexOf(state),
        next.effects,
        next.state.value,
        next.state.context,
      ])
      const like = `${model.vertexOf(state)} ${event.label}`
      if ((goesOnLike.get(like) ?? outcome) !== outcome)
        note(at, `what follows ${event.label} depends on the path`)
      goesOnLike.set(like, outcome)
    }
    if (!model.isEnd(state) || result.paths % lateEvery !== 0) return
    for (const event of model.everything(state)) {
      if (leadsOn.has(event.label)) continue
      const late = model.step(state, event)
      result.late += 1
      if (
        model.vertexOf(late.state) !== model.vertexOf(state) ||
        late.effects.some(({ type }) => type !== 'reply')
      ) {
        note(at, `${event.label} does something after the end`)
      }
    }
  }

  const begun = leg.prefix.reduce(enter, {
    state: model.start().state,
    timers: timersAfter(new Set(), model.start().effects),
    heard: undefined,
    earlier: undefined,
  } as Standing<State>)
  const { paths, events } = walkSimplePaths(
    graph,
    begun,
    {
      enter,
      target(standing) {
        const end = stateName(standing.state)
        result.ends[end] = (result.ends[end] ?? 0) + 1
        for (const sentence of rules.atTarget(heardOn(standing))) note(standing, sentence)
        sayEverything(standing)
        result.paths += 1
      },
    },
    interventions,
  )
  runLoops(graph, rules, coverage, sentence => note(begun, sentence))
  return { ...result, paths, events }
}

/** What leads back to the state it comes to is in no simple path: it is said once in every state. */
function runLoops<State extends AnyMachineSnapshot>(
  { model, stateAt, loops }: StateGraph<State>,
  rules: Rules<State>,
  coverage: Coverage,
  note: (sentence: string) => void,
): void {
  for (const [vertex, edges] of loops) {
    const state = stateAt.get(vertex) as State
    for (const { event, taken } of edges) {
      const { effects, state: after } = model.step(model.restored(state), event)
      coverage.note(state, taken)
      for (const sentence of rules.ofLoop?.({ event, effects, before: state, state: after }) ?? [])
        note(`${sentence} in ${stateName(state)}`)
      const [set, dropped] = ['schedule', 'cancel'].map(
        kind => effects.filter(({ type }) => type === kind).length,
      )
      if (set !== dropped) note(`${event.label} changes the timers and nothing else in ${stateName(state)}`)
    }
  }
}

function heardOn<State>(standing: Standing<State>): Heard<State>[] {
  const heard: Heard<State>[] = []
  for (let at: Standing<State> | undefined = standing; at?.heard !== undefined; at = at.earlier) {
    heard.push(at.heard)
  }
  return heard.reverse()
}
