import type { Patch } from './store.ts'

/**
 * The JSON value that a patch of `patchOf` makes of the one before it. Parts that it does not touch stay the same objects.
 * What it is to be put into is made where it is missing: of an actor whose beginning is not told only changes are known.
 */
export function applyPatch(before: unknown, patch: Patch): unknown {
  let value = before
  for (const change of patch) {
    const [path] = change
    value = path.length === 0 ? change[1] : changed(value, path, change.length === 1, change[1])
  }
  return value
}

function changed(value: unknown, path: Patch[number][0], removes: boolean, to: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined) return to
  if (typeof first === 'number') {
    const items: unknown[] = Array.isArray(value) ? value.slice() : []
    items[first] = changed(items[first], rest, removes, to)
    return items
  }
  const fields: Record<string, unknown> = isRecord(value) ? { ...value } : {}
  if (rest.length === 0 && removes) delete fields[first]
  else fields[first] = changed(fields[first], rest, removes, to)
  return fields
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
