import { type InvariantResult, invariants, violationsKeptMax } from '../invariants.ts'

/** What a look at the database found, by invariant, in the form the whole check has. */
export class Findings {
  readonly #checked = new Map<string, number>()
  readonly #violations = new Map<string, string[]>()

  /** Notes that an invariant was decided for something. */
  looked(name: string, things = 1): void {
    this.#checked.set(name, (this.#checked.get(name) ?? 0) + things)
  }

  violated(name: string, violation: string): void {
    const known = this.#violations.get(name)
    if (known === undefined) this.#violations.set(name, [violation])
    else known.push(violation)
  }

  results(): InvariantResult[] {
    return invariants.map(({ name, sentence }) => {
      const violations = this.#violations.get(name) ?? none
      return {
        name,
        sentence,
        checked: this.#checked.get(name) ?? 0,
        violationCount: violations.length,
        violations: violations.slice(0, violationsKeptMax),
      }
    })
  }
}

const none: readonly string[] = []
