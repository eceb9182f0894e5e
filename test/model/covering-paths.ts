import { stateName } from './machine-chart.ts'
import { type Leg, shortestPath } from './pure-paths.ts'
import { type Edge, type Path, type StateGraph, walkSimplePaths } from './state-graph.ts'

/*
 * A small set of paths that between them take every transition of a machine: the simple path that takes most of what is
 * missing, again and again. What leads back to where it came from is in no simple path; it is said on the way, once in
 * every state that has it.
 */

interface Candidate {
  readonly path: Path
  /** Its transitions, and from where to where it leads. */
  readonly takes: readonly string[]
  readonly end: string
}

/** `isPossible`: whether the rest of the shop, not the machine alone, can take this path. */
export function coveringPaths<State extends { readonly value: unknown }>(
  legs: readonly Leg<State>[],
  isPossible: (path: Path) => boolean,
): Path[] {
  const missing = new Set(legs[0]?.graph.model.chart.transitions)
  const takeOut = (path: Path) => {
    for (const { taken } of path) for (const name of taken) missing.delete(name)
  }
  const simple: Path[] = []
  for (const leg of legs) {
    const candidates = candidatesOf(leg, isPossible)
    for (const { end } of candidates) missing.add(end)
    for (let best = bestOf(candidates, missing); best !== undefined; best = bestOf(candidates, missing)) {
      simple.push(best.path)
      for (const name of best.takes) missing.delete(name)
    }
  }
  const isCircle = ({ from, to }: Edge) => from !== to
  const circles = legs.flatMap(leg => throughEdges(leg, isCircle, missing, isPossible, takeOut))
  const looped = withLoops([...simple, ...circles], legs, isPossible)
  for (const path of looped) takeOut(path)
  // A loop that fits into none of them gets a path of its own.
  return [...looped, ...legs.flatMap(leg => throughEdges(leg, () => true, missing, isPossible, takeOut))]
}

/** One simple path, the shortest, for each set of transitions that a simple path takes. */
function candidatesOf<State extends { readonly value: unknown }>(
  { prefix, graph }: Leg<State>,
  isPossible: (path: Path) => boolean,
): Candidate[] {
  const shortest = new Map<bigint, Candidate>()
  const bits = new Map(graph.model.chart.transitions.map((name, place) => [name, 1n << BigInt(place)]))
  const ends = new Map<string, bigint>()
  const alsoTaking = (takes: bigint, { taken }: Edge) =>
    taken.reduce((all, name) => all | (bits.get(name) ?? 0n), takes)
  walkSimplePaths(graph, prefix.reduce(alsoTaking, 0n), {
    enter: alsoTaking,
    target(takes, walked) {
      const end = `from ${graph.start} to ${nameAt(graph, walked.at(-1)?.to)}`
      if (!ends.has(end)) ends.set(end, 1n << BigInt(bits.size + ends.size))
      const signature = takes | (ends.get(end) ?? 0n)
      const path = [...prefix, ...walked]
      if ((shortest.get(signature)?.path.length ?? Number.POSITIVE_INFINITY) <= path.length) return
      if (!isPossible(path)) return
      shortest.set(signature, { path, takes: [...new Set(path.flatMap(({ taken }) => taken)), end], end })
    },
  })
  return [...shortest.values()]
}

/** The candidate that takes most of what is missing; of several the shortest. */
function bestOf(candidates: readonly Candidate[], missing: ReadonlySet<string>): Candidate | undefined {
  let best: Candidate | undefined
  let most = 0
  for (const candidate of candidates) {
    const gain = candidate.takes.filter(name => missing.has(name)).length
    const isBetter = gain > most || (gain === most && candidate.path.length < (best?.path.length ?? 0))
    if (gain === 0 || !isBetter) continue
    best = candidate
    most = gain
  }
  return best
}

function nameAt<State extends { readonly value: unknown }>(
  { stateAt }: StateGraph<State>,
  vertex = '',
): string {
  const state = stateAt.get(vertex)
  return state === undefined ? '' : stateName(state)
}

/** Each loop at each state it can be taken in, put into the first path that passes there. */
function withLoops<State extends { readonly value: unknown }>(
  paths: readonly Path[],
  legs: readonly Leg<State>[],
  isPossible: (path: Path) => boolean,
): Path[] {
  const done = new Set<string>()
  return paths.map(path => {
    const longer: Edge[] = []
    const rest = [...path]
    for (let vertex = path[0]?.from ?? ''; ; ) {
      for (const { graph } of legs) {
        for (const loop of graph.loops.get(vertex) ?? []) {
          const name = `${stateName(graph.stateAt.get(vertex) as State)} ${loop.taken}`
          if (done.has(name) || !isPossible([...longer, loop, ...rest])) continue
          done.add(name)
          longer.push(loop)
        }
      }
      const next = rest.shift()
      if (next === undefined) return longer
      longer.push(next)
      vertex = next.to
    }
  })
}

/** What simple paths miss closes circles: the shortest way there, around, and on to a target. */
function throughEdges<State>(
  { prefix, graph }: Leg<State>,
  isWanted: (edge: Edge) => boolean,
  missing: ReadonlySet<string>,
  isPossible: (path: Path) => boolean,
  takeOut: (path: Path) => void,
): Path[] {
  const targets = [...graph.stateAt]
    .filter(([, state]) => graph.model.isTarget(state))
    .map(([vertex]) => vertex)
  return [...graph.edges.values(), ...graph.loops.values()].flat().flatMap(edge => {
    if (!isWanted(edge) || !edge.taken.some(name => missing.has(name))) return []
    const there = shortestPath(graph, graph.start, edge.from) ?? []
    const ways = targets.flatMap(target => {
      const onwards = shortestPath(graph, edge.to, target)
      return onwards === undefined ? [] : [[...prefix, ...there, edge, ...onwards]]
    })
    const way = ways.filter(isPossible).sort((a, b) => a.length - b.length)[0]
    if (way === undefined) return []
    takeOut(way)
    return [way]
  })
}
