import { type ActorDefinition, type Effect, erased } from '../../src/runtime/actor.ts'
import type { Caller, Message } from '../../src/runtime/envelope.ts'

/** Adds up. `Take` undoes an `Add`: it takes back what was added, if it was. `Read` changes nothing. */
export const counter: ActorDefinition = erased<{ total: number }>({
  kind: 'counter',
  version: 1,
  step(state, { type, amount, meta }) {
    const total = state?.total ?? 0
    const changed = (answer: string, next: number) => ({
      state: { total: next },
      effects: [{ type: 'reply' as const, message: { type: answer, total: next } }],
    })
    if (type === 'Add') return changed('Added', total + Number(amount))
    if (type === 'Take' && meta.undone?.type === 'Added') return changed('Taken', total - Number(amount))
    const answer = type === 'Take' ? 'Taken' : 'Total'
    return { state, effects: [{ type: 'reply', message: { type: answer, total } }] }
  },
})

/** Counts the hits and returns the ball to the other player, until `left` is 0. */
const player: ActorDefinition = erased<{ hits: number }>({
  kind: 'player',
  version: 1,
  step(state = { hits: 0 }, { type, left, other, meta }) {
    const message = { type: 'Hit', left: Number(left) - 1, other: meta.self }
    const back: Effect[] = Number(left) > 0 ? [{ type: 'send', to: String(other), message }] : []
    const served: Effect[] = type === 'Serve' ? [{ type: 'reply', message: { type: 'Served' } }] : []
    return { state: { hits: state.hits + 1 }, effects: [...served, ...back] }
  },
})

/** Cannot bear `Poison`; counts everything else. */
const patient: ActorDefinition = erased<{ meals: number }>({
  kind: 'patient',
  version: 1,
  step(state = { meals: 0 }, { type }) {
    if (type === 'Poison') throw new Error('That was poison')
    return { state: { meals: state.meals + 1 }, effects: [{ type: 'reply', message: { type: 'Eaten' } }] }
  },
})

/** Takes a question with `Ask` and answers it when it is told to `Conclude`. */
const thinker: ActorDefinition = erased<{ asker: Caller | undefined }>({
  kind: 'thinker',
  version: 1,
  step(state, { type, meta }) {
    if (type === 'Ask') return { state: { asker: meta.caller }, effects: [] }
    const concluded: Effect[] =
      state?.asker === undefined ? [] : [{ type: 'reply', to: state.asker, message: { type: 'Concluded' } }]
    return { state: { asker: undefined }, effects: concluded }
  },
})

export interface Heard extends Message {
  readonly at: number
}

/** Does as `Do` tells it, answers `Done`, and remembers what else it hears and when. */
export const puppet: ActorDefinition = erased<{ heard: readonly Heard[] }>({
  kind: 'puppet',
  version: 1,
  step(state = { heard: [] }, { meta, ...message }) {
    if (message.type === 'Do') {
      const done: Effect = { type: 'reply', message: { type: 'Done' } }
      return { state, effects: [...(message['effects'] as Effect[]), done] }
    }
    return { state: { heard: [...state.heard, { ...message, at: meta.at }] }, effects: [] }
  },
})

export const smallActors = [counter, player, patient, thinker, puppet]
