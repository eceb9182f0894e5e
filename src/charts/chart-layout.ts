import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js'
import type { ChartState, ChartTransition, MachineChart } from '../machines/machine-chart.ts'

/*
 * Where everything of a chart lies. Each state with states in it is laid out by itself, the inner ones first: forward
 * stages run down, stages tagged `compensation` run up beside them, so that each undo lies about where its step does. A
 * transition out of the middle of a stage leaves at the height of its state, through a port in the stage's side.
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

export type LaidOutState = ChartState & Box

export interface LaidOutChart extends Omit<MachineChart, 'states'> {
  readonly width: number
  readonly height: number
  readonly states: readonly LaidOutState[]
  readonly edges: readonly ChartEdge[]
}

const rowHeight = 16
const letterWidth = 6.3
const stateHeight = 40
const titleHeight = 34
const padding = 22
const linesMax = 3

const textWidth = (text: string) => Math.ceil(text.length * letterWidth)

/** Lays a chart out with ELK. All lengths are in pixels of the drawing. */
export async function layOut(elk: Pick<ELK, 'layout'>, chart: MachineChart): Promise<LaidOutChart> {
  const byId = new Map(chart.states.map(state => [state.id, state]))
  const ancestors = (id: string): string[] => {
    const parent = byId.get(id)?.parent ?? null
    return parent === null ? [id] : [...ancestors(parent), id]
  }
  const isCompound = (id: string) => chart.states.some(({ parent }) => parent === id)
  const edges = grouped(chart.transitions)
  const placed = new Map<string, Box>()
  const drawn = new Map<string, { points: Point[]; label: Box }>()
  /** The state that a port stands for. */
  const meant = new Map<string, string>()

  /** Lays out what lies directly in `parent`, with everything in it, from (0, 0); and says how large it is. */
  async function inside(parent: string | null): Promise<{ width: number; height: number }> {
    const depth = parent === null ? 0 : ancestors(parent).length
    const members = chart.states.filter(state => state.parent === parent)
    const children: ElkNode[] = []
    for (const state of members) {
      const size = isCompound(state.id)
        ? await inside(state.id)
        : { width: Math.max(120, textWidth(state.name) + 44), height: stateHeight }
      children.push({ id: state.id, ...size, ports: [], layoutOptions: {} })
    }
    const order = new Map(members.map(({ id }, place) => [id, place]))
    const own: ElkExtendedEdge[] = []
    for (const edge of edges) {
      const [fromPath, toPath] = [ancestors(edge.from), ancestors(edge.to)]
      // An edge belongs to the innermost state that holds both of its ends.
      if (fromPath[depth - 1] !== (parent ?? undefined) || toPath[depth - 1] !== (parent ?? undefined))
        continue
      const [from, to] = [fromPath[depth], toPath[depth]]
      if (from === undefined || to === undefined || from === to) continue
      const forward = (order.get(from) ?? 0) < (order.get(to) ?? 0)
      const source = portOf(from, edge.from, edge.id, forward)
      const target = portOf(to, edge.to, edge.id, !forward)
      const { width, height } = labelSize(edge.lines)
      own.push({
        id: edge.id,
        sources: [source],
        targets: [target],
        labels: [{ text: edge.id, width, height }],
      })
    }

    /**
     * Where an edge meets what lies here. A stage is met through a port in its side: at the height of the state in it that is
     * meant, or, where the stage itself is meant, anywhere; those are spread over its side below.
     */
    function portOf(stage: string, inner: string, edge: string, right: boolean): string {
      const node = children.find(({ id }) => id === stage)
      if (node === undefined || !isCompound(stage)) return stage
      const id = `${edge}@${stage}`
      const x = right ? (node.width ?? 0) : 0
      const isStage = stage === inner
      const besides = (node.ports ?? []).filter(port => port.x === x && meant.get(port.id) === inner).length
      const y = isStage
        ? 0
        : offsetIn(stage, inner).y + (placed.get(inner)?.height ?? 0) / 2 + sideBySide(besides)
      meant.set(id, inner)
      const side = right ? 'EAST' : 'WEST'
      node.ports?.push({ id, x, y, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } })
      node.layoutOptions = { 'elk.portConstraints': 'FIXED_POS' }
      return id
    }

    /** Where a state lies within the stage it is somewhere in. */
    function offsetIn(stage: string, inner: string): Point {
      let { x, y } = placed.get(inner) ?? { x: 0, y: 0 }
      let above = byId.get(inner)?.parent ?? null
      while (above !== null && above !== stage) {
        const box = placed.get(above)
        x += box?.x ?? 0
        y += box?.y ?? 0
        above = byId.get(above)?.parent ?? null
      }
      return { x, y }
    }

    for (const node of children) {
      for (const x of [0, node.width ?? 0]) {
        const spread = (node.ports ?? []).filter(port => port.x === x && meant.get(port.id) === node.id)
        for (const [place, port] of spread.entries()) {
          port.y = titleHeight + (((node.height ?? 0) - titleHeight) * (place + 0.5)) / spread.length
        }
      }
    }

    const isUndo = parent !== null && byId.get(parent)?.tags.includes('compensation') === true
    const laid: ElkNode = await elk.layout({
      id: parent ?? chart.id,
      children,
      edges: own,
      layoutOptions: {
        'elk.algorithm': 'layered',
        'elk.direction': parent === null ? 'RIGHT' : isUndo ? 'UP' : 'DOWN',
        'elk.edgeRouting': 'ORTHOGONAL',
        'elk.padding': `[top=${parent === null ? padding : titleHeight + 8},left=${padding},bottom=${padding},right=${padding}]`,
        'elk.spacing.nodeNode': '36',
        'elk.layered.spacing.nodeNodeBetweenLayers': parent === null ? '44' : '30',
        'elk.spacing.edgeNode': '22',
        'elk.spacing.edgeEdge': '16',
        'elk.spacing.edgeLabel': '4',
        'elk.layered.spacing.edgeEdgeBetweenLayers': '16',
        'elk.layered.spacing.edgeNodeBetweenLayers': '18',
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
    const name = parent === null ? '' : (byId.get(parent)?.name ?? '')
    return { width: Math.max(laid.width ?? 0, textWidth(name) + 2 * padding + 40), height: laid.height ?? 0 }
  }

  const { width, height } = await inside(null)

  /** Where a state lies in the whole drawing. */
  function absolute(id: string): Box {
    const box = placed.get(id)
    if (box === undefined) throw new Error(`State ${id} was not laid out`)
    const parent = byId.get(id)?.parent ?? null
    const around = parent === null ? { x: 0, y: 0 } : absolute(parent)
    return { ...box, x: around.x + box.x, y: around.y + box.y }
  }

  return {
    ...chart,
    width,
    height,
    states: chart.states.map(state => ({ ...state, ...rounded(absolute(state.id)) })),
    edges: edges.flatMap(({ id, from, to, transitions, lines }) => {
      const found = drawn.get(id)
      if (found === undefined) return []
      const common = ancestors(from).findLast(
        above => above !== from && ancestors(to).includes(above) && above !== to,
      )
      const { x, y } = common === undefined ? { x: 0, y: 0 } : absolute(common)
      const points = found.points.map(point => ({ x: point.x + x, y: point.y + y }))
      const ends = [
        straightFrom(points[0], absolute(from)),
        straightFrom(points.at(-1), absolute(to)),
      ] as const
      const label = rounded({ ...found.label, x: found.label.x + x, y: found.label.y + y })
      const path = [...ends[0], ...points, ...ends[1]].map(point => ({
        x: round(point.x),
        y: round(point.y),
      }))
      return { id, from, to, transitions, points: path, label: { ...label, lines } }
    }),
  }
}

/** From the border of the stage, where a path begins or ends, straight to the side of the state that is meant. */
function straightFrom(end: Point | undefined, box: Box): Point[] {
  if (end === undefined) return []
  if (end.x > box.x + box.width + 1) return [{ x: box.x + box.width, y: end.y }]
  if (end.x < box.x - 1) return [{ x: box.x, y: end.y }]
  return []
}

function sideBySide(before: number): number {
  return before === 0 ? 0 : (before % 2 === 1 ? 1 : -1) * 9 * Math.ceil(before / 2)
}

interface Grouped {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly transitions: readonly string[]
  readonly lines: readonly string[]
}

/** The transitions between two states, as one arrow with a line for each event. Those that stay are no arrows. */
function grouped(transitions: readonly ChartTransition[]): Grouped[] {
  const groups = new Map<string, ChartTransition[]>()
  for (const transition of transitions) {
    if (transition.to === transition.from) continue
    const id = `${transition.from}→${transition.to}`
    groups.set(id, [...(groups.get(id) ?? []), transition])
  }
  return [...groups].map(([id, members]) => {
    const events = [...new Set(members.map(lineOf))]
    const lines =
      events.length > linesMax
        ? [...events.slice(0, linesMax - 1), `+ ${events.length - linesMax + 1}`]
        : events
    const [{ from, to }] = members as [ChartTransition]
    return { id, from, to, transitions: members.map(member => member.id), lines }
  })
}

/** What makes a transition happen, in a few letters. */
function lineOf({ event, kind, guard }: ChartTransition): string {
  if (kind === 'after') return `after ${event}`
  if (kind === 'always') return guard === null ? 'always' : `[${guard}]`
  return event
}

function labelSize(lines: readonly string[]) {
  return { width: Math.max(...lines.map(textWidth)) + 8, height: lines.length * rowHeight + 2 }
}

const round = (length: number) => Math.round(length * 10) / 10

function rounded({ x, y, width, height }: Box): Box {
  return { x: round(x), y: round(y), width: round(width), height: round(height) }
}
