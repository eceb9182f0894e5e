/** Something that must not be was seen: `name` is the invariant or promise it breaks. */
export class Violation extends Error {
  override name = 'Violation'
  readonly broken: string

  constructor(broken: string, what: string) {
    super(`${broken}: ${what}`)
    this.broken = broken
  }
}
