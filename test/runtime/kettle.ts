import { type ActorDefinition, erased, type StepResult } from '../../src/runtime/actor.ts'

export interface Kettle {
  readonly value: string
  readonly fills: number
  readonly cups?: number
}

interface Names {
  readonly version: number
  /** What the state is called in which it heats, and the timer that ends it after a second. */
  readonly heating: string
  readonly timer: string
  readonly cups?: boolean
}

/** Is filled, heats for a second, and is hot. Its versions differ in what they call things, and in whether they count cups. */
export function kettle(
  { version, heating, timer, cups }: Names,
  more: Partial<ActorDefinition<Kettle>> = {},
): ActorDefinition {
  const counted = cups ? { cups: 0 } : {}
  return erased<Kettle>({
    kind: 'kettle',
    version,
    form: [heating, 'hot'],
    hydrate(stored) {
      const state = stored as Kettle
      if (![heating, 'hot'].includes(state.value)) throw new Error(`it cannot be ${state.value}`)
      return { value: state.value, fills: state.fills, ...(cups && { cups: state.cups ?? 0 }) }
    },
    timersOf: ({ value }) => (value === heating ? [timer] : []),
    stateValue: ({ value }) => value,
    step(state, { type }): StepResult<Kettle | undefined> {
      const fills = state?.fills ?? 0
      if (type === 'Fill') {
        const filled = { ...counted, ...state, value: heating, fills: fills + 1 }
        const effects = [
          { type: 'schedule', name: timer, delayMs: 1_000 },
          { type: 'reply', message: { type: 'Filled', version } },
        ] as const
        return { state: filled, effects }
      }
      if (type === timer && state?.value === heating)
        return { state: { ...state, value: 'hot' }, effects: [] }
      return { state, effects: [{ type: 'reply', message: { type: 'Kettle', version, ...state } }] }
    },
    ...more,
  })
}

export const kettle1 = kettle({ version: 1, heating: 'heating', timer: 'Boil' })
