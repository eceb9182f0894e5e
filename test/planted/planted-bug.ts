/** A small fault that is put into one file of the source while it is loaded; the file on disk stays as it is. */
export interface PlantedBug {
  /** What it is called on the command line. */
  readonly name: string
  /** What the product does wrong then. */
  readonly sentence: string
  /** Path from the root of the repository. */
  readonly file: string
  /** The text it takes the place of, which must occur exactly once. */
  readonly find: string
  readonly replace: string
}

/**
 * The source of the bug's file with the bug in it. Throws when the place of the bug is not there exactly once: the source
 * has moved on and the bug has to be described anew.
 */
export function withBug(source: string, { name, file, find, replace }: PlantedBug): string {
  const places = source.split(find).length - 1
  if (places !== 1) throw new Error(`The bug ${name} has ${places} places in ${file} instead of one: ${find}`)
  // A function, so that a `$` in the replacement means itself.
  return source.replace(find, () => replace)
}
