import type { Box, ChartEdge, Point } from './chart-layout.ts'

const stepY = 4
const reachY = 80

/**
 * Edges of different stages are laid out without knowing of each other, so that one may run through a label of another. Such a
 * label is moved up or down along its own line, as little as it takes to be clear of other lines, labels and states; one that
 * cannot be cleared stays.
 */
export function clearLabels(edges: readonly ChartEdge[], states: readonly Box[]): ChartEdge[] {
  const cleared = [...edges]
  for (const [place, edge] of edges.entries()) {
    const others = cleared.filter(other => other.id !== edge.id)
    const isClear = (box: Box) =>
      !others.some(({ points, label }) => isCrossed(box, points) || overlap(box, label)) &&
      !states.some(state => overlap(box, state))
    if (isClear(edge.label)) continue
    const label = shifts()
      .map(shift => ({ ...edge.label, y: edge.label.y + shift }))
      .find(moved => isBeside(moved, edge.points) && isClear(moved))
    if (label !== undefined) cleared[place] = { ...edge, label }
  }
  return cleared
}

function shifts(): number[] {
  const steps = Array.from({ length: reachY / stepY }, (_, step) => (step + 1) * stepY)
  return steps.flatMap(step => [step, -step])
}

/** Whether two boxes have anything in common. */
function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** Whether a path of upright and level stretches runs through a box. */
export function isCrossed(box: Box, points: readonly Point[]): boolean {
  return stretches(points).some(stretch => overlap(box, stretch))
}

/** Whether the middle of a label lies at the height of an upright stretch of its own path. */
function isBeside(label: Box, points: readonly Point[]): boolean {
  const middle = label.y + label.height / 2
  return stretches(points).some(
    ({ y, height }) => height > label.height && y <= middle && middle <= y + height,
  )
}

function stretches(points: readonly Point[]): Box[] {
  return points.slice(1).map((end, place) => {
    const start = points[place] ?? end
    const [x, y] = [Math.min(start.x, end.x), Math.min(start.y, end.y)]
    return { x, y, width: Math.abs(start.x - end.x), height: Math.abs(start.y - end.y) }
  })
}
