import type { ELK, ElkExtendedEdge, ElkNode, ElkPort } from 'elkjs/lib/elk-api.js'
import type { ChartState, MachineChart } from '../machines/machine-chart.ts'
import { chartColumns } from './chart-columns.ts'
import { groupedTransitions, labelSize, nameWidth } from './chart-edges.ts'
import { clearLabels } from './clear-labels.ts'

/*
 * Where everything of a chart lies. Each state with states in it is laid out by itself, the inner ones first: forward
 * stages run down, stages tagged `compensation` run up beside them, so that each undo lies about where its step does. Each
 * stage at the top has a column, in which the states around it stand above and below it. A transition out of the middle
 * of a stage leaves at the height of its state, through a port in the stage's side.
 */

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Transitions from one state to another, drawn as one arrow. */
export interface ChartEdge {
  /** `from→to` */
  readonly id: string
  readonly from: string
  readonly to: string
  readonly transitions: readonly string[]
  readonly points: readonly Point[]
  readonly label: Box & { readonly lines: readonly string[] }
}

type LaidOutState = ChartState & Box

export interface LaidOutChart extends Omit<MachineChart, 'states'> {
  readonly width: number
  readonly height: number
  readonly states: readonly LaidOutState[]
  readonly edges: readonly ChartEdge[]
}

const stateHeight = 42
const titleHeight = 36
const padding = 20
/** Between arrows that meet the same side of the same state. */
const besideX = 26
const besideY = 10

/** An edge that ends somewhere within a member of what is being laid out. */
interface End {
  readonly port: string
  readonly member: string
  readonly inner: string
  /** Whether the other end comes after it. */
  readonly isAfter: boolean
  /** Whether the edge leads on. */
  readonly isForward: boolean
}

/** Lays a chart out with ELK. All lengths are in pixels of the drawing. */
export async function layOut(elk: Pick<ELK, 'layout'>, chart: MachineChart): Promise<LaidOutChart> {
  const columns = chartColumns(chart)
  const byId = new Map(chart.states.map(state => [state.id, state]))
  const parentOf = (id: string): string | null => byId.get(id)?.parent ?? columns.get(id) ?? null
  const ancestors = (id: string): string[] => {
    const parent = parentOf(id)
    return parent === null ? [id] : [...ancestors(parent), id]
  }
  const membersOf = (parent: string | null): string[] => {
    if (parent !== null || columns.size === 0) {
      return chart.states.filter(({ id }) => parentOf(id) === parent).map(({ id }) => id)
    }
    const tops = chart.states.filter(state => state.parent === null)
    return [...new Set(tops.map(({ id }) => columns.get(id) ?? id))]
  }
  const isCompound = (id: string) => membersOf(id).length > 0
  const edges = groupedTransitions(chart.transitions)
  const placed = new Map<string, Box>()
  const drawn = new Map<string, { points: Point[]; label: Box }>()

  /** Lays out what lies directly in `parent`, with everything in it, from (0, 0); and says how large it is. */
  async function inside(parent: string | null): Promise<{ width: number; height: number }> {
    const depth = parent === null ? 0 : ancestors(parent).length
    const members = membersOf(parent)
    const state = byId.get(parent ?? '')
    const isUndo = members.some(id => byId.get(id)?.tags.includes('compensation'))
    const runsAcross = parent === null
    const children: ElkNode[] = []
    for (const [place, id] of members.entries()) {
      const size = isCompound(id)
        ? await inside(id)
        : { width: nameWidth(byId.get(id)?.name ?? ''), height: stateHeight }
      const isColumn = runsAcross && columns.size > 0
      const layoutOptions = isColumn ? { 'elk.partitioning.partition': String(place) } : {}
      children.push({ id, ...size, ports: [], layoutOptions })
    }
    const order = new Map(members.map((id, place) => [id, place]))
    const ends: End[] = []
    const own: ElkExtendedEdge[] = []
    for (const edge of edges) {
      const [fromPath, toPath] = [ancestors(edge.from), ancestors(edge.to)]
      // An edge belongs to the innermost state that holds both of its ends.
      if (fromPath[depth - 1] !== (parent ?? undefined) || toPath[depth - 1] !== (parent ?? undefined))
        continue
      const [from, to] = [fromPath[depth], toPath[depth]]
      if (from === undefined || to === undefined || from === to) continue
      const isForward = (order.get(from) ?? 0) < (order.get(to) ?? 0)
      const source = meet(from, edge.from, edge.id, isForward, isForward)
      const target = meet(to, edge.to, edge.id, !isForward, isForward)
      own.push({
        id: edge.id,
        sources: [source],
        targets: [target],
        labels: [{ text: edge.id, ...labelSize(edge.lines) }],
      })
    }

    /** An edge meets a state itself, or, where that lies within a member, a port of that member. */
    function meet(member: string, inner: string, edge: string, isAfter: boolean, isForward: boolean): string {
      if (!isCompound(member)) return member
      const port = `${edge}@${member}`
      ends.push({ port, member, inner, isAfter, isForward })
      return port
    }

    for (const node of children) {
      const meeting = ends.filter(({ member }) => member === node.id)
      if (meeting.length === 0) continue
      node.ports = portsOf(node, meeting)
      node.layoutOptions = { ...node.layoutOptions, 'elk.portConstraints': 'FIXED_POS' }
    }

    /**
     * Where edges meet the border of a member. Where a state in it is meant, straight beside that state; where a whole stage
     * is meant, they are spread over its side, but what comes back to a stage meets the height of its title, where no
     * state is.
     */
    function portsOf(node: ElkNode, meeting: readonly End[]): ElkPort[] {
      const { width = 0, height = 0 } = node
      const beside = new Map<string, number>()
      const spread = meeting.filter(end => isCompound(end.inner) && end.isForward && runsAcross)
      return meeting.map(end => {
        const box = offsetIn(node, end.inner)
        const isVertical = !runsAcross && isFree(node, end)
        const isFar = end.isAfter !== (isUndo && !runsAcross)
        const side = isVertical ? (isFar ? 'SOUTH' : 'NORTH') : isFar ? 'EAST' : 'WEST'
        const where = `${side} ${isVertical && isCompound(end.inner) ? (firstOf(end.inner) ?? end.inner) : end.inner}`
        const before = beside.get(where) ?? 0
        beside.set(where, before + 1)
        const port = { id: end.port, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } }
        if (isVertical) {
          const met = offsetIn(node, isCompound(end.inner) ? (firstOf(end.inner) ?? end.inner) : end.inner)
          return { ...port, x: met.x + met.width / 2 + sideBySide(before, besideX), y: isFar ? height : 0 }
        }
        const x = isFar ? width : 0
        if (!isCompound(end.inner)) {
          return { ...port, x, y: box.y + box.height / 2 + sideBySide(before, besideY) }
        }
        if (!spread.includes(end)) return { ...port, x, y: box.y + besideY * (before + 1) }
        const same = spread.filter(({ inner, isAfter }) => inner === end.inner && isAfter === end.isAfter)
        const share = (same.indexOf(end) + 0.5) / same.length
        return { ...port, x, y: box.y + titleHeight + (box.height - titleHeight) * share }
      })
    }

    /** Whether nothing lies between a state and the border of the member it is in, up or down. */
    function isFree(node: ElkNode, { inner, isAfter }: End): boolean {
      if (isCompound(inner)) return true
      const box = offsetIn(node, inner)
      const isDown = isAfter !== isUndo
      return !chart.states.some(({ id }) => {
        if (id === inner || isCompound(id) || !ancestors(id).includes(node.id)) return false
        const other = offsetIn(node, id)
        const isBetween = isDown ? other.y >= box.y + box.height : other.y < box.y
        return isBetween && other.x < box.x + box.width && box.x < other.x + other.width
      })
    }

    /** The state that a stage begins with. */
    function firstOf(stage: string): string | undefined {
      return chart.states.find(({ parent: around, initial }) => around === stage && initial)?.id
    }

    /** Where a state lies within the member it is somewhere in. */
    function offsetIn(node: ElkNode, inner: string): Box {
      if (inner === node.id) return { x: 0, y: 0, width: node.width ?? 0, height: node.height ?? 0 }
      const { x, y, width, height } = boxOf(inner)
      let [left, up] = [x, y]
      for (let above = parentOf(inner); above !== null && above !== node.id; above = parentOf(above)) {
        const box = boxOf(above)
        left += box.x
        up += box.y
      }
      return { x: left, y: up, width, height }
    }

    const isColumn = parent !== null && state === undefined
    const top = state === undefined ? (isColumn ? 0 : padding) : titleHeight + 10
    const rest = isColumn ? 0 : padding
    // Beneath the steps of a lane of undoing stands a line that says so.
    const bottom = state !== undefined && isUndo ? rest + 12 : rest
    const laid: ElkNode = await elk.layout({
      id: parent ?? chart.id,
      children,
      edges: own,
      layoutOptions: {
        'elk.algorithm': 'layered',
        'elk.direction': runsAcross ? 'RIGHT' : isUndo ? 'UP' : 'DOWN',
        'elk.edgeRouting': 'ORTHOGONAL',
        'elk.partitioning.activate': String(runsAcross),
        'elk.padding': `[top=${top},left=${rest},bottom=${bottom},right=${rest}]`,
        'elk.spacing.nodeNode': '32',
        'elk.layered.spacing.nodeNodeBetweenLayers': runsAcross ? '34' : '26',
        'elk.spacing.edgeNode': '20',
        'elk.spacing.edgeEdge': '14',
        'elk.spacing.edgeLabel': '4',
        'elk.layered.spacing.edgeEdgeBetweenLayers': '14',
        'elk.layered.spacing.edgeNodeBetweenLayers': '16',
        'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
        'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
        'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
        'elk.edgeLabels.inline': 'false',
      },
    })
    for (const { id, x = 0, y = 0, width = 0, height = 0 } of laid.children ?? []) {
      placed.set(id, { x, y, width, height })
    }
    for (const { id, sections = [], labels = [] } of laid.edges ?? []) {
      const [section] = sections
      if (section === undefined) continue
      const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]
      const [{ x = 0, y = 0, width = 0, height = 0 } = {}] = labels
      drawn.set(id, { points, label: { x, y, width, height } })
    }
    const width = Math.max(laid.width ?? 0, state === undefined ? 0 : nameWidth(state.name) + 2 * padding)
    return { width, height: laid.height ?? 0 }
  }

  function boxOf(id: string): Box {
    const box = placed.get(id)
    if (box === undefined) throw new Error(`State ${id} was not laid out`)
    return box
  }

  const { width, height } = await inside(null)

  /** Where a state lies in the whole drawing. */
  function absolute(id: string): Box {
    const box = boxOf(id)
    const parent = parentOf(id)
    const around = parent === null ? { x: 0, y: 0 } : absolute(parent)
    return { ...box, x: around.x + box.x, y: around.y + box.y }
  }

  const laidOutEdges = edges.flatMap(({ id, from, to, transitions, lines }): ChartEdge[] => {
    const found = drawn.get(id)
    if (found === undefined) return []
    const common = ancestors(from).findLast(
      above => above !== from && ancestors(to).includes(above) && above !== to,
    )
    const { x, y } = common === undefined ? { x: 0, y: 0 } : absolute(common)
    const points = found.points.map(point => ({ x: point.x + x, y: point.y + y }))
    const ends = [straightFrom(points[0], absolute(from)), straightFrom(points.at(-1), absolute(to))] as const
    const label = rounded({ ...found.label, x: found.label.x + x, y: found.label.y + y })
    const path = [...ends[0], ...points, ...ends[1]].map(point => ({ x: round(point.x), y: round(point.y) }))
    return [{ id, from, to, transitions, points: path, label: { ...label, lines } }]
  })
  const leaves = chart.states.filter(({ id }) => !isCompound(id)).map(({ id }) => absolute(id))
  return {
    ...chart,
    width,
    height,
    states: chart.states.map(state => ({ ...state, ...rounded(absolute(state.id)) })),
    edges: clearLabels(laidOutEdges, leaves),
  }
}

/** From the border of the stage, where a path begins or ends, straight to the side of the state that is meant. */
function straightFrom(end: Point | undefined, box: Box): Point[] {
  if (end === undefined) return []
  if (end.x > box.x + box.width + 1) return [{ x: box.x + box.width, y: end.y }]
  if (end.x < box.x - 1) return [{ x: box.x, y: end.y }]
  if (end.y > box.y + box.height + 1) return [{ x: end.x, y: box.y + box.height }]
  if (end.y < box.y - 1) return [{ x: end.x, y: box.y }]
  return []
}

/** 0, then to either side in turn. */
function sideBySide(before: number, apart: number): number {
  return (before % 2 === 1 ? 1 : -1) * apart * Math.ceil(before / 2)
}

const round = (length: number) => Math.round(length * 10) / 10

function rounded({ x, y, width, height }: Box): Box {
  return { x: round(x), y: round(y), width: round(width), height: round(height) }
}
