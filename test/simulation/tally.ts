/** Counts of things by name, in groups, that add up over histories. */
export class Tally {
  readonly groups = new Map<string, Map<string, number>>()

  count(group: string, name: string, times = 1): void {
    const names = this.groups.get(group) ?? new Map<string, number>()
    this.groups.set(group, names)
    names.set(name, (names.get(name) ?? 0) + times)
  }

  of(group: string, name: string): number {
    return this.groups.get(group)?.get(name) ?? 0
  }

  total(group: string): number {
    return [...(this.groups.get(group)?.values() ?? [])].reduce((sum, times) => sum + times, 0)
  }

  add(other: Tally): void {
    for (const [group, names] of other.groups) {
      for (const [name, times] of names) this.count(group, name, times)
    }
  }
}
