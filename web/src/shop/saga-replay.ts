import type { Schemas } from '../api/client.ts'

/*
 * The last attempt of a payment, replayed from its history: what is drawn of each step once so many of the payment's own
 * transitions have been seen, and when each is shown. Everything is taken from the journal; only the pace is not.
 */

type Entry = Schemas['HistoryEntry']

/** The steps in their order, each with the state that undoes it. */
const undoneIn = {
  claimingOrder: 'releasingOrder',
  decreasingStock: 'restoringStock',
  usingCoupon: 'restoringCoupon',
  deductingBalance: 'refundingBalance',
  recordingPayment: 'voidingPayment',
  recordingStatistics: undefined,
} as const

export type Step = keyof typeof undoneIn
export const sagaSteps = Object.keys(undoneIn) as readonly Step[]

/** `owed`: it did not answer, and the payment completed without waiting for it. */
export type Standing = 'ahead' | 'asked' | 'done' | 'owed' | 'refused' | 'silent' | 'undoing' | 'undone'

export interface Row {
  readonly step: Step
  readonly standing: Standing
  /** Why the attempt failed, on the step at which it did; it stays when the step is undone. */
  readonly failed: 'refused' | 'silent' | null
  /** How often its command, or its undo, was sent so far. */
  readonly sends: number
  /** How long it really took to answer, in milliseconds; null while it has not. */
  readonly tookMs: number | null
  /** The place of its undo among the undos, from 1; null while nothing is undone. */
  readonly undoPlace: number | null
}

/** A moment of the replay: one transition of the payment. */
interface Frame {
  readonly entry: Entry
  readonly state: string
  /** When it is shown, since the replay began, in milliseconds. */
  readonly playAtMs: number
}

export interface Replay {
  readonly frames: readonly Frame[]
  readonly steps: readonly Step[]
  /** How long the attempt has really taken, and how long its replay takes. */
  readonly realMs: number
  readonly playMs: number
}

/** Each transition is looked at for so long, and where really nothing happened for longer, for a little longer. */
const frameMs = 650
const pauseMsMax = 1_200

/** The last attempt to pay; `undefined` when there is none, or when its beginning was dropped. */
export function replayOf(history: { paymentId: number; entries: readonly Entry[] }): Replay | undefined {
  const own = history.entries.filter(({ actor }) => actor === `payment/${history.paymentId}`)
  const first = own.findLastIndex(
    ({ message, state, transition }) =>
      message.type === 'PayOrder' && transition !== null && state === 'paying.claimingOrder',
  )
  const begin = own[first]
  if (begin === undefined) return undefined
  const attempt: Entry[] = []
  for (const entry of own.slice(first)) {
    if (entry.state === null || entry.transition === null) continue
    attempt.push(entry)
    if (isEnd(entry.state)) break
  }
  let playAtMs = 0
  let before = timeOf(begin)
  const frames = attempt.map(entry => {
    playAtMs += frameMs + Math.min(timeOf(entry) - before, pauseMsMax)
    before = timeOf(entry)
    return { entry, state: entry.state ?? '', playAtMs }
  })
  const withCoupon = begin.message['couponId'] != null
  return {
    frames,
    steps: sagaSteps.filter(step => step !== 'usingCoupon' || withCoupon),
    realMs: before - timeOf(begin),
    playMs: playAtMs,
  }
}

/** How many transitions have been shown `playedMs` after the replay began. */
export function shownAfter({ frames }: Replay, playedMs: number): number {
  return frames.filter(({ playAtMs }) => playAtMs <= playedMs).length
}

/** How many times slower than it was the replay is; `undefined` where it is no slower, or nothing can be said. */
export function slowness({ realMs, playMs }: Replay): number | undefined {
  if (realMs < 1 || playMs <= realMs) return undefined
  const times = playMs / realMs
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(times)) - 1)
  return Math.round(times / unit) * unit
}

/** How every step stands once the first `shown` transitions have been seen. */
export function rowsAfter({ frames, steps }: Replay, shown: number): readonly Row[] {
  const rows = new Map(steps.map(step => [step, newRow(step)]))
  let current: { row: MutableRow; since: number } | undefined
  let refused = false
  let undos = 0
  for (const { entry, state } of frames.slice(0, shown)) {
    const at = timeOf(entry)
    if (entry.message.type.endsWith('Rejected')) refused = true
    const next = rowOf(rows, state)
    const isUndo = state.startsWith('compensating.')
    if (current !== undefined && next === current.row && isUndo === (next.standing === 'undoing')) {
      if (isSentAgain(entry)) next.sends += 1
      continue
    }
    if (current !== undefined) {
      current.row.tookMs = at - current.since
      const left = leftAs(current.row.standing, entry, state, refused)
      if (left === 'refused' || left === 'silent') current.row.failed = left
      current.row.standing = left
    }
    if (next === undefined) {
      current = undefined
      continue
    }
    if (isUndo) undos += 1
    Object.assign(next, { standing: isUndo ? 'undoing' : 'asked', sends: 1, tookMs: null })
    if (isUndo) next.undoPlace = undos
    current = { row: next, since: at }
  }
  return [...rows.values()]
}

type MutableRow = { -readonly [Name in keyof Row]: Row[Name] }

function newRow(step: Step): MutableRow {
  return { step, standing: 'ahead', failed: null, sends: 0, tookMs: null, undoPlace: null }
}

function rowOf(rows: ReadonlyMap<Step, MutableRow>, state: string): MutableRow | undefined {
  const name = state.slice(state.indexOf('.') + 1)
  const step = sagaSteps.find(candidate => candidate === name || undoneIn[candidate] === name)
  return step && rows.get(step)
}

/** What became of a step that is waited for no more. */
function leftAs(standing: Standing, entry: Entry, state: string, refused: boolean): Standing {
  if (standing === 'undoing') return 'undone'
  const unanswered = isTimer(entry) || /^(SkipStep|CompensatePayment)$/.test(entry.message.type)
  if (state === 'completed') return unanswered ? 'owed' : 'done'
  if (refused) return 'refused'
  return unanswered ? 'silent' : 'done'
}

function isSentAgain(entry: Entry): boolean {
  return isTimer(entry) || entry.message.type === 'RetryStep'
}

/** A deadline is a message of the payment to itself. */
function isTimer({ actor, from }: Entry): boolean {
  return actor === from
}

function isEnd(state: string): boolean {
  return state === 'completed' || state === 'failed'
}

function timeOf({ at }: Entry): number {
  return Date.parse(at)
}
