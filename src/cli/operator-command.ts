import { z } from 'zod'
import { ConfigInvalid } from '../config.ts'
import { type Arguments, type Command, configOf } from './command.ts'
import type { Terminal } from './shop.ts'

/*
 * What operators see and do, through a running server: one process owns the data, so whoever acts on it asks that one.
 */

/** What could not be done, in one sentence for whoever typed it. */
class OperatorRefused extends Error {
  override name = 'OperatorRefused'
}

const usage =
  'recoup operator payments | payment ID | dead-letters [--all] | audit | retry|skip|compensate payment ID --reason TEXT' +
  ' | retry|skip|edit dead-letter ID --reason TEXT [--message JSON] [--url http://127.0.0.1:8080] [--json]'

export const operatorCommand: Command = {
  summary: 'Lists what needs an operator on a running server, and retries, skips, edits or compensates it.',
  usage,
  options: {
    url: { type: 'string' },
    reason: { type: 'string' },
    message: { type: 'string' },
    all: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  positionals: [1, 3],
  async run(given, terminal) {
    const request = requestOf(given)
    const answer = await askServer(given, terminal, request)
    terminal.out(given.values['json'] ? JSON.stringify(answer) : linesOf(request.path, answer).join('\n'))
    return 0
  },
}

export interface OperatorRequest {
  readonly path: string
  readonly body?: object
}

const lists: Readonly<Record<string, string>> = {
  payments: 'payments',
  'dead-letters': 'dead-letters',
  audit: 'audit',
}

const operations: Readonly<Record<string, readonly string[]>> = {
  payment: ['retry', 'skip', 'compensate'],
  'dead-letter': ['retry', 'skip', 'edit'],
}

function requestOf({ positionals, values }: Arguments): OperatorRequest {
  const [verb = '', noun = '', id = ''] = positionals
  const limit = 'limit=200'
  if (positionals.length === 1 && lists[verb] !== undefined)
    return { path: `${lists[verb]}?${limit}${verb === 'dead-letters' && values['all'] ? '&all=true' : ''}` }
  if (positionals.length === 2 && verb === 'payment') return { path: `payments/${encodeURIComponent(noun)}` }
  if (!operations[noun]?.includes(verb)) throw new ConfigInvalid(`Usage: ${usage}`)
  if (typeof values['reason'] !== 'string') throw new ConfigInvalid('Say why with --reason TEXT.')
  const body = { reason: values['reason'], ...(verb === 'edit' && { message: messageOf(values['message']) }) }
  return { path: `${noun}s/${encodeURIComponent(id)}/${verb}`, body }
}

function messageOf(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    throw new ConfigInvalid('Give the message to handle instead as JSON with --message JSON.')
  }
}

/** Asks the running server as an operator, and resolves with its answer. Throws one clear sentence. */
export async function askServer(
  given: Arguments,
  terminal: Terminal,
  { path, body }: OperatorRequest,
): Promise<unknown> {
  const { operatorToken, port } = configOf(given, terminal)
  if (operatorToken === undefined) {
    throw new OperatorRefused("Set RECOUP_OPERATOR_TOKEN to the server's token of operators.")
  }
  const url = given.values['url'] ?? `http://127.0.0.1:${port}`
  let response: Response
  try {
    response = await fetch(`${url}/operator/${path}`, {
      headers: { Authorization: `Bearer ${operatorToken}`, 'Content-Type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
  } catch {
    throw new OperatorRefused(`No server answers at ${url}; start it or name its address with --url.`)
  }
  const answer: unknown = await response.json()
  if (response.ok) return answer
  if (response.status === 401) {
    throw new OperatorRefused(
      'The server does not know this RECOUP_OPERATOR_TOKEN; start it with the same one.',
    )
  }
  const { detail } = z.object({ detail: z.string() }).parse(answer)
  throw new OperatorRefused(response.status === 404 && body === undefined ? absent(detail) : detail)
}

/** A server that has no token answers as if there were no such routes. */
function absent(detail: string): string {
  return detail.startsWith('There is nothing under this path')
    ? 'The server has no operator routes; start it with RECOUP_OPERATOR_TOKEN set.'
    : detail
}

const paymentShown = z.object({
  paymentId: z.number(),
  status: z.string(),
  step: z.string(),
  attempt: z.number(),
  resends: z.number(),
  nextResendAt: z.string().nullable(),
  attention: z.array(z.string()),
  deadLetterIds: z.array(z.number()),
})
const deadLetterShown = z.object({
  id: z.number(),
  actor: z.string(),
  saga: z.string(),
  message: z.object({ type: z.string() }),
  error: z.string(),
  at: z.string(),
  resolution: z.string().nullable(),
})
const auditShown = z.object({
  at: z.string(),
  operator: z.string(),
  action: z.string(),
  subject: z.string(),
  reason: z.string(),
  outcome: z.string(),
})

/** One line for each, in columns. */
function linesOf(path: string, answer: unknown): string[] {
  const items = Array.isArray(answer) ? answer : [answer]
  if (items.length === 0) return ['none']
  if (path.startsWith('payments')) {
    return items.map(item => {
      const { paymentId, status, step, attempt, resends, nextResendAt, attention, deadLetterIds } =
        paymentShown.parse(item)
      const why = [...attention, ...deadLetterIds.map(id => `dead letter ${id}`)].join(', ')
      const next = nextResendAt === null ? '' : `, again at ${nextResendAt}`
      return `${paymentId}  ${status}  ${step}  attempt ${attempt}, ${resends} resends${next}  ${why}`.trimEnd()
    })
  }
  if (path.startsWith('audit')) {
    return items.map(item => {
      const { at, operator, action, subject, reason, outcome } = auditShown.parse(item)
      return `${at}  ${operator}  ${action} ${subject}: ${outcome}  (${reason})`
    })
  }
  return items.map(item => {
    const { id, at, actor, saga, message, error, resolution } = deadLetterShown.parse(item)
    return `${id}  ${at}  ${resolution ?? 'WAITS'}  ${message.type} to ${actor} of ${saga}: ${error}`
  })
}
