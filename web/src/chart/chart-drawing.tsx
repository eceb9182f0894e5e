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
}

const corner = 10

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
}: ChartDrawingProps) {
  const { width, height, states, edges } = chart
  const isStage = (id: string) => states.some(({ parent }) => parent === id)
  const isTaken = (edge: Edge) => edge.transitions.some(id => taken.has(id))
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
      {states.filter(({ id }) => isStage(id)).map(stage)}
      {inOrder.map(edge => (
        <Arrow key={edge.id} edge={edge} taken={isTaken(edge)} />
      ))}
      {inOrder.map(edge => (
        <Label key={edge.id} edge={edge} taken={isTaken(edge)} />
      ))}
      {states.filter(({ id }) => !isStage(id)).map(leaf)}
    </svg>
  )

  function stage(state: State) {
    const { id, x, y, width, height, name } = state
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
        <text
          x={x + 14}
          y={y + 22}
          fontWeight="700"
          fontSize="13"
          fill={isUndo ? 'var(--undo)' : 'var(--ink)'}
        >
          {isUndo ? `↩ ${name}` : name}
        </text>
      </g>
    )
  }

  function leaf(state: State) {
    const { id, x, y, width, height, name, initial, type } = state
    const isUndo = state.tags.includes('compensation')
    const isLit = lit.includes(id)
    const count = visits.get(id) ?? 0
    const hue = isUndo ? 'var(--undo)' : 'var(--accent)'
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
        {initial && <circle cx={x - 9} cy={y + 7} r={4} fill="var(--muted)" />}
        {initial && <path d={`M${x - 7} ${y + 7}h7`} stroke="var(--muted)" strokeWidth="1.5" />}
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
        {type === 'final' && (
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
          fontWeight={isLit ? 700 : 600}
          fill={isLit ? 'var(--on-accent)' : 'var(--ink)'}
        >
          {isUndo ? `↩ ${name}` : name}
        </text>
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
    <g data-edge={id} data-taken={taken} opacity={taken ? 1 : 0.75}>
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

/** What makes a transition happen; no line may run through it, so all of them are drawn after all lines. */
function Label({ edge: { label }, taken }: { edge: Edge; taken: boolean }) {
  return (
    <g opacity={taken ? 1 : 0.85}>
      {label.lines.map((line, place) => (
        <text
          key={line}
          x={label.x + label.width / 2}
          y={label.y + 13 + place * 16}
          textAnchor="middle"
          fontSize="11"
          fontWeight={taken ? 600 : 400}
          fill={taken ? 'var(--ink)' : 'var(--muted)'}
          stroke="var(--halo, var(--sheet))"
          strokeWidth="4"
          strokeLinejoin="round"
          paintOrder="stroke"
        >
          {line}
        </text>
      ))}
    </g>
  )
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
