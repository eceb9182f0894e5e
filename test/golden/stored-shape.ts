/**
 * The form of a JSON value without its content: the names of fields, and what kind of value each has. Of a list, the
 * different forms of its members.
 */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null'
  if (Array.isArray(value)) {
    const shapes = new Set(value.map(member => JSON.stringify(shapeOf(member))))
    return [...shapes].sort().map(shape => JSON.parse(shape) as unknown)
  }
  if (typeof value !== 'object') return typeof value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => [name, shapeOf(member)]),
  )
}
