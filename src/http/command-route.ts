import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Refusal } from '../refusal.ts'
import type { Message } from '../runtime/envelope.ts'
import type { RequestReply } from '../runtime/request-messages.ts'
import { type Caller, refuseForAnother } from './access.ts'
import { bodyBytesMax, readBody } from './body.ts'
import { type Command, carryOut } from './carry-out.ts'
import type { Dependencies, Work } from './dependencies.ts'
import { readParameters } from './parameters.ts'
import { type ProblemCode, problem } from './problem.ts'
import { Refused } from './refused.ts'
import { firstAnswer, requestKeyOf } from './request-key.ts'
import { documentRoute, type RouteDocument, type Shape } from './route-document.ts'

interface CommandRoute<Params extends Shape, Body extends z.ZodObject, Reply extends Message>
  extends Omit<RouteDocument, 'headers' | 'query'> {
  method: 'post' | 'patch'
  params?: Params
  body: Body
  bodyBytesMax?: number
  /** Whether it is refused without an Idempotency-Key. */
  keyRequired?: boolean
  /** `begun` unless given. */
  work?: Work
  /**
   * Turns the input, path and body together, into a command. Throws `Refused`.
   */
  command(input: z.infer<z.ZodObject<Params>> & z.infer<Body>, caller: Caller): Command | Promise<Command>
  /** The part of the input that a repeat under one Idempotency-Key must have in common; all of it unless given. */
  keyOf?(input: z.infer<z.ZodObject<Params>> & z.infer<Body>): object
  /** The answer to a reply that is no refusal, or `undefined` when it does not belong here. */
  present(reply: Reply, input: z.infer<z.ZodObject<Params>> & z.infer<Body>): Response | undefined
}

const headers = {
  'Idempotency-Key': z
    .string()
    .min(16)
    .max(255)
    .optional()
    .openapi({ description: 'The same key and the same request: the first answer again.' }),
  Prefer: z.string().optional().openapi({ description: '`respond-async`: where 202 is possible, at once.' }),
}

const commandProblems: readonly ProblemCode[] = [
  'INVALID_ARGUMENT',
  'IDEMPOTENCY_KEY_INVALID',
  'FORBIDDEN',
  'REQUEST_IN_FLIGHT',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'IDEMPOTENCY_KEY_REUSED',
  'RATE_LIMITED',
  'OVERLOADED',
  'SHUTTING_DOWN',
  'UNAVAILABLE',
]

/** Adds a route that sends one command, at most once per idempotency key, and answers with its reply. */
export function commandRoute<
  Body extends z.ZodObject,
  Reply extends Message,
  Params extends Shape = Record<never, never>,
>(app: OpenAPIHono, dependencies: Dependencies, route: CommandRoute<Params, Body, Reply>): void {
  const { method, body, bodyBytesMax: limitBytes = bodyBytesMax, work = 'begun' } = route
  const path = documentRoute(app, { ...route, headers, problems: [...commandProblems, ...route.problems] })
  const parameters = z.object(route.params ?? ({} as Params))
  const name = `${method} ${path}`

  app.on(method, path, async c => {
    const caller = await dependencies.authenticate(c, route.access)
    // Operators have to be able to help also while nothing is taken in.
    const closed = route.access === 'operator' ? undefined : dependencies.closed(work)
    if (closed === 'OVERLOADED') throw overloaded(dependencies.backlogMs())
    if (closed !== undefined) throw new Refused(closed, {})
    const input = { ...readParameters(c, parameters), ...(await readBody(c, body, limitBytes)) }
    refuseForAnother(caller, input)
    const key = requestKeyOf(c, name, caller, route.keyOf?.(input) ?? input)
    if (key === undefined && route.keyRequired) throw new Refused('IDEMPOTENCY_KEY_REQUIRED', {})
    const first = key && firstAnswer(dependencies, key)
    const show = (reply: Message) => route.present(reply as Reply, input)
    if (first !== undefined) return answerAgain(first, show)
    const waits = !c.req.header('prefer')?.includes('respond-async')
    const reply = await carryOut(dependencies, await route.command(input, caller), key, waits)
    return isReplayed(reply) ? answerAgain(reply.answer, show) : answerTo(reply, show)
  })
}

function overloaded(backlogMs: number): Refused {
  return new Refused('OVERLOADED', {}, { 'Retry-After': `${Math.max(1, Math.ceil(backlogMs / 1_000))}` })
}

function answerAgain(first: Message, show: (reply: Message) => Response | undefined): Response {
  const again = answerTo(first, show)
  again.headers.set('Idempotency-Replayed', 'true')
  return again
}

/** An actor replies with what its messages file says, with a refusal of any command, or for the request actor. */
function answerTo(reply: Message, show: (reply: Message) => Response | undefined): Response {
  if (isRequestRejected(reply)) return problem(reply.code, {})
  if (isRejected(reply)) return problem(reply.refusal.code, reply.refusal.facts)
  const response = show(reply)
  if (response === undefined) throw new Error(`An actor replied with an unexpected ${reply.type}`)
  return response
}

function isReplayed(reply: Message): reply is RequestReply & { type: 'RequestReplayed' } {
  return reply.type === 'RequestReplayed'
}

function isRequestRejected(reply: Message): reply is RequestReply & { type: 'RequestRejected' } {
  return reply.type === 'RequestRejected'
}

function isRejected(reply: Message): reply is Message & { refusal: Refusal } {
  return reply.type.endsWith('Rejected')
}
