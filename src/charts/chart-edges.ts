import type { ChartTransition } from '../machines/machine-chart.ts'

const rowHeight = 16
/** Of a bold letter: an arrow that was taken has a bold label. */
const letterWidth = 7.5
const linesMax = 3
const lineLettersMax = 24

const letters = (text: string, width: number) => Math.ceil(text.length * width)

/** How wide the box of a state has to be; capitals are wider. */
export function nameWidth(name: string): number {
  return Math.max(124, letters(name, name === name.toUpperCase() ? 10.2 : 8.2) + 42)
}

/** How much room the lines of a label take. */
export function labelSize(lines: readonly string[]): { width: number; height: number } {
  return {
    width: Math.max(...lines.map(line => letters(line, letterWidth))) + 12,
    height: lines.length * rowHeight + 4,
  }
}

/** Transitions that are one arrow. */
export interface Grouped {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly transitions: readonly string[]
  readonly lines: readonly string[]
}

/** The transitions between two states, as one arrow with a line for each event. Those that stay are no arrows. */
export function groupedTransitions(transitions: readonly ChartTransition[]): Grouped[] {
  const groups = new Map<string, ChartTransition[]>()
  for (const transition of transitions) {
    if (transition.to === transition.from) continue
    const id = `${transition.from}→${transition.to}`
    groups.set(id, [...(groups.get(id) ?? []), transition])
  }
  return [...groups].map(([id, members]) => {
    // What always leads there says more than what does so at times.
    const telling = members.toSorted((a, b) => Number(isAtTimes(a)) - Number(isAtTimes(b)))
    const events = [...new Set(telling.map(lineOf))]
    const shown = events.length > linesMax ? events.slice(0, linesMax - 1) : events
    const rest = events.length - shown.length
    const lines = [...shown.flatMap(folded), ...(rest === 0 ? [] : [`+ ${rest}`])]
    const [{ from, to }] = members as [ChartTransition]
    return { id, from, to, transitions: members.map(member => member.id), lines }
  })
}

const isAtTimes = ({ kind, guard }: ChartTransition) => kind !== 'always' && guard !== null

/** What makes a transition happen, in a few letters. */
function lineOf({ event, kind, guard }: ChartTransition): string {
  if (kind === 'after') return `after ${event}`
  if (kind === 'always') return guard === null ? 'always' : `[${guard}]`
  return event
}

/** A long name on two lines, parted before the capital that is nearest to its middle. */
function folded(line: string): string[] {
  if (line.length <= lineLettersMax) return [line]
  const middle = line.length / 2
  const places = [...line.matchAll(/(?<=[a-z ])[A-Z]/g)].map(({ index }) => index)
  const place = places.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0]
  return place === undefined ? [line] : [line.slice(0, place), line.slice(place)]
}
