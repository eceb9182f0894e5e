import { type MachineChart, standingIn } from './machine-chart.ts'

/** Which states and transitions of a machine were seen, of all that it has. */
export class Coverage {
  readonly #chart: MachineChart
  readonly #states = new Set<string>()
  readonly #times = new Map<string, number>()

  constructor(chart: MachineChart) {
    this.#chart = chart
  }

  note(state: { readonly value: unknown }, taken: readonly string[]): void {
    for (const name of standingIn(state)) this.#states.add(name)
    for (const name of taken) this.#times.set(name, (this.#times.get(name) ?? 0) + 1)
  }

  get counts() {
    const { states, transitions } = this.#chart
    return {
      states: states.length - this.missingStates.length,
      statesInAll: states.length,
      transitions: transitions.length - this.missingTransitions.length,
      transitionsInAll: transitions.length,
    }
  }

  get missingStates(): readonly string[] {
    return this.#chart.states.filter(name => !this.#states.has(name))
  }

  get missingTransitions(): readonly string[] {
    return this.#chart.transitions.filter(name => !this.#times.has(name))
  }

  /** How often each transition was taken. */
  get times(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#chart.transitions.map(name => [name, this.#times.get(name) ?? 0]))
  }
}
