import type { Lane } from './history.ts'

/** What lanes need of a chart. */
export interface TaggedChart {
  readonly states: readonly {
    readonly id: string
    readonly parent: string | null
    readonly tags: readonly string[]
  }[]
}

const lanes: Readonly<Record<string, Lane>> = { compensation: 'undo', return: 'return' }

/** Which lane a state of a chart is in, by the tags of the state and of those around it. All is forward without a chart. */
export function laneOf(chart: TaggedChart | undefined): (state: string | null) => Lane {
  const states = new Map(chart?.states.map(state => [state.id, state]))
  return path => {
    for (let state = states.get(path ?? ''); state !== undefined; state = states.get(state.parent ?? '')) {
      const lane = state.tags.map(tag => lanes[tag]).find(found => found !== undefined)
      if (lane !== undefined) return lane
    }
    return 'forward'
  }
}
