import type { Effect } from '../../src/runtime/actor.ts'
import type { MachineModel, ModelEvent } from './machine-model.ts'
import type { Path } from './state-graph.ts'

/** One event of a path in a world of its own, with what the machine makes of it there. */
export interface ToldEvent<State> {
  readonly event: ModelEvent
  readonly before: State
  readonly state: State
  readonly effects: readonly Effect[]
  /** Whether it is a transition: one that is numbered and can be seen in the timeline. */
  readonly changes: boolean
  /** What a machine with this path has taken. */
  readonly taken: readonly string[]
}

/** What a path comes to in the world of `model`: the same events, by their labels, with the numbers of that world. */
export function tellPath<State>(model: MachineModel<State>, path: Path): ToldEvent<State>[] {
  let state = model.start().state
  return path.map(({ event: { label } }) => {
    const event = model.events(state).find(each => each.label === label)
    if (event === undefined) throw new Error(`${label} cannot be said here in this world`)
    const before = state
    const result = model.step(before, event)
    const changes = result.state !== before || result.effects.some(({ type }) => type !== 'reply')
    state = result.state
    return { event, before, state, effects: result.effects, changes, taken: model.taken(before, event) }
  })
}
