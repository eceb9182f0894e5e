import { type Entry, isTimer } from './history.ts'

/** What following a path needs of a chart. */
export interface FollowedChart {
  readonly states: readonly {
    readonly id: string
    readonly parent: string | null
    readonly initial: boolean
  }[]
  readonly transitions: readonly {
    readonly id: string
    readonly from: string
    readonly to: string
    readonly event: string
    readonly kind: 'event' | 'after' | 'always'
  }[]
}

export interface PathTaken {
  /** Where the actor is: the state and those around it. */
  readonly lit: readonly string[]
  /** How often each state was entered. */
  readonly visits: ReadonlyMap<string, number>
  /** The transitions that were taken. */
  readonly taken: ReadonlySet<string>
}

/** The way of an actor through its chart up to `position`. */
export function pathTaken(
  chart: FollowedChart,
  entries: readonly Entry[],
  actor: string,
  position: number,
): PathTaken {
  const parents = new Map(chart.states.map(({ id, parent }) => [id, parent]))
  const visits = new Map<string, number>()
  const taken = new Set<string>()
  const around = (state: string | null): string[] => {
    const path: string[] = []
    for (let id = state; id !== null && parents.has(id); id = parents.get(id) ?? null) path.push(id)
    return path
  }
  const initial = chart.states.find(({ initial, parent }) => initial && parent === null)?.id ?? null
  let now: string | null = initial
  for (const entry of entries) {
    if (entry.position > position) break
    if (entry.actor !== actor || entry.state === null) continue
    const way = wayOf(chart, around, now, entry)
    for (const id of way) taken.add(id)
    const left = new Set(now === entry.state ? [] : around(now))
    const entered = now === entry.state ? (isTimer(entry) ? [entry.state] : []) : around(entry.state)
    for (const id of entered.reverse()) if (!left.has(id)) visits.set(id, (visits.get(id) ?? 0) + 1)
    now = entry.state
  }
  return { lit: around(now).reverse(), visits, taken }
}

/** The transitions by which an entry led from `before` to where it says, those without an event included. */
function wayOf(
  chart: FollowedChart,
  around: (state: string | null) => string[],
  before: string | null,
  { state, message }: Entry,
): string[] {
  const sources = around(before)
  const rank = (from: string) => sources.indexOf(from)
  const candidates = chart.transitions
    .filter(
      ({ from, event, kind }) =>
        kind !== 'always' && sources.includes(from) && isNamed(event, kind, message.type),
    )
    .sort((a, b) => rank(a.from) - rank(b.from))
  for (const candidate of candidates) {
    const rest = passedOver(chart, around, candidate.to, state)
    if (rest !== undefined) return [candidate.id, ...rest]
  }
  return []
}

/** Charts may name a delayed transition by its delay; the journal names it as the machine does. */
function isNamed(event: string, kind: 'event' | 'after' | 'always', type: string): boolean {
  return (
    event === type || (kind === 'after' && type.startsWith('xstate.after.') && type.split('.')[2] === event)
  )
}

/** The transitions without an event that lead from `from`, or the first state in it, to `to`; nothing when none do. */
function passedOver(
  chart: FollowedChart,
  around: (state: string | null) => string[],
  from: string,
  to: string | null,
  passed: readonly string[] = [],
): string[] | undefined {
  const first = chart.states.find(({ parent, initial }) => parent === from && initial)?.id
  if (first !== undefined) return passedOver(chart, around, first, to, passed)
  if (from === to) return [...passed]
  if (passed.length > chart.transitions.length) return undefined
  for (const { id, from: source, to: target, kind } of chart.transitions) {
    if (kind !== 'always' || passed.includes(id) || !around(from).includes(source)) continue
    const found = passedOver(chart, around, target, to, [...passed, id])
    if (found !== undefined) return found
  }
  return undefined
}
