import { z } from 'zod'
import { ConfigInvalid } from '../config.ts'
import type { Arguments, Command } from './command.ts'
import { askServer, type OperatorRequest } from './operator-command.ts'

const usage =
  'recoup data-platform status | replay --event ID | --parked | --since ISO-TIME --reason TEXT' +
  ' [--url http://127.0.0.1:8080] [--json]'

export const dataPlatformCommand: Command = {
  summary: 'Shows what is owed to the data platform by a running server, and has it delivered again.',
  usage,
  options: {
    url: { type: 'string' },
    reason: { type: 'string' },
    event: { type: 'string' },
    parked: { type: 'boolean' },
    since: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 1,
  async run(given, terminal) {
    const [verb] = given.positionals
    if (verb !== 'status' && verb !== 'replay') throw new ConfigInvalid(`Usage: ${usage}`)
    const answer = await askServer(
      given,
      terminal,
      verb === 'status' ? { path: 'outbox' } : replayRequest(given),
    )
    if (given.values['json']) terminal.out(JSON.stringify(answer))
    else terminal.out(verb === 'status' ? statusLines(answer).join('\n') : replayLine(answer))
    return 0
  },
}

function replayRequest({ values }: Arguments): OperatorRequest {
  const { event, parked, since, reason } = values
  if ([event, parked, since].filter(value => value !== undefined).length !== 1) {
    throw new ConfigInvalid('Say what to deliver again: one of --event ID, --parked and --since ISO-TIME.')
  }
  if (typeof since === 'string' && !z.iso.datetime().safeParse(since).success) {
    throw new ConfigInvalid(
      `--since must be a time such as 2026-01-31T09:00:00Z; it is ${JSON.stringify(since)}.`,
    )
  }
  if (typeof reason !== 'string') throw new ConfigInvalid('Say why with --reason TEXT.')
  return {
    path: 'outbox/replay',
    body: {
      reason,
      ...(event !== undefined && { eventId: event }),
      ...(parked && { parked }),
      ...(since !== undefined && { since }),
    },
  }
}

const outboxShown = z.object({
  topics: z.array(
    z.object({
      topic: z.string(),
      breaker: z.string(),
      owed: z.number(),
      parked: z.number(),
      oldestAt: z.string().nullable(),
    }),
  ),
  parked: z.array(
    z.object({
      eventId: z.string(),
      type: z.string(),
      key: z.string(),
      attempts: z.number(),
      error: z.string(),
      parkedAt: z.string(),
    }),
  ),
})

function statusLines(answer: unknown): string[] {
  const { topics, parked } = outboxShown.parse(answer)
  return [
    ...topics.map(
      ({ topic, breaker, owed, parked, oldestAt }) =>
        `${topic}  breaker ${breaker}, ${owed} owed, ${parked} parked${oldestAt === null ? '' : `, the oldest of ${oldestAt}`}`,
    ),
    ...parked.map(
      ({ eventId, type, key, attempts, error, parkedAt }) =>
        `${parkedAt}  PARKED  ${eventId}  ${type} of ${key} after ${attempts} tries: ${error}`,
    ),
  ]
}

function replayLine(answer: unknown): string {
  const { replayed } = z.object({ replayed: z.number() }).parse(answer)
  if (replayed === 0) return 'There was nothing to deliver again.'
  return replayed === 1 ? '1 event will be delivered again.' : `${replayed} events will be delivered again.`
}
