import { describe, expect, it } from 'vitest'
import { storeActor } from '../../src/actors/store-actor.ts'

const meta = { at: 1, self: 'lamp/1', caller: { from: 'door/1', id: 'm1' } }

const lamp = storeActor<{ lit: boolean }, { type: 'Light' } | { type: 'Look' } | { type: 'Burn' }>({
  kind: 'lamp',
  version: 1,
  initial: { lit: false },
  on: {
    Light(state, _command, { emit }) {
      emit.reply({ message: { type: 'Lit' } })
      emit.cancel({ name: 'Dim' })
      return state.lit ? undefined : { lit: true }
    },
    Look: () => undefined,
    Burn(_state, _command, enqueue) {
      const { effect } = enqueue as unknown as { effect(run: () => void): void }
      effect(() => {})
      return undefined
    },
  },
})

describe('A store actor', () => {
  it('gives the next state and what was emitted, as data and in order', () => {
    expect(lamp.step(undefined, { type: 'Light', meta })).toEqual({
      state: { lit: true },
      effects: [
        { type: 'reply', message: { type: 'Lit' } },
        { type: 'cancel', name: 'Dim' },
      ],
    })
  })

  it('gives the very same state back when a command changes nothing', () => {
    const state = { lit: true }
    expect(lamp.step(state, { type: 'Light', meta }).state).toBe(state)
    expect(lamp.step(state, { type: 'Unknown', meta })).toEqual({ state, effects: [] })
  })

  it('that was never stored stays so when a command changes nothing', () => {
    expect(lamp.step(undefined, { type: 'Look', meta })).toEqual({ state: undefined, effects: [] })
  })

  it('refuses to enqueue code', () => {
    expect(() => lamp.step(undefined, { type: 'Burn', meta })).toThrow('lamp enqueued code')
  })
})
