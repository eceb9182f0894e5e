import type { ChartState, ChartTransition, MachineChart } from '../machines/machine-chart.ts'

/**
 * The columns of a chart: each stage at the top has one, with the states around it that belong to its flow. A state the machine
 * begins with stands with the stage it leads into, any other with the stage it is first reached from. By state; states in
 * none are left out. Whoever has no stages has no columns.
 */
export function chartColumns({
  states,
  transitions,
}: Pick<MachineChart, 'states' | 'transitions'>): ReadonlyMap<string, string> {
  const byId = new Map(states.map(state => [state.id, state]))
  const top = (id: string): string => {
    const parent = byId.get(id)?.parent ?? null
    return parent === null ? id : top(parent)
  }
  const stages = new Set(states.flatMap(({ parent }) => (parent === null ? [] : [top(parent)])))
  const columns = new Map<string, string>()
  for (const state of states.filter(({ parent }) => parent === null)) {
    const stage = stages.has(state.id) ? state.id : stageOf(state, transitions)
    if (stage !== undefined) columns.set(state.id, `column of ${stage}`)
  }
  return columns

  function stageOf({ id, initial }: ChartState, all: readonly ChartTransition[]): string | undefined {
    const into = all.filter(({ to }) => to === id).map(({ from }) => top(from))
    const outOf = all.filter(({ from }) => from === id).map(({ to }) => top(to))
    return (initial ? [...outOf, ...into] : [...into, ...outOf]).find(end => stages.has(end))
  }
}
