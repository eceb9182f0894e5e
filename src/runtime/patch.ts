import type { Patch } from './store.ts'

type Path = readonly (string | number)[]

/**
 * What changed between two JSON values that share what did not: parts that are the same object are not looked into, so
 * the cost goes with the size of the change and of the arrays around it.
 */
export function patchOf(before: unknown, after: unknown): Patch {
  const patch: (readonly [Path, unknown?])[] = []
  compare(before, after, [], patch)
  return patch
}

function compare(before: unknown, after: unknown, path: Path, patch: (readonly [Path, unknown?])[]): void {
  if (Object.is(before, after)) return
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (let index = 0; index < after.length; index += 1) {
      if (before[index] !== after[index]) compare(before[index], after[index], [...path, index], patch)
    }
    return
  }
  if (!isRecord(before) || !isRecord(after)) {
    patch.push([path, after])
    return
  }
  for (const name of Object.keys(after)) compare(before[name], after[name], [...path, name], patch)
  for (const name of Object.keys(before)) if (!(name in after)) patch.push([[...path, name]])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
