import { type Entry, type History, paymentActor } from './history.ts'

/** What belongs together in a timeline: placing the order, one attempt at paying it, or one return. */
export interface Chapter {
  readonly kind: 'order' | 'attempt' | 'return'
  /** Of the attempt, or of the return among returns; 0 of the order. */
  readonly number: number
  readonly entries: readonly Entry[]
  /** From its first entry to its last, in milliseconds. */
  readonly durationMs: number
}

/** The chapters of a history. An attempt begins when the payment takes an order to pay, a return when it takes that. */
export function chaptersOf(history: History): Chapter[] {
  const payment = paymentActor(history)
  const chapters: { kind: Chapter['kind']; number: number; entries: Entry[] }[] = []
  let attempt = 0
  let returned = 0
  let waiting: Entry[] = []
  function begin(kind: Chapter['kind'], number: number): void {
    chapters.push({ kind, number, entries: waiting })
    waiting = []
  }
  for (const entry of history.entries) {
    const { actor, message, transition } = entry
    // What was asked at the door comes right before what it begins.
    if (message.type === 'BeginRequest') {
      waiting.push(entry)
      continue
    }
    const begins = actor === payment && transition !== null
    if (begins && message.type === 'PayOrder') {
      attempt = attemptOf(entry) ?? attempt + 1
      begin('attempt', attempt)
    } else if (begins && message.type === 'ReturnItems') {
      returned += 1
      begin('return', returned)
    } else if (chapters.length === 0) begin('order', 0)
    chapters.at(-1)?.entries.push(...waiting, entry)
    waiting = []
  }
  if (waiting.length > 0 && chapters.length === 0) begin('order', 0)
  else chapters.at(-1)?.entries.push(...waiting)
  return chapters.map(chapter => ({ ...chapter, durationMs: durationOf(chapter.entries) }))
}

/** The payment says in the whole of its context which attempt it begins. */
function attemptOf({ patch }: Entry): number | undefined {
  const whole = patch?.find(([path]) => Array.isArray(path) && path.length === 0)?.[1]
  return (whole as { attempt?: number } | undefined)?.attempt
}

function durationOf(entries: readonly Entry[]): number {
  const [first, last] = [entries[0], entries.at(-1)]
  return first === undefined || last === undefined ? 0 : Date.parse(last.at) - Date.parse(first.at)
}
