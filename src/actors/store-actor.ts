import { createStore } from '@xstate/store'
import type { ActorDefinition, Effect, Incoming } from '../runtime/actor.ts'
import type { Message } from '../runtime/envelope.ts'

/** What a transition asks for, one function per kind of effect. */
type Emit = { [Type in Effect['type']]: (effect: Omit<Extract<Effect, { type: Type }>, 'type'>) => void }

type Transitions<State, Command extends Message> = {
  [Type in Command['type']]: (
    state: State,
    command: Incoming<Extract<Command, { type: Type }>>,
    enqueue: { emit: Emit },
  ) => State | undefined
}

/**
 * A domain actor: a state that owns amounts and one transition per command, run purely by @xstate/store. A transition
 * returns the next state, or nothing when the command changes nothing; what it emits are its effects. An actor that was
 * never stored starts from `initial`, and every state has the fields of it.
 */
export function storeActor<State extends object, Command extends Message>(actor: {
  kind: string
  version: number
  initial: State
  on: Transitions<State, Command>
  needs?: ActorDefinition['needs']
}): ActorDefinition<State> {
  const { kind, version, initial, needs } = actor
  const store = createStore({ context: initial, on: actor.on as never })
  const unstored = store.getSnapshot()
  const form = Object.keys(initial).sort()
  return {
    kind,
    version,
    form,
    hydrate(stored) {
      const fields = Object.keys(stored as object).sort()
      if (fields.join() !== form.join())
        throw new Error(`${kind} is stored with ${fields.join(', ')} and not ${form.join(', ')}`)
      return stored as State
    },
    ...(needs && { needs }),
    step(state, incoming) {
      const before = state === undefined ? unstored : { ...unstored, context: state }
      const [after, effects] = store.transition(before as never, incoming as never)
      if (effects.some(effect => typeof effect === 'function')) {
        throw new Error(`${kind} enqueued code, which is not data and cannot be committed`)
      }
      const next = after.context as State
      return { state: next === initial ? state : next, effects: effects as unknown as Effect[] }
    },
  }
}
