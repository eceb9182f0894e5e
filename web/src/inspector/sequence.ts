import {
  type Entry,
  type History,
  isCaller,
  isTimer,
  kindOf,
  type Lane,
  paymentActor,
  refusalOf,
  stateBefore,
} from './history.ts'

/*
 * The messages of a payment as a sequence diagram. What the journal tells is what was handled; who caused what tells
 * commands from answers. A message that never came is seen only by its answer, or by the timer that ran out for it.
 */

/** A line of the diagram: an actor, whoever asks from outside, or many actors of one kind together. */
export interface Lifeline {
  readonly id: string
  readonly kind: string
  /** How many actors it stands for. */
  readonly count: number
}

interface Step {
  /** Of the entry; a message that never came stands at its answer. */
  readonly position: number
  readonly lane: Lane
}

export interface Arrow extends Step {
  readonly kind: 'message'
  readonly from: string
  readonly to: string
  readonly type: string
  readonly message: Readonly<Record<string, unknown>>
  readonly at: string
  readonly isReply: boolean
  readonly isRefusal: boolean
  /** It changed nothing: a refusal, a repeat, or what came too late. */
  readonly changedNothing: boolean
  /** It is known from its answer alone: something on the way answered in place of its receiver. */
  readonly isUntold: boolean
}

/** A timer of an actor that ran out. */
export interface Silence extends Step {
  readonly kind: 'silence'
  readonly of: string
  /** The state that waited. */
  readonly state: string | null
  readonly at: string
  /** Whether it was asked again; if not, it was given up. */
  readonly askedAgain: boolean
}

export type SequenceStep = Arrow | Silence

export interface Sequence {
  readonly lifelines: readonly Lifeline[]
  readonly steps: readonly SequenceStep[]
}

const caller = 'caller'

/** So many actors of one kind have a line each; more share one. */
const linesOfKindMax = 6

/** The sequence of a history; `laneOf` says which lane the payment is in by its state. */
export function sequenceOf(history: History, laneOf: (state: string | null) => Lane): Sequence {
  const { entries } = history
  const payment = paymentActor(history)
  const byMessage = new Map(entries.map(entry => [entry.messageId, entry]))
  const stateAfter = statesAfter(entries)
  const shared = sharedKinds(entries)
  const line = (actor: string) =>
    isCaller(actor) ? caller : shared.has(kindOf(actor)) ? kindOf(actor) : actor

  /** The lane of a command is where its sender was when it sent it; of an answer, that of the command. */
  function laneOfEntry(entry: Entry, hops = 0): Lane {
    const cause = byMessage.get(entry.causationId)
    if (entry.from === payment) return laneOf(cause === undefined ? null : (stateAfter.get(cause) ?? null))
    if (cause !== undefined && cause !== entry && hops < 2) return laneOfEntry(cause, hops + 1)
    return 'forward'
  }

  const steps: SequenceStep[] = []
  let before: string | null = null
  let begun = false
  for (const entry of entries) {
    const { position, actor, from, message, at, transition } = entry
    const state = stateAfter.get(entry) ?? null
    if (isTimer(entry)) {
      const askedAgain = state === stateBefore(entries, entry)
      const lane = laneOf(stateBefore(entries, entry))
      steps.push({
        kind: 'silence',
        position,
        lane,
        of: line(actor),
        state: stateBefore(entries, entry),
        at,
        askedAgain,
      })
    } else if (line(actor) !== line(from)) {
      const cause = byMessage.get(entry.causationId)
      const answersUntold = cause === undefined && actor === payment && !isCaller(from) && begun
      const lane = answersUntold ? laneOf(before) : laneOfEntry(entry)
      if (answersUntold) steps.push(untold(entry, line, lane))
      steps.push({
        kind: 'message',
        position,
        lane,
        from: line(from),
        to: line(actor),
        type: message.type,
        message,
        at,
        isReply: answersUntold || isCaller(actor) || (cause?.actor === from && cause.from === actor),
        isRefusal: refusalOf(entry) !== undefined,
        changedNothing: transition === null,
        isUntold: false,
      })
    }
    if (actor === payment) {
      before = state
      begun = true
    }
  }
  return { lifelines: lifelinesOf(steps, entries, line, payment), steps }
}

/** The command whose answer is all that is told of it. */
function untold(
  { position, from, actor, message, at }: Entry,
  line: (actor: string) => string,
  lane: Lane,
): Arrow {
  return {
    kind: 'message',
    position,
    lane,
    from: line(actor),
    to: line(from),
    type: message.type.endsWith('Rejected') ? message.type.slice(0, -'Rejected'.length) : '?',
    message: {},
    at,
    isReply: false,
    isRefusal: false,
    changedNothing: true,
    isUntold: true,
  }
}

/** The state that each entry left its actor in. */
function statesAfter(entries: readonly Entry[]): Map<Entry, string | null> {
  const now = new Map<string, string | null>()
  return new Map(
    entries.map(entry => {
      const state = entry.state ?? now.get(entry.actor) ?? null
      now.set(entry.actor, state)
      return [entry, state]
    }),
  )
}

/** The kinds of which there are too many actors for a line each. */
function sharedKinds(entries: readonly Entry[]): ReadonlySet<string> {
  const actors = Map.groupBy(new Set(entries.map(({ actor }) => actor)), kindOf)
  return new Set([...actors].filter(([, list]) => list.length > linesOfKindMax).map(([kind]) => kind))
}

/** Whoever asks first, then the payment, then the others as they are first asked. */
function lifelinesOf(
  steps: readonly SequenceStep[],
  entries: readonly Entry[],
  line: (actor: string) => string,
  payment: string,
): Lifeline[] {
  const seen = new Set([caller, payment])
  for (const step of steps) {
    for (const id of step.kind === 'message' ? [step.from, step.to] : [step.of]) seen.add(id)
  }
  const actors = new Set(entries.flatMap(({ actor, from }) => [actor, from]))
  const counts = Map.groupBy(actors, line)
  return [...seen].map(id => ({
    id,
    kind: id.includes('/') ? kindOf(id) : id,
    count: id === caller ? 1 : (counts.get(id)?.length ?? 1),
  }))
}
