import type { z } from '@hono/zod-openapi'
import type { Caller } from './access.ts'
import { type ProblemCode, type ProblemFacts, problem } from './problem.ts'

/** Ends a request at the door with a problem document. Only the door throws it; what an actor refuses is data. */
export class Refused<Code extends ProblemCode = ProblemCode> extends Error {
  override name = 'Refused'
  readonly code: Code
  readonly facts: ProblemFacts[Code]
  readonly headers: Record<string, string> | undefined
  /** Who was refused, where that is known. */
  readonly caller: Caller | undefined

  constructor(code: Code, facts: ProblemFacts[Code], headers?: Record<string, string>, caller?: Caller) {
    super(code)
    this.code = code
    this.facts = facts
    this.headers = headers
    this.caller = caller
  }

  answer(): Response {
    return problem(this.code, this.facts, this.headers)
  }
}

const shownNameLengthMax = 100

/** The first fault that a schema found, as INVALID_ARGUMENT. Names of fields are the caller's, so they are cut short. */
export function invalidArgument(error: z.ZodError): Refused {
  const [issue] = error.issues
  if (issue === undefined) throw error
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path
  const reason = issue.code === 'unrecognized_keys' ? 'there is no such field' : issue.message
  if (path.length === 0) return new Refused('INVALID_ARGUMENT', { reason })
  return new Refused('INVALID_ARGUMENT', { path: path.join('.').slice(0, shownNameLengthMax), reason })
}
