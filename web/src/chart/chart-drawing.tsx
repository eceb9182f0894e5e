import type { KeyboardEvent } from 'react'
import type { Schemas } from '../api/client.ts'

export type Chart = Schemas['Chart']
type State = Schemas['ChartState']
type Edge = Schemas['ChartEdge']

export interface ChartDrawingProps {
  readonly chart: Chart
  /** States the machine is in. */
  readonly lit: readonly string[]
  /** How often each state was entered. */
  readonly visits: ReadonlyMap<string, number>
  /** Ids of the transitions that were taken. */
  readonly taken: ReadonlySet<string>
  readonly chosen?: string | undefined
  onChoose?(state: string): void
  /** What a screen reader says of a state. */
  nameOf(state: State): string
  readonly title: string
  /** The word written on the lane of what is undone. */
  readonly undoWord: string
}

const corner = 10

/** What a state is tagged as, told by a sign before its name; steps of a return only by that of their stage. */
const signs: Readonly<Record<string, string>> = {
  compensation: '↶',
  return: '⟲',
  failed: '✕',
  completed: '✓',
}

/** What was undone never looks like what was done. */
function hueOf({ tags }: State): string {
  if (tags.includes('compensation') || tags.includes('failed')) return 'var(--undo)'
  return tags.includes('return') ? 'var(--info)' : 'var(--accent)'
}

function signed({ name, tags, parent }: State): string {
  if (parent !== null && tags.includes('return')) return name
  const sign = tags.map(tag => signs[tag]).find(found => found !== undefined)
  return sign === undefined ? name : `${sign} ${name}`
}

/**
 * A statechart as SVG, drawn from its data alone. What is undone is told by a dashed border and a sign, where the machine is
 * by a filled box, and the path by its width: none by colour alone. Colours are variables of the theme, as presentation
 * attributes, so that the same drawing stands in a page and in a file.
 */
export function ChartDrawing({
  chart,
  lit,
  visits,
  taken,
  chosen,
  onChoose,
  nameOf,
  title,
  undoWord,
}: ChartDrawingProps) {
  const { width, height, states, edges, transitions } = chart
  const hatch = `hatch-${chart.id}`
  /** States and stages nothing leads out of. */
  const isEnd = ({ id, type }: State) =>
    type === 'final' ||
    !transitions.some(({ from, to }) => from !== to && (id === from || id.startsWith(`${from}.`)))
  const stayed = (id: string) =>
    transitions.some(({ id: transition, from, to }) => from === id && to === id && taken.has(transition))
  const isStage = (id: string) => states.some(({ parent }) => parent === id)
  const isTaken = (edge: Edge) => edge.transitions.some(id => taken.has(id))
  /** The colour of what a label lies on. */
  const groundOf = ({ label }: Edge) => {
    const around = states.find(
      ({ id, x, y, width, height }) =>
        isStage(id) && x <= label.x && label.x < x + width && y <= label.y && label.y < y + height,
    )
    if (around === undefined) return 'var(--sheet)'
    return around.tags.includes('compensation') ? 'var(--undo-soft)' : 'var(--paper)'
  }
  /** What a label says of the transitions of its arrow that were taken. */
  const saidOf = (edge: Edge) =>
    transitions.filter(({ id }) => taken.has(id) && edge.transitions.includes(id)).map(wordsOf)
  // What was taken lies above what was not.
  const inOrder = [...edges].sort((a, b) => Number(isTaken(a)) - Number(isTaken(b)))
  return (
    // biome-ignore lint/a11y/useSemanticElements: within a drawing there is no fieldset.
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="group"
      aria-label={title}
      fontFamily="Inter, system-ui, sans-serif"
      fontSize="12"
    >
      <defs>
        <pattern id={hatch} width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V9" stroke="var(--undo)" strokeWidth="1.2" opacity="0.22" />
        </pattern>
      </defs>
      {states.filter(({ id }) => isStage(id)).map(stage)}
      {inOrder.map(edge => (
        <Arrow key={edge.id} edge={edge} taken={isTaken(edge)} />
      ))}
      {inOrder.map(edge => (
        <Label key={edge.id} edge={edge} said={saidOf(edge)} ground={groundOf(edge)} />
      ))}
      {states.filter(({ id }) => !isStage(id)).map(leaf)}
    </svg>
  )

  function stage(state: State) {
    const { id, x, y, width, height } = state
    const isUndo = state.tags.includes('compensation')
    return (
      <g key={id} data-stage={id}>
        <rect
          x={x}
          y={y}
          width={width}
          height={height}
          rx={corner + 4}
          fill={isUndo ? 'var(--undo-soft)' : 'var(--paper)'}
          stroke={isUndo ? 'var(--undo)' : 'var(--line)'}
          strokeWidth={lit.includes(id) ? 2.5 : 1.5}
          {...(isUndo && { strokeDasharray: '7 5' })}
        />
        {isUndo && <rect x={x} y={y} width={width} height={height} rx={corner + 4} fill={`url(#${hatch})`} />}
        <text
          x={x + 14}
          y={y + 23}
          fontWeight="700"
          fontSize="14"
          fill={isUndo ? 'var(--undo)' : 'var(--ink)'}
          {...halo(isUndo ? 'var(--undo-soft)' : 'var(--paper)')}
        >
          {signed(state)}
        </text>
        {isUndo && state.parent === null && (
          <text
            x={x + 14}
            y={y + height - 10}
            fontStyle="italic"
            fill="var(--undo)"
            {...halo('var(--undo-soft)')}
          >
            {undoWord}
          </text>
        )}
      </g>
    )
  }

  function leaf(state: State) {
    const { id, x, y, width, height, initial } = state
    const isUndo = state.tags.includes('compensation')
    const isLit = lit.includes(id)
    const count = visits.get(id) ?? 0
    const hue = hueOf(state)
    const choose = () => onChoose?.(id)
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      choose()
    }
    const hands = onChoose && {
      role: 'button',
      tabIndex: 0,
      onClick: choose,
      onKeyDown,
      'aria-label': nameOf(state),
    }
    return (
      <g
        key={id}
        data-state={id}
        data-lit={isLit}
        data-visits={count}
        {...hands}
        cursor={onChoose && 'pointer'}
      >
        {initial && (
          <>
            <circle cx={x - 15} cy={y + height / 2} r={4.5} fill="var(--ink)" />
            <path d={`M${x - 12} ${y + height / 2}h6`} stroke="var(--ink)" strokeWidth="1.5" />
            <path d={head({ x: x - 12, y: y + height / 2 }, { x, y: y + height / 2 }, 7)} fill="var(--ink)" />
          </>
        )}
        <rect
          x={x}
          y={y}
          width={width}
          height={height}
          rx={corner}
          fill={isLit ? hue : 'var(--sheet)'}
          stroke={chosen === id ? 'var(--info)' : count > 0 || isLit ? hue : 'var(--muted)'}
          strokeWidth={chosen === id ? 3.5 : count > 0 || isLit ? 2.5 : 1.2}
          {...(isUndo && { strokeDasharray: '6 4' })}
        />
        {isEnd(state) && (
          <rect
            x={x + 4}
            y={y + 4}
            width={width - 8}
            height={height - 8}
            rx={corner - 3}
            fill="none"
            stroke={isLit ? 'var(--sheet)' : 'var(--muted)'}
          />
        )}
        <text
          x={x + width / 2}
          y={y + height / 2 + 4.5}
          textAnchor="middle"
          fontSize="13"
          fontWeight={isLit ? 700 : 600}
          fill={isLit ? 'var(--on-accent)' : 'var(--ink)'}
        >
          {signed(state)}
        </text>
        {stayed(id) && (
          <>
            <circle cx={x + 2} cy={y + 1} r={9.5} fill="var(--ink)" />
            <text x={x + 2} y={y + 6} textAnchor="middle" fontSize="14" fill="var(--sheet)">
              ↻
            </text>
          </>
        )}
        {count > 1 && (
          <>
            <rect x={x + width - 15} y={y - 9} width={26} height={18} rx={9} fill="var(--ink)" />
            <text
              x={x + width - 2}
              y={y + 4}
              textAnchor="middle"
              fontSize="11"
              fontWeight="700"
              fill="var(--sheet)"
            >
              {`×${count}`}
            </text>
          </>
        )}
      </g>
    )
  }
}

function Arrow({ edge: { id, points }, taken }: { edge: Edge; taken: boolean }) {
  const [before, end] = points.slice(-2)
  if (before === undefined || end === undefined) return null
  const stroke = taken ? 'var(--ink)' : 'var(--muted)'
  return (
    <g data-edge={id} data-taken={taken} opacity={taken ? 1 : 0.85}>
      <path
        d={roundedPath(points)}
        fill="none"
        stroke={stroke}
        strokeWidth={taken ? 3 : 1.2}
        strokeLinejoin="round"
      />
      <path d={head(before, end, taken ? 10 : 7)} fill={stroke} />
    </g>
  )
}

/** What makes a transition happen, in the words of the layout's labels. */
function wordsOf({ event, kind, guard }: Chart['transitions'][number]): string {
  if (kind === 'after') return `after ${event}`
  if (kind === 'always') return guard === null ? 'always' : `[${guard}]`
  return event
}

/**
 * What makes the transitions of an arrow happen; no line may run through it, so all of them are drawn after all lines. Those
 * that were `said` are bold, and stand in the place of the count of the others when they are among those.
 */
function Label({ edge: { label }, said, ground }: { edge: Edge; said: readonly string[]; ground: string }) {
  const isSaid = (line: string) => said.some(words => words.includes(line))
  const unseen = label.lines.some(isSaid) ? undefined : said[0]
  const lines = unseen === undefined ? label.lines : [...label.lines.slice(0, -1), unseen]
  return (
    <g>
      {lines.map((line, place) => (
        <text
          key={line}
          x={label.x + label.width / 2}
          y={label.y + 13 + place * 16}
          textAnchor="middle"
          fontSize="12"
          fontWeight={isSaid(line) ? 700 : 400}
          fill={isSaid(line) ? 'var(--ink)' : 'var(--muted)'}
          {...halo(ground)}
        >
          {line}
        </text>
      ))}
    </g>
  )
}

/** Keeps letters apart from what they lie on. */
function halo(ground: string) {
  return { stroke: ground, strokeWidth: 5, strokeLinejoin: 'round', paintOrder: 'stroke' } as const
}

type Point = Edge['points'][number]

/** Straight stretches with round corners. */
function roundedPath(points: readonly Point[]): string {
  return points
    .map((point, place) => {
      const [before, after] = [points[place - 1], points[place + 1]]
      if (before === undefined) return `M${point.x} ${point.y}`
      if (after === undefined) return `L${point.x} ${point.y}`
      const start = towards(point, before)
      const end = towards(point, after)
      return `L${start.x} ${start.y}Q${point.x} ${point.y} ${end.x} ${end.y}`
    })
    .join('')
}

/** A little way from one point to another. */
function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const share = length === 0 ? 0 : Math.min(7, length / 2) / length
  return { x: tenth(from.x + (to.x - from.x) * share), y: tenth(from.y + (to.y - from.y) * share) }
}

function head(before: Point, end: Point, size: number): string {
  const [x, y] = [Math.sign(end.x - before.x), Math.sign(end.y - before.y)]
  const [baseX, baseY] = [end.x - x * size, end.y - y * size]
  const half = size / 2
  return `M${tenth(end.x)} ${tenth(end.y)}L${tenth(baseX - y * half)} ${tenth(baseY - x * half)}L${tenth(baseX + y * half)} ${tenth(baseY + x * half)}Z`
}

const tenth = (length: number) => Math.round(length * 10) / 10
