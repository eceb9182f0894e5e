import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { machineChart } from '../../src/machines/machine-chart.ts'

const definition = {
  id: 'parcel',
  version: '2',
  description: 'A parcel on its way.',
  initial: 'packed',
  states: {
    packed: {
      description: 'In its box.',
      on: { SEND: { target: 'moving', guard: 'paid', description: 'It is paid.' }, WEIGH: {} },
    },
    moving: {
      initial: 'train',
      tags: 'abroad',
      on: { CALL_BACK: 'packed' },
      states: {
        train: { after: { patience: 'lorry' } },
        lorry: { tags: 'slow', always: { guard: 'isThere', target: '#parcel.given' } },
      },
    },
    given: { type: 'final' },
  },
} as const

const chart = machineChart(createMachine(definition))
const state = (id: string) => chart.states.find(candidate => candidate.id === id)
const from = (id: string) => chart.transitions.filter(transition => transition.from === id)

describe('The chart of a machine', () => {
  it('says which machine it is', () => {
    expect(chart).toMatchObject({ id: 'parcel', version: '2', description: 'A parcel on its way.' })
  })

  it('has every state, outer ones before those in them', () => {
    expect(chart.states.map(({ id, parent, type }) => [id, parent, type])).toEqual([
      ['packed', null, 'atomic'],
      ['moving', null, 'compound'],
      ['moving.train', 'moving', 'atomic'],
      ['moving.lorry', 'moving', 'atomic'],
      ['given', null, 'final'],
    ])
  })

  it('knows what each level begins with', () => {
    expect(chart.states.filter(({ initial }) => initial).map(({ id }) => id)).toEqual([
      'packed',
      'moving.train',
    ])
  })

  it('gives a state its own tags and those of the states around it', () => {
    expect(state('moving.lorry')?.tags).toEqual(['abroad', 'slow'])
    expect(state('packed')).toMatchObject({ tags: [], description: 'In its box.' })
  })

  it('has events with their guards and descriptions, and those that stay', () => {
    expect(from('packed')).toMatchObject([
      { to: 'moving', event: 'SEND', kind: 'event', guard: 'paid', description: 'It is paid.' },
      { to: 'packed', event: 'WEIGH', kind: 'event', guard: null, description: '' },
    ])
    expect(from('moving')).toMatchObject([{ to: 'packed', event: 'CALL_BACK' }])
  })

  it('names a delay by its name, and tells what happens by itself', () => {
    expect(from('moving.train')).toMatchObject([{ to: 'moving.lorry', event: 'patience', kind: 'after' }])
    expect(from('moving.lorry')).toMatchObject([{ to: 'given', event: '', kind: 'always', guard: 'isThere' }])
  })

  it('has a digest that is the same for the same definition and for no other', () => {
    expect(machineChart(createMachine(definition)).digest).toBe(chart.digest)
    const other = createMachine({ ...definition, states: { ...definition.states, lost: {} } })
    expect(machineChart(other).digest).not.toBe(chart.digest)
  })
})
