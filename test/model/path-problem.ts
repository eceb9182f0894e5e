import { isDeepStrictEqual } from 'node:util'

/** Something that is not as the path says, in one sentence. */
export class PathProblem extends Error {
  override name = 'PathProblem'
}

/** Compares what is with what the path predicts. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return
  throw new PathProblem(`${what} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`)
}
